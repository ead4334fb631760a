"""The catalog: the functions, actions and fields that the compiler is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..dsl import ast


class FaultDescription(Protocol):
    """What is wrong with a literal argument."""

    @property
    def message(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int | None: ...


class ParameterSignature(Protocol):
    """One parameter of a function."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def default(self) -> str | None: ...
    @property
    def variadic(self) -> bool: ...
    @property
    def fault(self) -> Callable[[Any], FaultDescription | None] | None: ...


class FunctionSignature(Protocol):
    """A function of the language."""

    @property
    def name(self) -> str: ...
    @property
    def parameters(self) -> tuple[ParameterSignature, ...]: ...
    @property
    def returns(self) -> str: ...
    @property
    def call(self) -> Callable[..., Any]: ...
    @property
    def fails(self) -> bool: ...
    @property
    def absence(self) -> Callable[[], FaultDescription | None] | None: ...


class TotalSchema(Protocol):
    """When the value of a field is the total of several units, and not the price of one."""

    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def field(self) -> str: ...
    @property
    def count(self) -> str: ...


class FieldSchema(Protocol):
    """A field of an action, or a key of an object field."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def nullable(self) -> bool: ...
    @property
    def visible(self) -> bool: ...
    @property
    def multiple(self) -> bool: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def fields(self) -> tuple[FieldSchema, ...]: ...
    @property
    def open(self) -> bool: ...
    @property
    def role(self) -> str: ...
    @property
    def switches(self) -> tuple[str, ...]: ...
    @property
    def positive(self) -> bool: ...
    @property
    def total(self) -> TotalSchema | None: ...
    @property
    def ours(self) -> bool: ...


class OperationsSchema(Protocol):
    """The operations that properties may hold instead of plain values."""

    @property
    def sign(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def nearest(self) -> Callable[[str], str | None]: ...
    @property
    def numeric(self) -> frozenset[str]: ...
    @property
    def whole(self) -> frozenset[str]: ...


class WriteSchema(Protocol):
    """A field that becomes an operation on properties."""

    @property
    def field(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def prefix(self) -> str: ...


class ActionSchema(Protocol):
    """An action of a destination."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def trigger(self) -> str: ...
    @property
    def ours(self) -> bool: ...
    @property
    def fields(self) -> tuple[FieldSchema, ...]: ...
    @property
    def sends(self) -> str: ...
    @property
    def identity(self) -> tuple[str, ...]: ...
    @property
    def plain(self) -> tuple[str, ...]: ...
    @property
    def operations(self) -> tuple[WriteSchema, ...]: ...
    @property
    def unused(self) -> frozenset[str]: ...
    @property
    def control_fields(self) -> tuple[str, ...]: ...


class DestinationUnusable(Exception):
    """Raised for a destination that is installed and cannot be used; the text says why."""


class OptOutSchema(Protocol):
    """What opts an event out of a destination."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def categories(self) -> tuple[str, ...]: ...
    @property
    def consent(self) -> tuple[str, ...]: ...
    @property
    def reason(self) -> Callable[[dict[str, Any]], str | None]: ...


def _no_opt_outs(settings: tuple[tuple[str, Any], ...]) -> OptOutSchema | None:
    return None


@dataclass(frozen=True, slots=True)
class DestinationSchema:
    """A destination: its actions, what `use defaults` means for each, and its settings."""

    name: str
    title: str
    actions: Mapping[str, ActionSchema]
    defaults: Callable[[str], ast.Defaults | None]
    """The defaults of an action, by its name; read when first asked for."""
    settings: tuple[str, ...]
    """Names that `settings { … }` may hold."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values that a setting may have, by its name, for those that have a few."""
    setting_problem: Callable[[str, Any], str | None] = lambda name, value: None
    """What is wrong with the value of one of the settings: mostly `expected …`; None if nothing is."""
    secrets: tuple[str, ...] = ()
    """Names of settings that must not be in a file."""
    operations: OperationsSchema | None = None
    """The operations that properties may hold."""
    lists: tuple[str, ...] = ()
    """The settings that are lists of texts, by name."""
    deduplicates_by: str | None = None
    """The field by which it recognizes what it has seen; None where it recognizes nothing."""
    integrations: tuple[str, ...] = ()
    """Its keys in an event's `integrations` object, by which an event opts out of it."""
    opt_outs: Callable[[tuple[tuple[str, Any], ...]], OptOutSchema | None] = _no_opt_outs
    """What opts an event out, by the settings of a rule file; equal settings give the same object."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The functions and destinations that rules are checked and compiled with."""

    functions: Mapping[str, FunctionSignature]
    destinations: Mapping[str, DestinationSchema] = field(default_factory=dict)

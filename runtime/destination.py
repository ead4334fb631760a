"""What a destination declares: its actions, its settings, and where the rule files that belong to it are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..frozen import dataclass
from .action import Action, Operations
from .opt_outs import OptOuts
from .outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from .delivery.adapter import Delivery
    from .mapping.compiled import CompiledProgram

PLACEHOLDER = "API_KEY"
"""Replaces each secret in a mapper that needs none: mapping does not, and sending takes it from the environment."""


class Variable(NamedTuple):
    """An environment variable that a setting comes from where nothing else gives it."""

    name: str
    setting: str
    needed_by: str = ""
    """The command that cannot work without it."""


class MapsEvents(Protocol):
    """A mapper, or one with a stage before it."""

    @property
    def settings(self) -> Any: ...
    def __call__(self, event: dict[str, Any]) -> Outcome: ...
    def map_bytes(self, line: bytes) -> Outcome: ...


class InspectableMapper(MapsEvents, Protocol):
    """A mapper that also says what it would do with an event, as `Mapper` does."""

    @property
    def program(self) -> CompiledProgram: ...
    def opted_out(self, event: dict[str, Any]) -> str | None: ...
    def taken_by(self, event: dict[str, Any]) -> tuple[int, ...]: ...


class Enriches(Protocol):
    """A stage that gives events what their sessions add."""

    def enrich(self, event: dict[str, Any]) -> list[dict[str, Any]]: ...


class SessionStages(Protocol):
    """Sessions as a destination counts them; `named` is one of its own sets of session rules.

    Each raises ValueError where the rules do not say how to count sessions, and for an unknown name.
    """

    def staged(self, mapper: InspectableMapper, file: str | Path, named: str | None = None) -> MapsEvents:
        """The mapper with sessions before it, kept in a file, or in memory for `-`."""
        ...

    def keeping(self, file: str | Path, named: str | None = None) -> Callable[[InspectableMapper], MapsEvents]:
        """What puts the same sessions before one mapper after another, for rules that change while events come."""
        ...

    def single_stage(self, mapper: InspectableMapper, named: str | None = None) -> Enriches:
        """A stage that knows no session yet, for commands that look at single events."""
        ...


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination, as the catalog knows it."""

    name: str
    """As rule files name it after `destination`."""
    title: str
    actions: Mapping[str, Action]
    """By the name after `->`, which is Segment's own."""
    settings: Callable[[Mapping[str, Any]], Any]
    """Makes the destination's own object from settings by Segment's keys; those not given come from the environment.

    Raises ValueError, whose text names what is wrong and shows no secret.
    """
    setting_names: frozenset[str] = frozenset()
    """The keys of all settings."""
    setting_choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values that a setting may have, by its key, for those that have a few."""
    setting_problem: Callable[[str, Any], str | None] = lambda name, value: None
    """What is wrong with the value of a setting, by its key; None if nothing is. Does not show the value, which may be
    a secret."""
    secrets: frozenset[str] = frozenset()
    """The keys of the settings that must never be written into a rule file."""
    limits: Mapping[str, str] = field(default_factory=dict)
    """What the destination does not accept and is refused with checks on: a sentence by the code of the failure."""
    operations: Operations | None = None
    """The operations that properties may hold; None where the destination has none."""
    integrations: tuple[str, ...] = ()
    """Its keys in an event's `integrations` object."""
    opt_outs: Callable[[Any], OptOuts | None] = lambda settings: None
    """What opts an event out, by the destination's settings object; None where nothing does."""
    setting_lists: frozenset[str] = frozenset()
    """The keys of the settings that are lists of texts."""
    setting_descriptions: Mapping[str, str] = field(default_factory=dict)
    """What each setting is for, by its key, in the order of the reference page."""
    environment: tuple[Variable, ...] = ()
    """The variables that settings come from where nothing else gives them."""
    rules: str = ""
    """The folder of its rule files as `package/folder`: `defaults/<action>.rules` is there. Empty: it has none."""
    delivery: Callable[[], Delivery] | None = None
    """Imports what sends its requests; None for a destination that is only mapped to."""
    sessions: Callable[[], SessionStages] | None = None
    """Imports what counts sessions; None for a destination that has none."""
    deduplicates_by: str | None = None
    """The name of the field by which it recognizes what it has seen; None if it recognizes nothing. Each mapping that
    sends for one event has its own value."""
    deduplicates_for: float | None = None
    """Seconds for which it counts a part once, however often it is sent; None if it counts every part that is sent."""
    guide: Callable[[], str] | None = None
    """What no declaration says, as Markdown: the beginning of its reference page."""

    def recognizes_by(self, action: Action) -> str | None:
        """The field of an action by which the destination recognizes what it has seen; None where it has none."""
        return self.deduplicates_by if any(field.name == self.deduplicates_by for field in action.fields) else None

"""Makes the catalog for the compiler from the functions and destinations of the runtime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from ..compiler.catalog import Catalog, DestinationSchema, DestinationUnusable
from ..compiler.resolve.settings import is_secret
from ..dsl import ast
from ..dsl.rule_error import RuleError
from ..dsl.source import Source
from ..dsl.syntax.known_names import KnownNames
from ..dsl.syntax.parser import keep_tables_in
from ..dsl.syntax.reader import read_file
from ..runtime.destination import Destination
from ..runtime.destinations import DESTINATIONS, BrokenDestination
from ..runtime.functions import FUNCTIONS
from ..runtime.opt_outs import OptOuts
from ..runtime.settings import is_given
from .cache import GrammarTables

keep_tables_in(GrammarTables())


@cache
def catalog() -> Catalog:
    """The catalog of all functions and of all installed destinations."""
    return Catalog(FUNCTIONS, _Schemas())


def schema_of(destination: str) -> DestinationSchema | None:
    """The schema of a destination; None if it is unknown or cannot be used, which the check reports."""
    try:
        return catalog().destinations.get(destination)
    except DestinationUnusable:
        return None


class _Schemas(Mapping[str, DestinationSchema]):
    """The schema of each destination, which is imported when it is asked for."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Destination, DestinationSchema]] = {}

    def __getitem__(self, name: str) -> DestinationSchema:
        try:
            destination = DESTINATIONS[name]
        except BrokenDestination as error:
            raise DestinationUnusable(str(error)) from error
        # The compiler keeps results by identity, so one destination has one schema.
        known = self._known.get(name)
        if known is None or known[0] is not destination:
            known = self._known[name] = (destination, _facts(destination))
        return known[1]

    def __iter__(self) -> Iterator[str]:
        return iter(DESTINATIONS)

    def __len__(self) -> int:
        return len(DESTINATIONS)

    def __contains__(self, name: object) -> bool:
        return name in DESTINATIONS


@cache
def _fields_of(action: str) -> frozenset[str]:
    """The names of the fields of an action in any destination; for an unknown action, those of all actions."""
    actions = [known for destination in DESTINATIONS.values() for known in destination.actions.values()]
    named_actions = [known for known in actions if known.name == action] or actions
    return frozenset(field.name for known in named_actions for field in known.fields)


@cache
def _setting_names() -> frozenset[str]:
    return frozenset(name for known in DESTINATIONS.values() for name in known.setting_names - known.secrets)


@cache
def _is_secret(name: str) -> bool:
    return any(is_secret(name, known) for known in catalog().destinations.values())


KNOWN_NAMES = KnownNames(_fields_of, _setting_names, _is_secret)
"""What reading a rule file may ask of the catalog."""


def _facts(destination: Destination) -> DestinationSchema:
    @cache
    def defaults(action: str) -> ast.Defaults | None:
        return _defaults(destination.rules, action)

    @cache
    def opt_outs(settings: tuple[tuple[str, Any], ...]) -> OptOuts | None:
        try:
            return destination.opt_outs(destination.settings(dict(settings)))
        except ValueError:
            return None  # the settings themselves are refused elsewhere

    with_variable = {variable.setting for variable in destination.environment}

    def setting_problem(name: str, value: Any) -> str | None:
        return destination.setting_problem(name, value) if name not in with_variable or is_given(value) else None

    return DestinationSchema(
        destination.name,
        destination.title,
        destination.actions,
        defaults,
        tuple(sorted(destination.setting_names - destination.secrets)),
        destination.setting_choices,
        setting_problem,
        tuple(sorted(destination.secrets)),
        destination.operations,
        tuple(sorted(destination.setting_lists)),
        destination.deduplicates_by,
        destination.integrations,
        opt_outs,
    )


def _defaults(folder: str, action: str) -> ast.Defaults | None:
    """What `use defaults` means for an action, from the rule file of its name."""
    package, _, inner = folder.partition("/")
    if not package:
        return None
    name = f"{inner}/defaults/{action}.rules"
    file = resources.files(package).joinpath(name)
    if not file.is_file():
        return None
    tree, diagnostics = read_file(Source(name, file.read_text(encoding="utf-8")))
    if diagnostics:
        raise RuleError(diagnostics)
    return next((item for item in tree.items if isinstance(item, ast.Defaults) and item.action == action), None)

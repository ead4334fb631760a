"""The catalog: the runtime's functions and destinations, handed to the compiler, which knows none of them by itself."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from .compiler.catalog import Catalog, DestinationSchema
from .dsl import ast
from .dsl.diagnostics.diagnostic import RuleError
from .dsl.source import Source
from .dsl.syntax.reader import read_file
from .runtime.destination import Destination
from .runtime.destinations import DESTINATIONS
from .runtime.functions import FUNCTIONS
from .runtime.opt_outs import OptOuts


@cache
def catalog() -> Catalog:
    """Everything that is installed."""
    return Catalog(FUNCTIONS, {name: _facts(destination) for name, destination in DESTINATIONS.items()})


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

    return DestinationSchema(
        destination.name,
        destination.title,
        destination.actions,
        defaults,
        tuple(sorted(destination.setting_names - destination.secrets)),
        destination.setting_choices,
        tuple(sorted(destination.secrets)),
        destination.operations,
        tuple(sorted(destination.setting_lists)),
        destination.integrations,
        opt_outs,
    )


def _defaults(folder: str, action: str) -> ast.Defaults | None:
    """What `use defaults` means for an action, from the rule file of its name."""
    name = f"{folder}/defaults/{action}.rules"
    file = resources.files(f"{__package__}.rules").joinpath(name)
    if not file.is_file():
        return None
    tree, diagnostics = read_file(Source(name, file.read_text(encoding="utf-8")))
    if diagnostics:
        raise RuleError(diagnostics)
    return next((item for item in tree.items if isinstance(item, ast.Defaults) and item.action == action), None)

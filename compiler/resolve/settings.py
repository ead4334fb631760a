"""Checks the settings of a rule file: their names and values."""

from __future__ import annotations

from contextlib import suppress

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Label, near
from ...dsl.diagnostics.secrets import secret
from ...dsl.source import Span
from .. import ir
from ..catalog import Catalog, DestinationSchema, DestinationUnusable


def set_settings(
    settings: dict[str, ast.Entry],
    entries: tuple[ast.Entry, ...],
    destination: DestinationSchema | None,
    catalog: Catalog,
    diagnostics: list[Diagnostic],
) -> None:
    """Adds the entries of one block to the settings of earlier blocks, and reports wrong ones."""
    for entry in entries:
        if destination is not None:
            problem = _problem(entry, destination)
        else:
            problem = secret(entry.key, entry.span) if is_secret_of_any(entry.key, catalog) else None
        first = settings.setdefault(entry.key, entry)
        if problem is not None:
            diagnostics.append(problem)
        elif first is not entry:
            message, labels = f"`{entry.key}` is set twice", (Label(first.span, "the first"),)
            diagnostics.append(Diagnostic("RW0109", message, entry.span, others=labels, help=("take one out",)))


def setting_value(value: ast.Expression) -> ir.Setting | ast.Expression:
    """The plain value of a setting, or the plain values of a list; the expression itself where it is neither."""
    if isinstance(value, ast.Literal):
        return value.value
    if isinstance(value, ast.List) and all(isinstance(item, ast.Literal) for item in value.items):
        return tuple(item.value for item in value.items if isinstance(item, ast.Literal))
    return value


def _problem(entry: ast.Entry, destination: DestinationSchema) -> Diagnostic | None:
    """Problems of a single setting."""
    choices = destination.choices.get(entry.key, ())
    if is_secret(entry.key, destination):
        return secret(entry.key, entry.span)
    if entry.key not in destination.settings:
        return unknown_setting(entry.key, destination, entry.span)
    value = setting_value(entry.value)
    if entry.key in destination.lists:
        if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
            return None
        help_ = f'write `{entry.key} = ["first", "second"]`'
        return Diagnostic("RW0306", f"`{entry.key}` needs a list of texts", entry.value.span, help=(help_,))
    if not isinstance(entry.value, ast.Literal):
        return Diagnostic("RW0306", f"`{entry.key}` needs a plain value", entry.value.span)
    if choices and value not in choices:
        message, help_ = f"`{entry.key}` cannot be `{entry.value.span.text}`", f"write one of: {', '.join(choices)}"
        return Diagnostic("RW0305", message, entry.value.span, help=(help_,))
    problem = destination.setting_problem(entry.key, value)
    return None if problem is None else not_taken(entry.key, entry.value.span, entry.value.span.text, problem)


def unknown_setting(name: str, destination: DestinationSchema, span: Span) -> Diagnostic:
    """The diagnostic for a setting that the destination does not have."""
    help_ = near(name, list(destination.settings), f"there are: {', '.join(destination.settings)}")
    return Diagnostic("RW0207", f"{destination.name} has no setting `{name}`", span, help=(help_,))


def not_taken(name: str, span: Span, shown: str, problem: str) -> Diagnostic:
    """The diagnostic for a value that a setting does not take; `problem` is the sentence of the destination."""
    if problem.startswith("expected "):
        help_ = f"write {problem.removeprefix('expected ')}"
        return Diagnostic("RW0305", f"`{name}` cannot be `{shown}`", span, help=(help_,))
    return Diagnostic("RW0305", f"`{name}` cannot have this value: {problem}", span)


def is_secret(name: str, destination: DestinationSchema) -> bool:
    """Whether a setting is a secret, however its name is written."""
    return _bare(name) in map(_bare, destination.secrets)


def is_secret_of_any(name: str, catalog: Catalog) -> bool:
    """Whether a setting is a secret of some destination, for rules whose own destination is not known."""
    for destination in catalog.destinations:
        with suppress(DestinationUnusable):
            if is_secret(name, catalog.destinations[destination]):
                return True
    return False


def _bare(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()

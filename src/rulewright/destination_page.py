"""The reference page of a destination: its settings, its limits, and all fields of its actions with defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .dsl import ast
from .loading.catalog import catalog
from .runtime.action import Action
from .runtime.destination import Destination
from .runtime.fields.field import Field

_LIMITS = """\
A value that {title} does not accept is repaired if one of the settings above allows it: the smallest change is sent,
and `outcome.warnings` lists it with one of these codes. Any other such value is refused: a failure with the code, the
field, the rule and the value. `checks=False` (`run --no-checks`) turns repairs and refusals off, but never mixes plain
properties and operations."""


def destination_page(destination: Destination) -> str:
    """The page, as Markdown: the destination's own guide, then what its declarations say."""
    head = f"# {destination.title}" if destination.guide is None else destination.guide().strip()
    lines = [head]
    if destination.setting_names:
        lines += ["", "## Settings", "", "| setting | values | from the environment | |", "|---|---|---|---|"]
        lines += _settings(destination)
    if destination.limits:
        lines += ["", "## Limits", "", _LIMITS.format(title=destination.title)]
        lines += ["", "| code | limit |", "|---|---|"]
        lines += [f"| `{code}` | {sentence} |" for code, sentence in destination.limits.items()]
    for action in destination.actions.values():
        lines += _action(destination, action)
    return "\n".join(lines) + "\n"


def _settings(destination: Destination) -> Iterator[str]:
    variables = {variable.setting: f"`{variable.name}`" for variable in destination.environment}
    described = destination.setting_descriptions
    for name in [*described, *sorted(destination.setting_names - described.keys())]:
        if name in destination.secrets:
            values = "secret, never in a file"
        elif name in destination.setting_lists:
            values = "list of texts"
        else:
            values = " or ".join(f'`"{choice}"`' for choice in destination.setting_choices.get(name, ())) or "any"
        yield f"| `{name}` | {values} | {variables.get(name, '')} | {described.get(name, '')} |"


def _action(destination: Destination, action: Action) -> Iterator[str]:
    defaults = _defaults(destination.name, action.name)
    yield from ("", f"## {action.title}", "", f"`{action.name}`. {action.description}", "")
    yield f"Default trigger: `{action.trigger}`.{_origin(action)}"
    yield from ("", "| field | type | default | |", "|---|---|---|---|")
    for field in action.fields:
        yield _row(field.name, field, defaults.get(field.name))
        for inner in field.fields:
            yield _row(f"{field.name}.{inner.name}", inner, None)


def _origin(action: Action) -> str:
    if action.ours:
        return " Segment has no such action."
    return f" Source: {action.source}." if action.source else ""


def _row(path: str, field: Field, default: str | None) -> str:
    kinds = [f"list of {field.type}s" if field.multiple else field.type]
    kinds += ["**required**"] if field.required else []
    kinds += ["or null"] if field.nullable else []
    kinds += ["not blank"] if field.visible else []
    kinds += [" or ".join(f'`"{choice}"`' for choice in field.choices)] if field.choices else []
    kinds += ["other keys are dropped"] if field.fields and not field.open else []
    kinds += ["not in Segment's action"] if field.ours else []
    code = f"`{default}`" if default else ""
    cells = (f"`{path}`", ", ".join(kinds), code, f"**{field.label}.** {field.description}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _defaults(destination: str, action: str) -> dict[str, str]:
    """The text of each default, on one line."""
    written = catalog().destinations[destination].defaults(action)
    body = () if written is None else written.body
    return {
        statement.field: re.sub(r"\s+", " ", statement.value.span.text)
        for statement in body
        if isinstance(statement, ast.Assign)
    }

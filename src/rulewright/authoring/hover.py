"""Hover: the meaning of the word at a place, as Markdown."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..compiler.resolve.expressions import signature
from ..diagnostics_page import page_of
from ..dsl import ast
from ..dsl.diagnostics.codes import CODES
from ..dsl.syntax.paths import path_steps
from ..loading.catalog import catalog
from ..runtime.destinations import DESTINATIONS
from ..runtime.encoding import json_bytes
from ..runtime.fields.field import Field
from ..runtime.functions import FUNCTIONS
from ..runtime.semantics.missing import MISSING
from .cursor import Cursor
from .knowledge import Knowledge

_CODE = re.compile(r"RW\d{4}")


class Hover(NamedTuple):
    """Markdown, and the text that it is about."""

    markdown: str
    start: int
    end: int


def hover(text: str, offset: int, known: Knowledge) -> Hover | None:
    """The documentation of the word at an offset; None if there is none."""
    at = Cursor(text, offset)
    if at.is_in_comment:
        return _code(at)
    path_at = at.path()
    if path_at is None or (at.is_in_text and "{{" not in at.before):
        return None
    word, start, end = path_at
    behind = text[end : end + 80].split("\n")[0]
    markdown = (
        _function(word)
        if behind.startswith("(")
        else _action(at, word)
        if text[:start].rstrip().endswith("->")
        else _field(at, word, text[:start], behind) or _path(word, offset - start, known)
    )
    return None if markdown is None else Hover(markdown, start, end)


def _code(at: Cursor) -> Hover | None:
    """The page of a code in a comment such as `# allow RW0403: …`."""
    column = at.offset - at.line_start
    for match in _CODE.finditer(at.line):
        if match.start() <= column <= match.end() and match[0] in CODES:
            return Hover(page_of(match[0]), at.line_start + match.start(), at.line_start + match.end())
    return None


def _function(word: str) -> str | None:
    function = FUNCTIONS.get(word)
    if function is None:
        return None
    lines = ["```rules", signature(function), "```", f"{function.sentence[:1].upper()}{function.sentence[1:]}."]
    for example in function.examples[:4]:
        result = "(missing)" if example.result is MISSING else json_bytes(example.result).decode()
        lines.append(f"- `{example.expression}` on `{json_bytes(example.event).decode()}` gives `{result}`")
    return "\n".join(lines)


def _action(at: Cursor, word: str) -> str | None:
    destination = DESTINATIONS.get(at.destination or "")
    action = None if destination is None else destination.actions.get(word)
    if action is None:
        return None
    return f"**{action.title}.** {action.description}\n\nDefault trigger: `{action.trigger}`"


def _field(at: Cursor, word: str, before: str, behind: str) -> str | None:
    """A field where a statement sets it."""
    is_statement = not before.rpartition("\n")[2].strip() and re.match(r"\s*=(?!=)", behind) is not None
    destination = DESTINATIONS.get(at.destination or "")
    if not is_statement or destination is None or at.action is None:
        return None
    action = destination.actions.get(at.action)
    field = next((field for field in action.fields if field.name == word), None) if action else None
    if field is None or destination is None:
        return None
    default = _default(destination.name, at.action, word)
    lines = [f"**{field.label}** ({_type(field)}). {field.description}"]
    if field.choices:
        lines.append("One of " + ", ".join(f"`{choice}`" for choice in field.choices) + ".")
    lines.append(f"Default: `{default}`" if default else "No default.")
    return "\n\n".join(lines)


def _type(field: Field) -> str:
    kind = f"list of {field.type}s" if field.multiple else field.type
    return f"{kind}, required" if field.required else kind


def _default(destination: str, action: str, name: str) -> str | None:
    defaults = catalog().destinations[destination].defaults(action)
    for statement in () if defaults is None else defaults.body:
        if isinstance(statement, ast.Assign) and statement.field == name:
            return re.sub(r"\s+", " ", statement.value.span.text)
    return None


def _path(word: str, column: int, known: Knowledge) -> str | None:
    """What is known of a path, up to the step at the place."""
    end = next((at for at in range(column, len(word)) if word[at] in ".["), len(word))
    steps = tuple(str(step) for step in path_steps(word[:end])[1])
    sentences = known.explain(steps)
    if not sentences:
        return None
    return "\n\n".join([f"`{word[:end]}`", *(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences)])

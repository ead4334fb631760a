"""Helps for comparing a text as a number: a number as text, a version, or a time."""

from __future__ import annotations

import re

from ....dsl.syntax.strings import quote
from ....runtime.semantics.dates import milliseconds
from ... import ir
from ..context import AnalysisContext
from .comparison_text import comparison_text
from .event_dates import date_help, is_event_date, is_time
from .text_values import examples_of, text_kind

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_LONGEST_VERSION = 2
"""Numbers of a version that are compared in a help: with more, the condition is longer than a line."""
_NOT_NUMBERS = frozenset(("typeof", "md5", "sha256", "uuid5", "json_encode"))
"""Functions whose texts are never numbers."""


def number_help(
    node: ir.Compare, subject: ir.Value, other: ir.Value, context: AnalysisContext, recorded: tuple[str, ...] = ()
) -> str:
    """How to compare a text as a number with another value; `subject` is the side that is a text.

    `recorded` are texts that recorded events have there.
    """
    number = _written_number(other)
    examples = recorded or examples_of(subject, context)
    is_version = _is_version(subject, examples)
    if _are(_NUMBER, examples) and not is_version:
        return _called("number", node, subject, other, context)
    if is_version or (isinstance(other, ir.Constant) and _is_long_version(other.value)):
        return _version_help(node, subject, other)
    has_date = is_event_date(subject) or (bool(examples) and all(map(is_date, examples)))
    if isinstance(other, ir.Constant) and (has_date or (not examples and is_time(other.value))):
        return date_help(node, other)
    if has_date:
        return _called("timestamp_ms", node, subject, other, context)
    if examples or (isinstance(subject, ir.Call) and subject.function in _NOT_NUMBERS):
        if node.operator in ("=", "!="):
            return "compare it with a text"
        return f"`{node.operator}` compares numbers: compare texts by `=`, `in` or `match`"
    if isinstance(other, ir.Constant) and number is None:
        return f"`{node.operator}` compares numbers, and this is a text"
    return _called("number", node, subject, other, context)


def equality_help(node: ir.Compare, subject: ir.Value, other: ir.Constant, context: AnalysisContext) -> str:
    """How to compare a text with a number by `=` or `!=`."""
    if is_event_date(subject) or ((examples := examples_of(subject, context)) and all(map(is_date, examples))):
        return date_help(node, other)
    if not isinstance(subject, ir.Read):
        return number_help(node, subject, other, context)
    if _is_version(subject, examples_of(subject, context)):
        return _version_help(node, subject, other)
    return _written(node, subject, subject.span.text, quote(other.span.text))


def list_help(subject: ir.Value, items: tuple[ir.Value, ...]) -> str:
    """How to look for a text in a list that has numbers."""
    listed = ", ".join(
        item.span.text if isinstance(item, ir.Constant) and isinstance(item.value, str) else quote(item.span.text)
        for item in items
    )
    written = subject.span.text
    if is_event_date(subject):
        written = f'format_time({written}, "%Y")'
    return f"write `{written} in [{listed}]`"


def is_number(text: str) -> bool:
    """Whether a text is a number as one usually writes it."""
    return _NUMBER.fullmatch(text) is not None


def _are(pattern: re.Pattern[str], examples: tuple[str, ...]) -> bool:
    return bool(examples) and all(map(pattern.fullmatch, examples))


def is_date(text: str) -> bool:
    """Whether a text is a time that is not a plain number."""
    return not is_number(text) and milliseconds(text) is not None


def _is_version(subject: ir.Value, examples: tuple[str, ...]) -> bool:
    """Whether a text is a version by its examples and its name: an address has numbers with dots, too."""
    read = next((node for node in ir.walk(subject) if isinstance(node, ir.Read) and node.steps), None)
    return read is not None and str(read.steps[-1]).lower().endswith("version") and _are(_VERSION, examples)


def _is_long_version(value: object) -> bool:
    return isinstance(value, str) and value.count(".") > 1 and _VERSION.fullmatch(value.strip()) is not None


def _written_number(value: ir.Value) -> str | None:
    """A number that an author wrote, also in quotes."""
    if not isinstance(value, ir.Constant) or isinstance(value.value, bool) or value.value is None:
        return None
    if isinstance(value.value, str):
        bare = value.value.strip()
        return bare if _NUMBER.fullmatch(bare) else None
    return value.span.text


def _called(function: str, node: ir.Compare, subject: ir.Value, other: ir.Value, context: AnalysisContext) -> str:
    """The function around the text, and around the other side where that is a text, too."""
    beside = _written_number(other) or other.span.text
    if not isinstance(other, ir.Constant) and text_kind(other, context) is not None:
        beside = f"{function}({beside})"
    inner = subject.parts[0] if isinstance(subject, ir.Template) and len(subject.parts) == 1 else subject
    # `number("")` fails, and `number(path)` of a missing value does not.
    written = subject.span.text if isinstance(inner, str) else inner.span.text
    return _written(node, subject, f"{function}({written})", beside)


def _written(node: ir.Compare, subject: ir.Value, of_subject: str, of_other: str) -> str:
    written = comparison_text(node, lambda side: of_subject if side is subject else of_other)
    return f"write `{written}`"


def _version_help(node: ir.Compare, subject: ir.Value, other: ir.Value) -> str:
    """The numbers of a version one by one, as far as the other side has them."""
    first, *_ = parts = [f'number(split({subject.span.text}, ".")[{index}])' for index in range(_LONGEST_VERSION)]
    one_by_one = f"compare the numbers of a version one by one: `{first}` is the first"
    text = str(other.value).strip() if isinstance(other, ir.Constant) and isinstance(other.value, str) else ""
    wanted = (text or other.span.text).split(".")
    if not isinstance(other, ir.Constant) or not all(number.isdecimal() for number in wanted):
        return one_by_one
    operator = node.operator if node.left is subject else _MIRRORED[node.operator]
    if operator in (">=", "<"):
        while len(wanted) > 1 and int(wanted[-1]) == 0:
            wanted.pop()  # 3.0 and everything after it is 3 and everything after it
    numbers = [str(int(number)) for number in wanted]
    if len(numbers) == 1:
        return f"write `{first} {operator} {numbers[0]}`, which compares the first number of the version"
    if len(numbers) > _LONGEST_VERSION:
        return one_by_one
    (major, minor), (wanted_major, wanted_minor) = parts, numbers
    if operator in ("=", "!="):
        both = f"{major} = {wanted_major} and {minor} = {wanted_minor}"
        return f"write `({both})`" if operator == "=" else f"write `!({both})`"
    same = f"{major} = {wanted_major} and {minor} {operator} {wanted_minor}"
    return f"write `({major} {operator[0]} {wanted_major} or {same})`"


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}

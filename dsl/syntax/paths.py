"""Paths, names and keys: from their spelling to their steps, and back."""

from __future__ import annotations

import re

from ..ast import EveryItem, FilterStep, KeyPattern
from ..lexis import ESCAPED, KEY, STRING
from .strings import quote, unescape

_STEP = re.compile(rf"\.(?:(?P<quoted>{STRING})|(?P<bare>(?:[^.\[\\]|{ESCAPED})+))|\[(?P<index>[0-9]+)\]")
_FILTER_STEP = re.compile(rf"{_STEP.pattern}|(?P<every>\[\])")
_KEY = re.compile(rf"{KEY}\Z")
_BARE_NAME = re.compile(r"[^\W\d](?:\w|-(?=\w))*\Z")
_SIMPLE_PATH = re.compile(r"[^\W\d]\w*(?:\.\w+)*\Z")
_ODD_CHARACTER = re.compile(r"\W")
_GLOB_SIGN = re.compile(r"[*?\[\]\\]")
_PART_OF_PATTERN = re.compile(r"(?P<star>\*)|\\(?P<escaped>.)|(?P<plain>[^*\\]+)")
_ODD_IN_PATTERN = re.compile(r"[^\w-]|-(?!\w)")
_WORDS = frozenset(("true", "false", "null", "omit", "and", "or", "in", "not"))
_ESCAPED = re.compile(r"\\(.)")


def is_simple_path(text: str) -> bool:
    """Whether a text is a path of bare names, which needs no parser."""
    return _SIMPLE_PATH.match(text) is not None and text not in _WORDS


def path_steps(token: str) -> tuple[bool, tuple[str | int, ...]]:
    """Whether a path is written with `$`, and its steps: keys as text, indexes as numbers."""
    if token[0] != "$" and "[" not in token and "\\" not in token and '"' not in token and "'" not in token:
        return False, tuple(token.split("."))
    rooted = token.startswith("$")
    return rooted, steps(token[1:] if rooted else f".{token}")


def steps(text: str) -> tuple[str | int, ...]:
    """The steps of `.key."odd key"[0]`."""
    out: list[str | int] = []
    for match in _STEP.finditer(text):
        if (bare := match["bare"]) is not None:
            out.append(name(bare))
        elif (index := match["index"]) is not None:
            out.append(int(index))
        else:
            out.append(unescape(match["quoted"][1:-1]))
    return tuple(out)


def filter_steps(token: str) -> tuple[bool, tuple[FilterStep, ...]]:
    """As `path_steps`, for the path of a filter, where `*` is any part of a key and `[]` is every item of a list."""
    rooted = token.startswith("$")
    out: list[FilterStep] = []
    for match in _FILTER_STEP.finditer(token[1:] if rooted else f".{token}"):
        if match["every"]:
            out.append(EveryItem())
        elif (bare := match["bare"]) is not None and "*" in _ESCAPED.sub("", bare):
            out.append(KeyPattern("".join(map(_in_glob, _PART_OF_PATTERN.finditer(bare)))))
        else:
            out += steps(match[0])
    return rooted, tuple(out)


def _in_glob(part: re.Match[str]) -> str:
    return part["star"] or _GLOB_SIGN.sub(r"\\\g<0>", part["escaped"] or part["plain"])


def name(text: str) -> str:
    """The name that is spelled by a text, in which a backslash takes the next character literally."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def write_name(value: str) -> str:
    """The spelling of a name, with a backslash before special characters and before words of the language."""
    if _BARE_NAME.match(value):
        return f"\\{value}" if value.lower() in _WORDS else value
    escaped = _ODD_CHARACTER.sub(r"\\\g<0>", value)
    return f"\\{escaped}" if escaped[0].isdecimal() else escaped


def write_path(steps_of: tuple[str | int, ...], *, rooted: bool, depth: int = 0) -> str:
    """A path as an author writes it; with `$` if the first step is not a name.

    `depth` is the number of texts in whose placeholders it is.
    """
    first = steps_of[0] if steps_of else ""
    if rooted or not isinstance(first, str) or not first or "\n" in first:
        return "$" + write_steps(steps_of, depth)
    return write_name(first) + write_steps(steps_of[1:], depth)


def write_filter_path(steps_of: tuple[FilterStep, ...], *, rooted: bool) -> str:
    """A path of a filter as an author writes it."""
    first, rest = steps_of[:1], steps_of[1:]
    if rooted or not first or isinstance(first[0], EveryItem):
        head, rest = "$", steps_of
    elif isinstance(first[0], KeyPattern):
        head = _write_pattern(first[0], at_start=True)
    else:
        head = write_path((first[0],), rooted=False)
    return head + "".join(map(_write_filter_step, rest))


def _write_filter_step(step: FilterStep) -> str:
    if isinstance(step, EveryItem):
        return "[]"
    return f".{_write_pattern(step)}" if isinstance(step, KeyPattern) else write_steps((step,))


def _write_pattern(pattern: KeyPattern, *, at_start: bool = False) -> str:
    written = "".join(map(_out_of_glob, _PART_OF_PATTERN.finditer(pattern.glob)))
    return f"\\{written}" if at_start and written[:1].isdecimal() else written


def _out_of_glob(part: re.Match[str]) -> str:
    return part["star"] or _ODD_IN_PATTERN.sub(r"\\\g<0>", part["escaped"] or part["plain"])


def write_steps(steps_of: tuple[str | int, ...], depth: int = 0) -> str:
    """`.key."odd key"[0]`."""
    out = []
    for step in steps_of:
        if isinstance(step, int):
            out.append(f"[{step}]")
        elif is_bare_key(step):
            out.append(f".{step}")
        elif depth < 2:
            out.append(f".{quote(step, depth)}")
        else:
            out.append("." + _ODD_CHARACTER.sub(r"\\\g<0>", step))
    return "".join(out)


def is_bare_key(key: str) -> bool:
    """Whether a key may be written without quotes."""
    return _KEY.match(key) is not None

"""Text as it is written between quotes: its escapes and its holes, both ways."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\", "{": "{"}
_WRITTEN = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"'}
_STEP = re.compile(
    r"\.(?:\"(?P<double>(?:[^\"\\\n]|\\.)*)\"|'(?P<single>(?:[^'\\\n]|\\.)*)'|(?P<bare>(?:[^.\[\\]|\\.)+))|\[(?P<index>\d+)\]"
)
_BARE_STEP = re.compile(r"[\w$](?:[\w$]|-(?=\w))*\Z")
_BARE_FIRST = re.compile(r"[^\W\d](?:\w|-(?=\w))*\Z")
_WORDS = frozenset(("true", "false", "null", "omit", "and", "or", "in"))


def unescape(text: str) -> str:
    """The value of what stands between quotes; a backslash before any other character stays, for `match` to read."""

    def value(match: re.Match[str]) -> str:
        escaped = match[1]
        if len(escaped) == 5:
            return chr(int(escaped[1:], 16))
        return _PLAIN.get(escaped, match[0])

    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(value, text)
    # Two escapes may spell one character outside the basic plane, as in JSON.
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if _surrogates(joined) else joined


def _surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def quote(value: str) -> str:
    """A text that reads back as `value`, in double quotes, with no hole in it."""
    return f'"{escape(value)}"'


def escape(value: str) -> str:
    """What stands between double quotes for `value`."""
    out = []
    for index, character in enumerate(value):
        following = value[index + 1 : index + 2]
        if character in _WRITTEN:
            out.append(_WRITTEN[character])
        elif character == "\\" and (not following or following in _PLAIN or following in _WRITTEN or following == "u"):
            out.append("\\\\")
        elif character == "{" and following == "{":
            out.append("\\{")
        elif _must_be_escaped(character):
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(character)
    return "".join(out)


def _must_be_escaped(character: str) -> bool:
    return (
        character < " "
        or "\x7f" <= character <= "\x9f"
        or character in "\u2028\u2029\ufeff"
        or "\ud800" <= character <= "\udfff"
    )


def holes(text: str) -> list[tuple[int, int, int, int]]:
    """The holes of a text, as offsets of the whole hole and of its inside; an end of -1 says that it is not closed.

    `{{{ x }}}` is a hole as well, and means the same, as in Segment's templates.
    """
    found = []
    at = 0
    while (start := _next_hole(text, at)) >= 0:
        width = 3 if text.startswith("{{{", start) else 2
        inside = start + width
        end = _hole_end(text, inside, "}" * width)
        if end < 0:
            found.append((start, -1, inside, -1))
            return found
        found.append((start, end + width, inside, end))
        at = end + width
    return found


def _next_hole(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith("{{", at):
            return at
        else:
            at += 1
    return -1


def _hole_end(text: str, at: int, closing: str) -> int:
    """Where a hole closes: the first closing braces outside of quotes and of the braces of objects."""
    quote_open = ""
    depth = 0
    while at < len(text):
        character = text[at]
        if quote_open:
            if character == "\\":
                at += 1
            elif character == quote_open:
                quote_open = ""
        elif character in "\"'":
            quote_open = character
        elif character == "{":
            depth += 1
        elif depth == 0 and text.startswith(closing, at):
            return at
        elif character == "}":
            depth -= 1
        at += 1
    return -1


def path_steps(token: str) -> tuple[bool, tuple[str | int, ...]]:
    """Whether a path is written with `$`, and its steps."""
    rooted = token.startswith("$")
    text = token[1:] if rooted else f".{token}"
    return rooted, steps(text)


def steps(text: str) -> tuple[str | int, ...]:
    """The steps of `.key."odd key"[0]`."""
    out: list[str | int] = []
    for match in _STEP.finditer(text):
        if (index := match["index"]) is not None:
            out.append(int(index))
        elif (bare := match["bare"]) is not None:
            out.append(re.sub(r"\\(.)", r"\1", bare))
        else:
            quoted = match["double"] if match["double"] is not None else match["single"]
            out.append(unescape(quoted))
    return tuple(out)


def write_path(path_of: tuple[str | int, ...], *, rooted: bool) -> str:
    """A path as an author writes it; `$` where the first step could not stand alone."""
    if not path_of:
        return "$"
    first = path_of[0]
    if not rooted and isinstance(first, str) and _BARE_FIRST.match(first) and first.lower() not in _WORDS:
        return first + write_steps(path_of[1:])
    return "$" + write_steps(path_of)


def write_steps(path_of: tuple[str | int, ...]) -> str:
    """`.key."odd key"[0]`."""
    out = []
    for step in path_of:
        if isinstance(step, int):
            out.append(f"[{step}]")
        elif _BARE_STEP.match(step):
            out.append(f".{step}")
        else:
            out.append(f".{quote(step)}")
    return "".join(out)


def is_bare_key(key: str) -> bool:
    """Whether an object's key may stand without quotes."""
    return bool(_BARE_STEP.match(key))

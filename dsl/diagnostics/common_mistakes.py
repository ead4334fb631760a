"""Spellings of other languages, and their equivalents in the rule language."""

from __future__ import annotations

import re
from typing import NamedTuple


class Foreign(NamedTuple):
    """A spelling that the language does not have."""

    spelling: str
    advice: str
    meant: str = ""
    """What is read in its place, so that the errors behind it are found as well: no longer than the spelling."""


_SMART = 'write text in plain quotes: `"…"`'
_FOREIGN = (
    Foreign("===", "equality is one `=`", "="),
    Foreign("!==", "write `!=`", "!="),
    Foreign("==", "equality is one `=`", "="),
    Foreign("&&", "write `and`", "or"),
    Foreign("||", "write `or` between conditions; the first value that exists is `coalesce(a, b)`", "or"),
    Foreign("<>", "write `!=`", "!="),
    Foreign("=>", "write `>=`", ">="),
    Foreign("=<", "write `<=`", "<="),
    Foreign("//", "a comment begins with `#`", ""),
    Foreign("“", _SMART, '"'),
    Foreign("”", _SMART, '"'),
    Foreign("‘", _SMART, '"'),
    Foreign("’", _SMART, '"'),
    Foreign("`", _SMART, ""),
    Foreign(";", "a statement ends with its line, so no `;` is needed", " "),
    Foreign("@", "Segment's directives are JSON; `rulewright import` turns them into expressions", ""),
    Foreign("?", "write `if(condition, then, else)`", ""),
    Foreign("%", "there is no remainder; the operators are `+ - * /`", ""),
    Foreign("not", "write `!` before what is negated, or `!( … )`", ""),
    Foreign("is", "write `=`", "="),
    Foreign("equals", "write `=`", "="),
    Foreign("xor", "write `a and !b or !a and b`", "or"),
    Foreign("of", "write `in`", "in"),
    Foreign("if", "write `if(condition, then, else)`", ""),
    Foreign("else", "write `if(condition, then, else)`", ""),
    Foreign("then", "write `if(condition, then, else)`", ""),
    Foreign("like", "write `match(path, \"*pattern*\")`", ""),
    Foreign("as", "write `[ expression for name in list ]`", ""),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d]\w*")
_SMART_QUOTES = str.maketrans("“”‘’", '""""')


def foreign_at(text: str, start: int) -> tuple[int, Foreign] | None:
    """The start of a foreign spelling at an offset, or up to two characters before it, and the spelling; else None."""
    word = _WORD.match(text, start)
    for at in (start,) if word else (start - 2, start - 1, start):
        for foreign in _FOREIGN:
            if at < 0 or not text.startswith(foreign.spelling, at) or at + len(foreign.spelling) <= start:
                continue
            if word is None or word[0] == foreign.spelling:
                return at, foreign
    return None


def without_foreign(text: str, at: int, foreign: Foreign) -> str | None:
    """The text with a foreign spelling replaced by what it means, offsets unchanged; None if that is unknown."""
    end = at + len(foreign.spelling)
    if foreign.meant == '"':
        line_end = text.find("\n", at)
        line_end = len(text) if line_end < 0 else line_end
        return text[:at] + text[at:line_end].translate(_SMART_QUOTES) + text[line_end:]
    if not foreign.meant:
        return None
    return f"{text[:at]}{foreign.meant:{len(foreign.spelling)}}{text[end:]}"

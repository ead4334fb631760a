"""The table of messages for text that the grammar does not accept and that no other diagnostic explains."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..diagnostics.common_mistakes import foreign_at
from ..diagnostics.diagnostic import near
from .unexpected import WORD, Context, begins_line, open_bracket

_NAMES = {
    "PATH": "a path",
    "FILTER_PATH": "a path",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "FIELD": "`field = …`",
    "COMPARE": "a comparison",
    "RBRACE": "`}`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "LBRACE": "`{`",
    "LPAR": "`(`",
    "LSQB": "`[`",
    "KEY": "a key",
    "NAME": "a name",
    "_AND": "`and`",
    "_OR": "`or`",
    "_WHEN": "`when`",
    "_IF": "`if`",
    "_WHERE": "`where`",
    "ARROW": "`->`",
}
VALUE = frozenset(("PATH", "STRING", "NUMBER", "FUNCTION"))
_REST_OF_VALUE = frozenset(("TRUE", "FALSE", "NULL", "OMIT", "LPAR", "LSQB", "LBRACE", "NOT", "NOT_GROUP"))
_OPERATORS = frozenset(("COMPARE", "PLUS_OR_MINUS", "TIMES_OR_OVER", "_AND", "_OR"))
_PLAIN = frozenset(("PLAIN_FIELDS", "PLAIN_ENTRIES", "PLAIN_VALUE"))
_SELDOM = _PLAIN | {"STEPS", "$END", "COMMENT", "NOT", "NOT_GROUP"}

KEYWORDS = frozenset(("defaults", "conflict", "schema", "any", "event", "value", "of", "requests"))
"""Words of the language that only follow another one, such as `defaults` after `use`."""
STATEMENT_WORDS = ("when", "use", "on", "given", "expect", "case", "for")
_MAPPING = "write `when …`, `field = …`, `use defaults` or `on conflict …`"
_TEST = 'write `given { … }`, `expect "Mapping" { … }`, `expect no "Mapping"` or `case "name" { … }`'
_EXPECTATIONS = (
    'write `expect "Mapping" { … }`, `expect no "Mapping"`, `expect failure "Mapping"`, `expect nothing`, '
    "`expect dropped`, `expect snapshot` or `expect no value of … in requests`"
)
_INDEX = 'write an index as a number, as in `[0]`, and a key as `.key` or `."odd key"`'
_PLACEHOLDER = 'write a path by itself, `name`, and a placeholder in a text, `"{{ name }}"`'
_BARE_NAME = "call a function by its name alone, as in `lowercase(name)`"
_LISTS = {"(": "arguments", "[": "the items of a list", "{": "the entries of an object"}
_POLICY = re.compile(r"\bon\s+conflict\s*\Z")
_WHEN = re.compile(r"\bwhen\s*\Z")
_NEGATION = re.compile(r"\bnot \Z")


class _Row(NamedTuple):
    """A message, the way out, and where they apply."""

    applies: Callable[[Context], object]
    message: str
    """`{found}` becomes the text that was found, and `{expected}` what the grammar expects."""
    help: str | Callable[[Context], str] = ""
    """With `{found}` as well; empty for none."""


def sentence(context: Context) -> tuple[str, tuple[str, ...]]:
    """The message and the help of the first row of the table that applies."""
    row = next(row for row in _TABLE if row.applies(context))
    help_ = row.help if isinstance(row.help, str) else row.help(context)
    message = row.message.replace("{expected}", _expected(context.accepted))
    return message.replace("{found}", context.shown), (help_.replace("{found}", context.shown),) if help_ else ()


# --- where a row applies -------------------------------------------------------------------------------------------


def _is_end(context: Context) -> bool:
    return context.unexpected.terminal == "$END"


def _begins_statement(context: Context) -> bool:
    if not WORD.match(context.word) or not begins_line(context.text, context.start):
        return False
    return bool(context.accepted & {"_WHEN", "GIVEN"}) or context.start < context.unexpected.start


def _is_second_comparison(context: Context) -> bool:
    return context.unexpected.terminal == "COMPARE" and not context.accepted & {"PATH", "COLON"}


def _follows_value(context: Context) -> bool:
    return bool(context.accepted & {"_AND", "COMPARE", "_WHEN"}) or context.accepted == {"$END"}


def _is_value_and(word: str) -> Callable[[Context], bool]:
    return lambda context: context.word == word and _follows_value(context)


def _is_path_in_braces(context: Context) -> bool:
    offset = open_bracket(context.text, context.unexpected.start)
    if context.word != "{" or offset is None or context.text[offset] != "{":
        return False
    return not context.text[offset : context.unexpected.start].strip("{ ")


# --- what helps ----------------------------------------------------------------------------------------------------


def _statement_help(context: Context) -> str:
    return near(context.word, STATEMENT_WORDS, _TEST if "GIVEN" in context.accepted else _MAPPING)


def _negation(context: Context) -> str:
    """How `not` is written here, of a value that follows it."""
    known = foreign_at(context.text, context.start - 4) if _NEGATION.search(context.text, 0, context.start) else None
    return "" if known is None else known[1].advice


def _separator(context: Context) -> str:
    if "COMMA" not in context.accepted or not context.bracket:
        return ""
    return f"separate {_LISTS[context.bracket]} with `,`"


_AFTER_VALUE = "unexpected `{found}` after a value"
_OTHER = "expected {expected}, found `{found}`"
_TABLE = (
    _Row(lambda at: _is_end(at) and not at.text.strip(), "expected {expected}, found no text"),
    _Row(
        lambda at: _is_end(at) and _WHEN.search(at.text),
        "`when` has no condition",
        'write the condition after `when`, as in `when type = "track"`',
    ),
    _Row(_is_end, "expected {expected}, found the end of the text"),
    _Row(_begins_statement, "expected a statement, found `{found}`", _statement_help),
    _Row(lambda at: "NOTHING" in at.accepted, "expected an expectation, found `{found}`", _EXPECTATIONS),
    _Row(
        lambda at: _POLICY.search(at.text, 0, at.start),
        "expected a policy, found `{found}`",
        "write `on conflict fold`, `split` or `reject`",
    ),
    _Row(_is_second_comparison, "unexpected second comparison `{found}`", "join two comparisons with `and`"),
    _Row(lambda at: _follows_value(at) and _negation(at), _AFTER_VALUE, _negation),
    _Row(_is_value_and("("), _AFTER_VALUE, _BARE_NAME),
    _Row(_is_value_and("["), _AFTER_VALUE, _INDEX),
    _Row(_is_value_and(","), _AFTER_VALUE, "delete `,`"),
    _Row(_follows_value, _AFTER_VALUE),
    _Row(lambda at: not _expected(at.accepted), "unknown syntax `{found}`", _separator),
    _Row(
        lambda at: at.word == "," and at.bracket == "(" and not at.accepted & {"COMMA", "PATH"},
        _OTHER,
        "write a list as `[a, b]`",
    ),
    _Row(
        lambda at: "COLON" in at.accepted and at.bracket == "{" and not at.accepted & VALUE,
        _OTHER,
        "write an entry of an object as `key: value`",
    ),
    _Row(_is_path_in_braces, _OTHER, _PLACEHOLDER),
    _Row(lambda at: "FIELD" in at.accepted and WORD.match(at.word), _OTHER, "write a setting as `name = value`"),
    _Row(lambda at: True, _OTHER, _separator),
)
"""In order: the first row that applies gives the message."""


def _expected(accepted: frozenset[str]) -> str:
    """What the grammar expects, in a few words; empty where it expects nothing."""
    names: list[str] = []
    rest = set(accepted)
    if rest >= VALUE:
        names.append("a value")
        rest -= VALUE | _REST_OF_VALUE | _OPERATORS
    elif "COMPARE" in rest:
        names.append("an operator")
        rest -= _OPERATORS
    names.extend(_NAMES.get(terminal, f"`{terminal.lower()}`") for terminal in sorted(rest - _SELDOM))
    if not names:
        return "the end" if "$END" in accepted else ""
    if len(names) > 5:
        names = [*names[:5], "…"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"

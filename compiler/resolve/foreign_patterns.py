"""Findings on patterns of other languages: regular expressions and the wildcards of SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...dsl.diagnostics.diagnostic import Diagnostic
from ...dsl.syntax.strings import quote
from .. import ir

_IS_REGULAR_EXPRESSION = re.compile(r"\A\^|\A\.\*|(?<!\\)\$\Z|\\[dwsDWSbB]|(?<!\\)\.\+|\(.*\|.*\)|\(\?")
_REPEATED_DOT = re.compile(r"(?<=[\w\s)])(\.\*)+")
_DOTTED = re.compile(r"\A[vV]?\d+(\.\d+)*\.\*|[\w-]\.[\w-]")
"""A version, an address or a name of several parts, in which a dot is literal."""
_NAMED_WITH_DOTS = re.compile(
    r"(?:\A|_|[a-z](?=[A-Z]))(?i:path|ur[il]|href|file|file_?name|host|host_?name|domain|referrer|ip|version)\Z"
)
"""The last step of paths whose values have dots in them."""
_NOT_IN_GLOB = re.compile(r"[()|+{}\\^$\[\]*?]")
_PIECE = re.compile(r"\\(?P<escaped>[.\-/_ ])|(?P<any>\.\*)|(?P<some>\.\+)|(?P<one>\.)|(?P<plain>[^.])", re.DOTALL)
_WILDCARD = re.compile(r"\A[%*](?=[^%*])|(?<![%*\d])(?<!\d\s)%\Z|(?<![%*])\*\Z")
"""At an end of a text; a number before `%` makes it a share."""
_ANCHOR = re.compile(r"\A\^(?=.)|(?<=[^$\s])\$\Z")
"""A sign of regular expressions at an end of a text."""


def pattern_findings(written: Iterable[ir.Node]) -> Iterator[Diagnostic]:
    """RW0413 of regular expressions in `match`, and of wildcards where a text is compared whole."""
    for node in written:
        match node:
            case ir.TextTest("match", (subject, ir.Constant(str(text)) as pattern)):
                sign = "!" if node.negated else ""
                if is_regular_expression(text):
                    yield _regular_expression(subject, pattern, text, sign)
                elif has_repeated_dot(subject, text):
                    yield _repeated_dot(subject, pattern, text, sign)
                elif has_wildcard_of_sql(text):
                    yield _wildcard(pattern, text, f"{sign}{_matched(subject, text.replace('%', '*'))}", "in a pattern")
            case ir.Compare("=" | "!=", ir.Read() as subject, ir.Constant(str(text)) as constant) | ir.Compare(
                "=" | "!=", ir.Constant(str(text)) as constant, ir.Read() as subject
            ):
                if _has_wildcard(text):
                    glob = _matched(subject, _WILDCARD.sub("*", text))
                    yield _wildcard(constant, text, glob if node.operator == "=" else f"!({glob})", "here")
            case ir.TextTest("contains" as function, (subject, ir.Constant(str(text)) as constant)) | ir.Call(
                "starts_with" | "ends_with" as function, (subject, ir.Constant(str(text)) as constant)
            ):
                if (plain := _ANCHOR.sub("", _WILDCARD.sub("", text))) not in ("", text):
                    sign = "!" if isinstance(node, ir.TextTest) and node.negated else ""
                    message = f"`{function}` has no wildcards, so it looks for `{constant.span.text}` as it is written"
                    help_ = f"write `{sign}{function}({subject.span.text}, {quote(plain)})`"
                    yield Diagnostic("RW0413", message, constant.span, help=(help_,))
            case ir.Compare("in", ir.Read() as subject, ir.MakeList(items)):
                for item in items:
                    if isinstance(item, ir.Constant) and isinstance(item.value, str) and _has_wildcard(item.value):
                        yield _wildcard(item, item.value, _any_of(subject, items), "here")
            case _:
                pass


def is_regular_expression(pattern: str) -> bool:
    """Whether a pattern has characters that a regular expression needs and a glob does not."""
    return _IS_REGULAR_EXPRESSION.search(pattern) is not None


def has_repeated_dot(subject: ir.Value, pattern: str) -> bool:
    """Whether a pattern has `.*` for any text, as in `Order.*`, and not the dot of a file, a host, or a version."""
    if isinstance(subject, ir.Read) and subject.steps and _NAMED_WITH_DOTS.search(str(subject.steps[-1])):
        return False
    return _REPEATED_DOT.search(pattern) is not None and _DOTTED.search(pattern) is None


def has_wildcard_of_sql(pattern: str) -> bool:
    """Whether a pattern begins or ends with `%`."""
    return _WILDCARD.search(pattern.replace("*", "")) is not None


def _has_wildcard(text: str) -> bool:
    """Whether a text begins or ends with a wildcard; `%` alone is the sign of a share."""
    return text != "%" and _WILDCARD.search(text) is not None


def _matched(subject: ir.Value, glob: str) -> str:
    return f"match({subject.span.text}, {quote(glob)})"


def _any_of(subject: ir.Value, items: tuple[ir.Value, ...]) -> str:
    """A condition for a list of texts of which some have wildcards."""
    plain, conditions = [], []
    for item in items:
        text = item.value if isinstance(item, ir.Constant) else None
        if isinstance(text, str) and _has_wildcard(text):
            conditions.append(_matched(subject, _WILDCARD.sub("*", text)))
        else:
            plain.append(item.span.text)
    if plain:
        conditions.insert(0, f"{subject.span.text} in [{', '.join(plain)}]")
    return conditions[0] if len(conditions) == 1 else f"({' or '.join(conditions)})"


def _regular_expression(subject: ir.Value, pattern: ir.Constant, text: str, sign: str) -> Diagnostic:
    message = f"`{pattern.span.text}` is a regular expression, and `match` takes a glob"
    glob = _as_glob(text)
    help_ = "a glob has `*` for any characters, `?` for one, and `[a-z]` for one of some"
    if glob is not None:
        help_ = f"write `{sign}{_matched(subject, glob)}`"
        if not set(glob) & set("*?"):
            help_ = f"write `{subject.span.text} {sign}= {quote(glob)}`"
    return Diagnostic("RW0413", message, pattern.span, help=(help_,))


def _repeated_dot(subject: ir.Value, pattern: ir.Constant, text: str, sign: str) -> Diagnostic:
    message = f"`.` is literal in a glob, so `{pattern.span.text}` matches only texts with a `.`"
    help_ = f"write `{sign}{_matched(subject, _REPEATED_DOT.sub('*', text))}`"
    return Diagnostic("RW0413", message, pattern.span, help=(help_,))


def _as_glob(text: str) -> str | None:
    """The glob for a simple regular expression, which matches anywhere in a text unless it is anchored."""
    start, end = text.startswith("^"), text.endswith("$")
    inner = text[start : len(text) - end]
    parts = []
    for piece in _PIECE.finditer(inner):
        if piece["plain"] and _NOT_IN_GLOB.search(piece["plain"]):
            return None
        wild = "*" if piece["any"] else "?*" if piece["some"] else "?" if piece["one"] else None
        parts.append(wild or piece["escaped"] or piece["plain"])
    glob = f"{'' if start else '*'}{''.join(parts)}{'' if end else '*'}"
    return re.sub(r"\*+", "*", glob)


def _wildcard(constant: ir.Constant, text: str, instead: str, place: str) -> Diagnostic:
    sign = "%" if "%" in text else "*"
    message = f"`{sign}` is literal {place}, so `{constant.span.text}` is compared as it is written"
    return Diagnostic("RW0413", message, constant.span, help=(f"write `{instead}`",))

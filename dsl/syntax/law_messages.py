"""Messages for text that is not a law, or not an expectation of `no value of … in requests`."""

from __future__ import annotations

import re

from ..diagnostics.diagnostic import Diagnostic, Fix
from ..source import Span
from .unexpected import Unexpected

_LAW = re.compile(r"law\b")
_IN_A_WORD = re.compile(r"\w\w")
_LINE = re.compile(r"[^\n]*")
_WHERE = frozenset(("when", "if", "with", "having", "that", "which", "such", "and", "filter", ",", ":"))
"""What people write for `where`."""
_ANY = frozenset(("all", "every", "each", "an", "any", "the"))
_OTHER_STATEMENTS = frozenset(("given", "case", "when", "use", "on", "where"))
_NO_CONDITION = re.compile(r"\bwhere\s+(?:expect\s+)?\Z")
_NO_VALUE = "write `expect no value of traits.email in requests`"


def of_law(span: Span, text: str, unexpected: Unexpected, word: str) -> Diagnostic | None:
    """The diagnostic; None where nothing is known of this mistake."""
    if _IN_A_WORD.match(text, unexpected.start - 1):
        return None
    place = span.within(unexpected.start, max(unexpected.start + len(word), unexpected.start + 1))
    accepted = unexpected.accepted

    def report(message: str, help_: str, fix: Fix | None = None) -> Diagnostic:
        return Diagnostic("RW0101", message, place, help=(help_,), fix=fix)

    if accepted == {"FILTER_PATH"} and word[:1] in ("'", '"') and "value" in text[: unexpected.start]:
        return report(f"expected a path, found `{word}`", "write the path without quotes")
    if accepted == {"IN"} or accepted == {"REQUESTS"}:
        keyword = "in requests" if accepted == {"IN"} else "requests"
        shown = f"`{word}`" if word.strip() else "the end of the line"
        return report(f"expected `{keyword}`, found {shown}", _NO_VALUE)
    if accepted == {"STRING", "VALUE"} and re.match(r"[\w$]", word):
        line = _LINE.match(text, unexpected.start)
        path = (line[0] if line else word).partition(" in ")[0].partition("}")[0].strip()
        return report(
            f"expected `value` or the name of a mapping in quotes, found `{word}`",
            f"write `expect no value of {path} in requests`",
        )
    if _LAW.match(text) is None:
        return None
    unfinished = _NO_CONDITION.search(text, 0, unexpected.start)
    if unfinished is not None:
        keyword_span = span.within(unfinished.start(), unfinished.start() + len("where"))
        help_ = 'write the condition after `where`, as in `where type = "track"`'
        return Diagnostic("RW0105", "`where` has no condition", keyword_span, help=(help_,))
    if accepted in ({"ANY"}, {"EVENT"}) or (accepted >= {"FOR", "EXPECT"} and word in ("forall", "foreach")):
        return report(f"expected `for any event`, found `{word}`", "begin a law with `for any event`")
    if "_WHERE" in accepted and word in _WHERE:
        fix = Fix(place, "where", "write `where`") if word != "," and word != ":" else Fix(place, "", "delete it")
        return report(f"expected `where`, found `{word}`", "write `for any event where …`", fix)
    if accepted >= {"FOR", "EXPECT"} and word in _OTHER_STATEMENTS:
        help_ = "write `for any event where …` to choose its events, or write a `test`"
        return report(f"a law has no statement `{word}`", help_)
    return None

"""Items whose first line has no opening brace: `mapping "Orders" -> logPurchase`."""

from __future__ import annotations

import re

from ..diagnostics.diagnostic import Diagnostic, Fix, fixable
from ..lexis import COMMENT, NAME, STRING
from ..source import Span

_HEAD = re.compile(
    rf"(?P<head>(?:(?:disabled[ \t]+)?mapping[ \t]*{STRING}[ \t]*->[ \t]*{NAME}|(?:test|law)[ \t]*{STRING}"
    rf"|defaults[ \t]+{NAME}|settings))(?P<colon>[ \t]*:)?(?P<rest>[ \t]*(?:{COMMENT})?)\n"
    rf"(?:\s|{COMMENT}\n)*(?P<next>(?![{{#}}])\S[\w-]*)"
)


def open_body(span: Span, text: str) -> tuple[str, list[Diagnostic]]:
    """The text of an item with a missing `{` in place, offsets unchanged, and the diagnostic; else the same text."""
    match = _HEAD.match(text)
    if match is None:
        return text, []
    end = match.end("head")
    line_end = match.end("rest")
    message, help_ = f"expected `{{`, found `{match['next']}`", "write `{` at the end of the item's first line"
    fix = Fix(span.within(0, match.start("rest")), f"{match['head']} {{", help_)
    diagnostic = fixable(message, span.within(*match.span("next")), fix)
    # The brace takes the place of what ends the line, so everything behind it stays where it is.
    return text[:end] + "{".ljust(line_end + 1 - end) + text[line_end + 1 :], [diagnostic]

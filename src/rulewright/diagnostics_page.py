"""docs/diagnostics.md: every code that a check can give, made from the registry."""

from __future__ import annotations

from .dsl.diagnostics.codes import CODES, Code

_HEAD = """\
# Diagnostics

This page is made from `dsl/codes.py`. A code has one meaning for ever, and none is used again. An *error* stops the
build; a *warning* can be silenced with a reason, as [check](check.md) tells.
"""

GROUPS = {
    "RW00": "Files",
    "RW01": "Syntax",
    "RW02": "Names",
    "RW03": "Types",
    "RW04": "Triggers",
    "RW05": "What the destination asks for",
    "RW06": "Silences",
    "RW07": "Tests",
}
"""What the first digits of a code say."""


def diagnostics_page() -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for prefix, title in GROUPS.items():
        lines += [f"## {title}", "", "| | | |", "|---|---|---|"]
        lines += [_row(code) for name, code in CODES.items() if name.startswith(prefix)]
        lines.append("")
    return "\n".join(lines)


def _row(code: Code) -> str:
    explanation = code.explanation.replace("|", "\\|")
    return f"| `{code.code}` | {code.severity} | **{code.title}.** {explanation} |"

"""Makes docs/diagnostics.md, the table of all codes, from the registry, and finds the page of each code."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from .dsl.diagnostics.codes import CODES, Code

_HEAD = """\
# Diagnostics

This page is generated from `dsl/diagnostics/codes.py`. A code keeps its meaning forever and is never reused. An *error*
stops the build; a *warning* can be silenced with a reason, as [check](check.md) shows. The page of a code explains it,
with an example and what to write instead; `rulewright explain CODE` shows the same page.
"""

GROUPS = {
    "RW00": "Files",
    "RW01": "Syntax",
    "RW02": "Names",
    "RW03": "Types",
    "RW04": "Triggers",
    "RW05": "Demands of the destination",
    "RW06": "Suppressions",
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
    return f"| [`{code.code}`](diagnostics/{code.code}.md) | {code.severity} | **{code.title}.** {explanation} |"


@cache
def page_path(code: str) -> Path | None:
    """The file of that page; None where the package is not in a folder."""
    page = resources.files(f"{__package__}.diagnostic_pages").joinpath(f"{code}.md")
    return page.absolute() if isinstance(page, Path) and page.exists() else None


def page_of(code: str) -> str:
    """The page of a code of the registry, as Markdown: what it says, why, an example, and what to write instead."""
    pages = resources.files(f"{__package__}.diagnostic_pages")
    return pages.joinpath(f"{code}.md").read_text(encoding="utf-8")

"""The fenced blocks of a page: what each holds, the file that it is, and why it is not run where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.paths import ROOT

PAGES = (
    "README.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "diagnostics"),
)
"""All pages but those of the codes, which `test_diagnostic_pages` runs."""
CODE_PAGES = tuple(sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "diagnostics").glob("*.md")))

_BLOCK = re.compile(
    r"^(?:`(?P<name>[\w./-]+)`[^\n]*:\n\n)?"
    r"(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?"
    r"(?:<!-- not formatted: (?P<unformatted>[^\n]+) -->\n)?"
    r"(?P<fence>```+)(?P<language>[^\n]*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    text: str
    name: str | None
    """The file that it is: "`shop.rules`:" stands above it."""
    reason: str | None
    """Why it is not run: `<!-- not run: … -->` stands above it."""
    unformatted: str | None
    """Why `rulewright fmt` would change it: `<!-- not formatted: … -->` stands above it."""
    span: tuple[int, int]
    """Where its text stands in the page."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: str, text: str) -> Iterator[Block]:
    """The blocks of a page, in their order."""
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("fence")) + 1
        yield Block(
            page,
            line,
            match["language"],
            match["text"],
            match["name"],
            match["reason"],
            match["unformatted"],
            match.span("text"),
        )

"""Rules on the pages are in the form that `rulewright fmt` writes, or the page says why not."""

from __future__ import annotations

import re

import pytest

from rulewright.dsl.format.formatter import format_file
from rulewright.dsl.source import Source
from rulewright.loading.catalog import KNOWN_NAMES
from tests.paths import ROOT

from .blocks import CODE_PAGES, PAGES, Block, blocks_of

RULES = [
    block
    for page in (*PAGES, *CODE_PAGES, "CONTRIBUTING.md")
    for block in blocks_of(page, (ROOT / page).read_text(encoding="utf-8"))
    if block.language == "rules"
]
_FIELDS = re.compile(r"[\w.]+ *= ")


@pytest.mark.parametrize("block", RULES, ids=str)
def test_rules_are_formatted_or_say_why_not(block: Block) -> None:
    if block.unformatted is None:
        assert formatted(block.text) == block.text
    else:
        assert len(block.unformatted) > 10
        assert formatted(block.text) != block.text, "the block is formatted: remove the comment above it"


def formatted(text: str) -> str:
    """The text as `rulewright fmt` writes it; a block that begins with a field is the body of a mapping."""
    if not _FIELDS.match(text):
        return format_file(Source("page.rules", text), KNOWN_NAMES)[0]
    head, foot = 'mapping "Page" -> action {\n', "}\n"
    body = "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
    whole = format_file(Source("page.rules", head + body + foot), KNOWN_NAMES)[0]
    return re.sub(r"^  ", "", whole.removeprefix(head).removesuffix(foot), flags=re.MULTILINE)


def test_rules_that_are_not_formatted_are_noticed() -> None:
    assert formatted("a  =  b\n") == "a = b\n"
    assert formatted("drop  traits.email\n") == "drop traits.email\n"
    assert formatted("user_id = coalesce(\n") == "user_id = coalesce(\n"

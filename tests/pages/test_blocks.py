"""Every fenced block of the pages is run, or says why not; commands write what the pages show."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.paths import ROOT

from .blocks import PAGES, blocks_of
from .execution import PageError
from .repetition import repeated


@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_shows_is_what_happens(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert repeated(page, text, tmp_path) == text


NOT_RUN = [
    block for page in PAGES for block in blocks_of(page, (ROOT / page).read_text(encoding="utf-8")) if block.reason
]


def test_what_is_not_run_says_why(record_property: Callable[[str, object], None]) -> None:
    for block in NOT_RUN:
        sys.stdout.write(f"{block}: {block.reason}\n")
        record_property(str(block), block.reason)
    assert all(block.reason and len(block.reason) > 10 for block in NOT_RUN)


def page(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


RULES = """destination amplitude
mapping "A" -> logEventV2 {
  when type = "track"
  use defaults
  on conflict fold
}"""
WRONG = RULES.replace("use defaults", "nope = 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (page("```\nx\n```"), "page.md:1: a block of `` cannot be run; say `<!-- not run: … -->` above it"),
        (page("```text\nx\n```"), "page.md:1: a block of `text` cannot be run; say `<!-- not run: … -->` above it"),
        (page("```rules\nmapping\n```"), "page.md:1: "),
        (
            page(f"`a.rules`:\n\n```rules\n{RULES.replace('track', 'nope').replace('use', 'nope')}\n```"),
            "page.md:3: `a.rules` has errors",
        ),
        (page("```json\n[]\n```"), "page.md:1: expected an event, found []"),
        (page("```console\nrulewright check\n```"), "page.md:1: expected a command after `$ `"),
        (page("```console\n$ rm x\n```"), "page.md:1: expected a command of rulewright, found `rm x`"),
        (page("```usage\nrulewright check --nope\n```"), "page.md:1: `rulewright check` has no --nope"),
    ],
)
def test_a_block_that_is_wrong_is_found(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PageError) as caught:
        repeated("page.md", text, tmp_path)
    assert str(caught.value).startswith(message)


def test_the_output_of_a_command_is_compared(tmp_path: Path) -> None:
    text = page(f"`a.rules`:\n\n```rules\n{RULES}\n```", "```console\n$ rulewright check a.rules\nnothing\n```")
    assert "no findings" in repeated("page.md", text, tmp_path).split("$ rulewright check a.rules\n")[1]


def test_a_file_that_a_command_wrote_is_shown_as_it_wrote_it(tmp_path: Path) -> None:
    command = "```console\n$ rulewright import examples/segment.json > a.rules\n```"
    now = repeated("page.md", page(command, "`a.rules`:\n\n```rules\n# old\n```"), tmp_path)
    assert now.split("`a.rules`:\n\n```rules\n")[1].startswith("# Imported from Segment.")


def test_what_is_marked_is_not_run(tmp_path: Path) -> None:
    text = page("<!-- not run: it is a diagram -->\n```\nx\n```")
    assert repeated("page.md", text, tmp_path) == text

"""A man page for each command, with every option that its help shows."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from release.man_pages import write
from rulewright.cli import group

# click-man asks Click for a short help by a function that Click 9 will not have.
pytestmark = pytest.mark.filterwarnings("ignore:.*make_default_short_help:DeprecationWarning")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all pages."""
    folder = tmp_path_factory.mktemp("man")
    write(folder)
    return folder


def test_each_command_has_a_page(pages: Path) -> None:
    names = group.list_commands(click.Context(group))
    assert {f"rulewright-{name}.1" for name in names} <= {page.name for page in pages.iterdir()}
    assert "rulewright.1" in {page.name for page in pages.iterdir()}


@pytest.mark.parametrize("name", group.list_commands(click.Context(group)))
def test_a_page_has_each_option(pages: Path, name: str) -> None:
    context = click.Context(group, info_name="rulewright")
    command = group.get_command(context, name)
    assert command is not None
    text = (pages / f"rulewright-{name}.1").read_text()
    for mark, plain in ((r"\fB", ""), (r"\fP", " "), ("\\", "")):
        text = text.replace(mark, plain)
    options = [option for parameter in command.get_params(context) for option in parameter.opts]
    wanted = [option for option in options if option[0] == "-" and option not in ("-h", "--help")]
    assert [option for option in wanted if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)] == []


def test_a_page_has_the_examples_of_the_help(pages: Path) -> None:
    text = (pages / "rulewright-dead-letters-retry.1").read_text()
    assert ".SH EXAMPLES\n.nf\n  rulewright dead-letters retry --queue queue.db\n" in text


def test_the_line_of_the_name_is_a_whole_sentence(pages: Path) -> None:
    lines = {page.name: page.read_text().partition("SH NAME\n")[2].partition("\n")[0] for page in pages.iterdir()}
    assert {name: line for name, line in lines.items() if line.endswith((".", "\\-", "\\- "))} == {}
    check = "rulewright\\-check \\- Find mistakes in RULES (files, folders, or - for standard input)"
    assert lines["rulewright-check.1"].startswith(check)

"""The pages that are made from the code are in docs/ as the code has them now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.destination_page import destination_page
from rulewright.diagnostics_page import diagnostics_page
from rulewright.dsl.diagnostics.codes import CODES
from rulewright.reference_pages import PAGES, functions_page, main, stale_pages, write_pages
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.functions import FUNCTIONS
from tests.paths import ROOT

_DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_not_stale(name: str) -> None:
    assert name not in stale_pages(_DOCS), "run `python -m rulewright.reference_pages --write`"


def test_every_function_has_a_section_with_its_examples() -> None:
    page = functions_page()
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == list(FUNCTIONS)
    assert page.count("\n| `") == sum(len(function.examples) for function in FUNCTIONS.values())


def test_every_code_is_listed_once_on_the_page_of_diagnostics() -> None:
    page = diagnostics_page()
    assert [name for name in CODES if page.count(f"| [`{name}`](diagnostics/{name}.md) | ") != 1] == []


def test_every_action_has_a_section_with_its_fields_and_defaults() -> None:
    destination = DESTINATIONS["amplitude"]
    sections = {part.splitlines()[0]: part for part in destination_page(destination).split("\n## ")}
    for action in destination.actions.values():
        section = sections[action.title]
        for field in action.fields:
            assert f"| `{field.name}` | " in section
            assert f"**{field.label}.** {field.description}" in section
    assert "| `insert_id` | string, not blank | `messageId` |" in sections["Log Event V2"]
    assert all(f"| `{code}` | " in sections["Limits"] for code in destination.limits)
    assert all(f"| `{name}` | " in sections["Settings"] for name in destination.setting_names)


def test_the_section_of_an_action_says_where_it_comes_from() -> None:
    destination = DESTINATIONS["amplitude"]
    action = destination.actions["mapUser"]
    for ours, said in ((False, f"Source: {action.source}."), (True, "Segment has no such action.")):
        page = destination_page(replace(destination, actions={"mapUser": replace(action, ours=ours)}))
        assert f'Default trigger: `type = "alias"`. {said}\n' in page


def test_a_row_of_a_table_has_four_cells() -> None:
    rows = [line for line in functions_page().splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {5}


def test_the_command_says_what_is_stale_and_makes_it_anew(tmp_path: Path) -> None:
    run = CliRunner().invoke
    missing = run(main, [str(tmp_path)])
    assert missing.exit_code == 1
    assert "functions.md is stale" in missing.output
    assert run(main, ["--write", str(tmp_path)]).exit_code == 0
    assert run(main, [str(tmp_path)]).output == ""
    (tmp_path / "functions.md").write_text("old", encoding="utf-8")
    assert stale_pages(tmp_path) == ["functions.md"]


def test_pages_have_the_same_bytes_each_time(tmp_path: Path) -> None:
    write_pages(tmp_path)
    first = {page.name: page.read_bytes() for page in tmp_path.iterdir()}
    write_pages(tmp_path)
    assert {page.name: page.read_bytes() for page in tmp_path.iterdir()} == first

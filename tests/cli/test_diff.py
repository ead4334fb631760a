"""`rulewright diff`: exit codes, formats, standard input, and what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import ROOT, rulewright

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
EVENTS = ROOT / "examples" / "events.jsonl"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    path = tmp_path / "branch.rules"
    path.write_text(
        PRESETS.read_text(encoding="utf-8").replace("Viewed {{name}}", "Viewed: {{name}}"), encoding="utf-8"
    )
    return path


def test_nothing_changes_ends_with_zero(tmp_path: Path) -> None:
    copy = tmp_path / "moved.rules"
    copy.write_text("\n\n# moved\n" + PRESETS.read_text(encoding="utf-8"), encoding="utf-8")
    done = rulewright("diff", PRESETS, copy, "--events", EVENTS)
    assert (done.returncode, done.stdout) == (0, "No request changes in 1,000 events (944 requests).\n")


def test_a_change_ends_with_one_and_is_told(edited: Path) -> None:
    done = rulewright("diff", PRESETS, edited, "--events", EVENTS)
    assert done.returncode == 1
    assert '"Page Calls"\n  event_type coalesce( if(visible(name), "Viewed {{name}}", omit)' in done.stdout
    assert '→ coalesce( if(visible(name), "Viewed: {{name}}", omit)' in done.stdout
    assert "153 requests change in events[].event_type: " in done.stdout
    assert done.stdout.endswith("In 1,000 events, 248 of 944 requests change. No other request changes.\n")


def test_json_and_markdown(edited: Path) -> None:
    facts = json.loads(rulewright("diff", PRESETS, edited, "--format", "json").stdout)
    assert [edit["mapping"] for edit in facts["edits"]] == ["Page Calls", "Screen Calls"]
    report = rulewright("diff", PRESETS, edited, "--format", "markdown")
    assert report.returncode == 1
    assert report.stdout.startswith("## What changes from `")


def test_one_version_or_the_events_may_come_from_standard_input(edited: Path) -> None:
    old = PRESETS.read_text(encoding="utf-8")
    assert rulewright("diff", "-", PRESETS, given=old).returncode == 0
    assert rulewright("diff", "-", edited, given=old).returncode == 1
    events = EVENTS.read_text(encoding="utf-8")
    assert "248 of 944" in rulewright("diff", PRESETS, edited, "--events", "-", given=events).stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([PRESETS], "Missing argument"),
        (["-", "-"], "standard input can be read once"),
        ([PRESETS, PRESETS, "--events", "gone.jsonl"], "`gone.jsonl` cannot be read: no such file"),
        ([PRESETS, "gone.rules"], "`gone.rules` cannot be read: no such file"),
    ],
)
def test_what_cannot_be_compared_ends_with_two(arguments: list[str | Path], sentence: str) -> None:
    done = rulewright("diff", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_rules_with_errors_are_shown_and_not_compared(tmp_path: Path) -> None:
    (tmp_path / "broken.rules").write_text('destination amplitude\nmapping "A" -> fly { when type = "page" }\n')
    done = rulewright("diff", PRESETS, tmp_path / "broken.rules")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[RW0203]" in done.stderr
    assert "Traceback" not in done.stderr

"""`rulewright diff`: exit codes, formats, standard input, and what cannot be compared."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

from .running import rulewright

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
        ([PRESETS], "name two rule files, or one with --base"),
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


def git(folder: Path, *arguments: str) -> None:
    names = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Rules whose included file was edited after the last commit."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "shop.rules").write_text('destination amplitude\n\ninclude "pages.rules"\n')
    pages = tmp_path / "rules" / "pages.rules"
    fields = 'event_type = "Viewed {{name}}"\n  user_id = userId'
    text = f'mapping "Pages" -> logEventV2 {{\n  when type = "page"\n  {fields}\n}}\n'
    pages.write_text(text)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    pages.write_text(text.replace("Viewed", "Saw"))
    return tmp_path


def test_a_revision_is_compared_with_what_it_includes(repository: Path) -> None:
    done = rulewright("diff", "--base", "HEAD", "rules/shop.rules", folder=repository)
    assert (done.returncode, "Saw {{name}}" in done.stdout) == (1, True), done
    git(repository, "commit", "-qam", "second")
    assert rulewright("diff", "--base", "HEAD", "rules/shop.rules", folder=repository).returncode == 0
    assert rulewright("diff", "--base", "HEAD~1", "shop.rules", folder=repository / "rules").returncode == 1


def test_links_are_followed_as_they_were_and_not_out_of_the_repository(repository: Path) -> None:
    (repository / "rules" / "link.rules").symlink_to("shop.rules")
    (repository / "outside.rules").symlink_to(repository.resolve() / "rules" / "shop.rules")
    git(repository, "add", "rules/link.rules", "outside.rules")
    git(repository, "commit", "-qm", "links")
    done = rulewright("diff", "--base", "HEAD", "rules/link.rules", folder=repository)
    assert (done.returncode, "Saw {{name}}" in done.stdout) == (1, True), done
    done = rulewright("diff", "--base", "HEAD", "outside.rules", folder=repository)
    assert (done.returncode, "is a link that leads to no rule file of that revision" in done.stderr) == (2, True), done


def test_names_that_are_not_utf8_are_read_over(repository: Path) -> None:
    (repository / os.fsdecode(b"caf\xe9.rules")).write_text("destination amplitude\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    assert rulewright("diff", "--base", "HEAD", "rules/shop.rules", folder=repository).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--base", "gone", "rules/shop.rules"], "Git knows no revision `gone`"),
        (["--base", "--help", "rules/shop.rules"], "Git knows no revision `--help`"),
        (["--base", "HEAD", "rules/new.rules"], "`HEAD` has no file `rules/new.rules`"),
        (["--base", "HEAD", "rules/shop.rules", "rules/shop.rules"], "name two rule files, or one with --base"),
        (["--base", "HEAD", "-"], "--base compares a file"),
    ],
)
def test_what_a_revision_does_not_have_is_said(repository: Path, arguments: list[str], sentence: str) -> None:
    done = rulewright("diff", *arguments, folder=repository)
    assert (done.returncode, sentence in done.stderr) == (2, True), done


def test_outside_of_a_repository_there_is_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "a.rules").write_text("destination amplitude\n")
    assert "is not in a Git repository" in rulewright("diff", "--base", "HEAD", "a.rules", folder=tmp_path).stderr


def test_rules_on_standard_input_include_nothing_of_the_folder(repository: Path) -> None:
    text = (repository / "rules" / "shop.rules").read_text()
    done = rulewright("diff", "-", "shop.rules", given=text, folder=repository / "rules")
    assert (done.returncode, "include `pages.rules`, and which version" in done.stderr) == (2, True)
    shipped = 'destination amplitude\ninclude "amplitude/presets.rules"\n'
    assert rulewright("diff", "-", PRESETS, given=shipped, folder=repository).returncode == 0

"""`rulewright check`: its formats, its exit codes, fixes in the file, silences, and recorded events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT

from .running import Done, rulewright

TYPO = """destination amplitude

mapping "Orders" -> logPurchase {
  when type = "track" and event = "Order Completed"
  use defaults
  city = contxt.location.city
  user_properties = omit
}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(TYPO)
    return tmp_path


def test_any_finding_ends_with_one_unless_only_errors_are_to(shop: Path) -> None:
    done = rulewright("check", "shop.rules", folder=shop)
    assert done.returncode == 1
    assert "warning[RW0201]: events have no `contxt`\n  shop.rules:6:10\n" in done.stdout
    assert rulewright("check", "shop.rules", "--fail-on", "error", folder=shop).returncode == 0
    (shop / "shop.rules").write_text(TYPO.replace("city", "citty"))
    assert rulewright("check", "shop.rules", "--fail-on", "error", folder=shop).returncode == 1


def test_json_holds_findings_and_silenced_ones_of_all_files(shop: Path) -> None:
    quiet = TYPO.replace("\n  city", "\n  # allow RW0201: our own\n  city")
    (shop / "quiet.rules").write_text(quiet)
    done = rulewright("check", "shop.rules", "quiet.rules", "--format", "json", folder=shop)
    facts = json.loads(done.stdout)
    assert [(finding["code"], finding["file"], finding["line"]) for finding in facts["findings"]] == [
        ("RW0201", "shop.rules", 6)
    ]
    assert [(finding["file"], finding["reason"]) for finding in facts["silenced"]] == [("quiet.rules", "our own")]
    assert (facts["mappings"], facts["fixed"], facts["undecided"]) == (2, [], [])


def test_sarif_and_github_are_what_their_readers_take(shop: Path) -> None:
    sarif = json.loads(rulewright("check", "shop.rules", "--format", "sarif", folder=shop).stdout)
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["RW0201"]
    done = rulewright("check", "shop.rules", "--format", "github", folder=shop)
    assert done.stdout.startswith("::warning file=shop.rules,line=6,endLine=6,col=10,endColumn=15,")
    assert done.stdout.count("\n") == 1
    assert done.stderr.startswith("1 warning in shop.rules (1 mapping, ")


def test_a_fix_is_made_in_the_file_and_said(shop: Path) -> None:
    path = shop / "shop.rules"
    path.write_bytes(TYPO.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    (shop / "link.rules").symlink_to("shop.rules")
    done = rulewright("check", "link.rules", "--fix", folder=shop)
    assert done.stdout.startswith("fixed link.rules:6:10: write `context` (RW0201)\n\nno findings in link.rules")
    assert done.returncode == 0
    assert path.read_bytes() == TYPO.replace("contxt", "context").replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert (shop / "link.rules").is_symlink()
    assert sorted(file.name for file in shop.iterdir()) == ["link.rules", "shop.rules"]


def test_a_fix_reaches_the_files_that_are_included(shop: Path) -> None:
    (shop / "all.rules").write_text('include "shop.rules"\n')
    facts = json.loads(rulewright("check", "all.rules", "--fix", "--format", "json", folder=shop).stdout)
    assert [(edit["file"], edit["replacement"]) for edit in facts["fixed"]] == [("shop.rules", "context")]
    assert facts["findings"] == []
    assert "contxt" not in (shop / "shop.rules").read_text()


def test_nothing_is_written_where_nothing_is_to_fix(shop: Path) -> None:
    path = shop / "shop.rules"
    path.write_text(TYPO.replace("contxt", "context"))
    before = path.stat()
    assert rulewright("check", "shop.rules", "--fix", folder=shop).returncode == 0
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_standard_input_cannot_be_fixed() -> None:
    done = rulewright("check", "-", "--fix", given=TYPO)
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input cannot be fixed" in done.stderr


def test_recorded_events_are_read_from_a_file(shop: Path) -> None:
    (shop / "week.jsonl").write_text('{"type": "track", "event": "Order Completed", "userId": "user-1"}\n')
    (shop / "shop.rules").write_text(TYPO.replace("contxt", "context"))
    done = rulewright("check", "shop.rules", "--events", "week.jsonl", folder=shop)
    path = "context.location.city"
    message = f'warning[RW0213]: `{path}` is in no event that "Orders" takes (1 of 1 in `week.jsonl`)'
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, message)
    assert rulewright("check", "shop.rules", "--events", "gone.jsonl", folder=shop).returncode == 2


def test_recorded_lines_that_are_not_events_are_told_once(shop: Path) -> None:
    (shop / "week.jsonl").write_text('{"type": "track"}\n\n[1]\n[2]\noops\n')
    (shop / "more.rules").write_text((shop / "shop.rules").read_text())
    done = rulewright("check", ".", "--events", "week.jsonl", folder=shop)
    assert done.stderr.splitlines() == [
        "`week.jsonl`: 2 lines are not events: expected a JSON object, found a list",
        "`week.jsonl`: 1 line is not an event: JSON is malformed: invalid character",
    ]


def test_the_shipped_rules_are_clean() -> None:
    shipped = sorted(path for path in (ROOT / "rules").rglob("*.rules") if path.parent.name != "defaults")
    done = rulewright("check", *shipped, ROOT / "examples" / "shop.rules")
    assert done.returncode == 0, done.stdout


def test_a_change_is_checked_at_once_and_an_include_is_watched_too(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / "common").mkdir()
    (shop / "common" / "part.rules").write_text('mapping "Part" -> logEvent {\n}\n')
    watched: list[tuple[str, ...]] = []

    def changes(*folders: Path, watch_filter: Any) -> Iterator[set[tuple[int, str]]]:
        assert [watch_filter(1, name) for name in ("a.rules", "plan.json", "a.py")] == [True, True, False]
        watched.append(tuple(map(str, folders)))
        text = f'include "common/part.rules"\n{TYPO}' if len(watched) == 1 else TYPO
        (shop / "shop.rules").write_text(text)
        yield {(1, str(shop / "shop.rules"))}

    monkeypatch.setattr("watchfiles.watch", changes)
    done = rulewright("check", "shop.rules", "--watch", folder=shop)
    assert (done.returncode, watched) == (0, [(".",), (".", "common"), (".",)])
    counts = [line.split(" in ")[0] for line in done.stdout.splitlines() if " in shop.rules (" in line]
    assert counts == ["1 warning", "2 errors, 1 warning", "1 warning", "1 warning"]
    assert "shop.rules:6:10" in done.stdout and "shop.rules:7:10" in done.stdout
    assert done.stderr.count("shop.rules changed") == 3


@pytest.mark.parametrize("arguments", [("-", "--watch"), ("shop.rules", "--watch", "--fix"), ("no/a.rules", "--watch")])
def test_what_cannot_be_watched(arguments: tuple[str, ...], shop: Path) -> None:
    done = rulewright("check", *arguments, folder=shop)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


MAIN = """destination amplitude
include "parts/orders.rules"
mapping "B" -> mapUser {
  when type = "alias"
  user_id = usrId
}
"""
FRAGMENT = """drop traits.emial
mapping "A" -> mapUser {
  when type = "alias"
  user_id = userId
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parts" / ".hidden").mkdir(parents=True)
    (tmp_path / "main.rules").write_text(MAIN)
    (tmp_path / "parts" / "orders.rules").write_text(FRAGMENT)
    (tmp_path / "parts" / "lost.rules").write_text(FRAGMENT)
    (tmp_path / "parts" / ".hidden" / "other.rules").write_text("nonsense")
    return tmp_path


def found_in(done: Done) -> list[tuple[str, str]]:
    return [(finding["code"], finding["file"]) for finding in json.loads(done.stdout)["findings"]]


def test_a_folder_is_checked_and_each_fragment_through_its_includer(folder: Path) -> None:
    done = rulewright("check", ".", "--format", "json", folder=folder)
    assert done.returncode == 1
    assert found_in(done) == [
        ("RW0201", "main.rules"),
        ("RW0201", "parts/orders.rules"),
        ("RW0201", "parts/lost.rules"),
        ("RW0210", "parts/lost.rules"),
    ]


def test_a_fragment_is_checked_through_the_file_that_includes_it(folder: Path) -> None:
    done = rulewright("check", "parts/orders.rules", folder=folder)
    assert done.stdout.startswith("warning[RW0201]: `traits` has no `emial`")
    assert done.stdout.splitlines()[-1].startswith("1 warning in parts/orders.rules (through main.rules)")
    done = rulewright("check", "orders.rules", folder=folder / "parts")
    assert "RW0210" in done.stdout


def test_a_folder_of_fragments_is_checked_through_the_files_above_it(folder: Path) -> None:
    (folder / "parts" / "lost.rules").unlink()
    done = rulewright("check", "parts", folder=folder)
    assert done.stdout.splitlines()[-1].startswith("1 warning in parts/orders.rules (through main.rules)")
    assert "RW0210" in rulewright("check", ".", folder=folder / "parts").stdout


def test_a_fix_of_a_fragment_changes_no_other_file(folder: Path) -> None:
    done = rulewright("check", "parts/orders.rules", "--fix", folder=folder)
    assert done.returncode == 0, done.stdout
    assert (folder / "parts" / "orders.rules").read_text() == FRAGMENT.replace("emial", "email")
    assert (folder / "main.rules").read_text() == MAIN


@pytest.mark.parametrize("command", ["check", "test", "fmt"])
@pytest.mark.parametrize("only", [True, False], ids=["beside no other", "beside others"])
def test_files_that_only_look_like_rules_are_named(folder: Path, command: str, only: bool) -> None:
    (folder / ".venv" / "rules").mkdir(parents=True)
    left_out = {
        ".shop.rules": "it is hidden",
        "Shop.RULES": "its name does not end in `.rules`",
        "shop.rule": "its name does not end in `.rules`",
        "parts/shop.rules.txt": "its name does not end in `.rules`",
    }
    for name in (*left_out, ".venv/rules/tool.rules", "rules.md", "parts/.hidden/shop.rule"):
        (folder / name).write_text("nonsense")
    if only:
        for file in (folder / "main.rules", folder / "parts" / "orders.rules", folder / "parts" / "lost.rules"):
            file.unlink()
    done = rulewright(command, ".", folder=folder)
    said = [line for line in done.stderr.splitlines() if "left out" in line]
    assert sorted(said) == sorted(f"`{name}` is left out: {why}" for name, why in left_out.items())
    assert ("`.` holds no rule file" in done.stderr) == only
    assert not only or done.returncode == 2


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    done = rulewright("check", ".", folder=tmp_path)
    assert (done.returncode, "`.` holds no rule file" in done.stderr) == (2, True)

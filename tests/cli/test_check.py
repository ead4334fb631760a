"""`rulewright check`: its formats, its exit codes, fixes in the file, silences, and recorded events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import ROOT, rulewright

TYPO = """destination amplitude

mapping "Orders" -> logPurchase {
  when type = "track" and event = "Order Completed"
  use defaults
  city = contxt.location.city
  user_properties = omit
}
"""
ORDER = {"type": "track", "event": "Order Completed", "properties": {"products": [{"product_id": "p"}], "note": None}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(TYPO)
    return tmp_path


def test_any_finding_ends_with_one_unless_only_errors_are_to(shop: Path) -> None:
    done = rulewright("check", "shop.rules", folder=shop)
    assert done.returncode == 1
    assert "warning[RW0201]: `contxt` is not a part of an event\n  shop.rules:6:10\n" in done.stdout
    assert rulewright("check", "shop.rules", "--fail-on", "error", folder=shop).returncode == 0
    (shop / "shop.rules").write_text(TYPO.replace("city", "citty"))
    assert rulewright("check", "shop.rules", "--fail-on", "error", folder=shop).returncode == 1


def test_json_holds_findings_and_silenced_ones_of_all_files(shop: Path) -> None:
    quiet = TYPO.replace("\n  city", "\n  # allow RW0201: our own\n  city")
    (shop / "quiet.rules").write_text(quiet)
    done = rulewright("check", "shop.rules", "quiet.rules", "--format", "json", folder=shop)
    facts = json.loads(done.stdout)
    assert [(one["code"], one["file"], one["line"]) for one in facts["findings"]] == [("RW0201", "shop.rules", 6)]
    assert [(one["file"], one["reason"]) for one in facts["silenced"]] == [("quiet.rules", "our own")]
    assert (facts["mappings"], facts["fixed"], facts["undecided"]) == (2, [], [])


def test_sarif_and_github_are_what_their_readers_take(shop: Path) -> None:
    sarif = json.loads(rulewright("check", "shop.rules", "--format", "sarif", folder=shop).stdout)
    assert [one["ruleId"] for one in sarif["runs"][0]["results"]] == ["RW0201"]
    annotation, counts = rulewright("check", "shop.rules", "--format", "github", folder=shop).stdout.splitlines()
    assert annotation.startswith("::warning file=shop.rules,line=6,endLine=6,col=10,endColumn=15,")
    assert counts.startswith("1 warning in shop.rules (1 mapping, ")


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
    assert sorted(one.name for one in shop.iterdir()) == ["link.rules", "shop.rules"]


def test_a_fix_reaches_the_files_that_are_included(shop: Path) -> None:
    (shop / "all.rules").write_text('include "shop.rules"\n')
    facts = json.loads(rulewright("check", "all.rules", "--fix", "--format", "json", folder=shop).stdout)
    assert [(one["file"], one["replacement"]) for one in facts["fixed"]] == [("shop.rules", "context")]
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


RECORDED = [
    ("properties.note", None),
    ("properties.nota", '`properties.nota` is in no event that "Orders" takes (2 of 3 in `week.jsonl`)'),
    ("name", '`name` is in no event that "Orders" takes (2 of 3 in `week.jsonl`)'),
    ("[p.product_id for p in properties.products]", None),
    (
        "[p.productId for p in properties.products]",
        '`p.productId` is in no event that "Orders" takes (2 of 3 in `week.jsonl`)',
    ),
    ("properties.products[0].product_id", None),
    (
        "properties.products[1].product_id",
        '`properties.products[1].product_id` is in no event that "Orders" takes (2 of 3 in `week.jsonl`)',
    ),
    ("properties.products.length", None),
    ("event.length", None),
    ("event.size", '`event.size` is in no event that "Orders" takes (2 of 3 in `week.jsonl`)'),
]


@pytest.mark.parametrize(("read", "message"), RECORDED, ids=[case[0] for case in RECORDED])
def test_recorded_events_show_paths_that_never_come(shop: Path, read: str, message: str | None) -> None:
    page = {"type": "page", "name": "Home"}
    lines = [json.dumps(ORDER), "no event", json.dumps({**ORDER, "properties": {}}), json.dumps(page)]
    (shop / "week.jsonl").write_text("\n".join(lines))
    (shop / "shop.rules").write_text(TYPO.replace("city = contxt.location.city", f"event_properties = {{ x: {read} }}"))
    done = rulewright("check", "shop.rules", "--events", "week.jsonl", "--format", "json", folder=shop)
    found = [one for one in json.loads(done.stdout)["findings"] if one["code"] == "RW0213"]
    assert [one["message"] for one in found] == ([message] if message else [])
    if read == "properties.nota":
        assert found[0]["help"] == ["did you mean `note`?"]


def test_recorded_events_show_triggers_that_they_never_meet(shop: Path) -> None:
    (shop / "week.jsonl").write_text(json.dumps({"type": "page", "name": "Home"}) + "\n")
    rules = "drop when properties.test = true\n" + TYPO.replace("contxt", "context")
    (shop / "shop.rules").write_text(rules)
    done = rulewright("check", "shop.rules", "--events", "week.jsonl", "--format", "json", folder=shop)
    assert [one["message"] for one in json.loads(done.stdout)["findings"]] == [
        "`properties.test` is in none of the events in `week.jsonl` (1)",
        '"Orders" takes none of the events in `week.jsonl` (1)',
        "`event` is in none of the events in `week.jsonl` (1)",
    ]
    (shop / "week.jsonl").write_text("")
    assert rulewright("check", "shop.rules", "--events", "week.jsonl", folder=shop).returncode == 0


def test_a_silence_for_recorded_events_is_idle_only_beside_them(shop: Path) -> None:
    rules = TYPO.replace("city = contxt.location.city", "city = context.location.city  # allow RW0213: apps only")
    (shop / "shop.rules").write_text(rules)
    (shop / "week.jsonl").write_text(json.dumps({**ORDER, "context": {"location": {"city": "Ulm"}}}) + "\n")
    assert rulewright("check", "shop.rules", folder=shop).returncode == 0
    done = rulewright("check", "shop.rules", "--events", "week.jsonl", folder=shop)
    assert "warning[RW0602]: there is no `RW0213` at line 6 to silence" in done.stdout


def test_the_shipped_rules_are_clean() -> None:
    shipped = sorted(path for path in (ROOT / "rules").rglob("*.rules") if path.parent.name != "defaults")
    done = rulewright("check", *shipped, ROOT / "examples" / "shop.rules")
    assert done.returncode == 0, done.stdout

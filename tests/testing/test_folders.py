"""`rulewright test` on folders: each rule file that stands alone, with its tests beside it, and no fragment."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import rulewright as command

RULES = """destination amplitude

include "parts/filters.rules"

mapping "Orders" -> logEventV2 {
  when type = "track" and event = "Order"
  use defaults
  user_properties = omit
}
"""
TEST = """test "an order" {
  given { "type": "track", "event": "Order", "userId": "user-1" }
  expect "Orders"
}
"""


def test_rule_files_of_a_folder_are_tested_with_the_tests_beside_them(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "filters.rules").write_text('drop when type = "group"\n')
    (tmp_path / "shop.rules").write_text(RULES)
    (tmp_path / "shop.test.rules").write_text(TEST)
    (tmp_path / "survey.rules").write_text(RULES.replace("Order", "Answer") + TEST.replace("Order", "Answer"))
    done = command("test", ".", "--laws", "0", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split()[:3] for line in done.stdout.splitlines()[:2]] == [
        ["shop.rules", "✔", "1"],
        ["survey.rules", "✔", "1"],
    ]
    (tmp_path / "shop.test.rules").write_text(TEST.replace("expect", "expect no"))
    assert command("test", ".", "--laws", "0", folder=tmp_path).returncode == 1


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    done = command("test", ".", folder=tmp_path)
    assert done.returncode == 2
    assert "`.` holds no rule file" in done.stderr

"""`rulewright presets` shows the rule files that ship, and a rule file includes one by its name."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import rulewright
from tests.cli.running import rulewright as command
from tests.paths import ROOT

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
RULES = 'destination amplitude\ninclude "amplitude/presets.rules"\ndrop when type = "group" or type = "alias"\n'
OWN = 'mapping "Own" -> logEvent { when type = "identify" user_id = userId event_type = "Own" }\n'
EVENT = {"type": "identify", "userId": "user-1", "anonymousId": "anonymous-1"}


def test_the_files_are_listed_with_their_mappings() -> None:
    lines = command("presets").stdout.splitlines()
    assert "amplitude/presets.rules" in lines
    assert '  "Identify Calls" -> identifyUser' in lines
    assert not any("test.rules" in line or "defaults" in line for line in lines)


@pytest.mark.parametrize("name", ["amplitude", "amplitude/presets.rules"])
def test_a_file_is_shown(name: str) -> None:
    assert command("presets", name).stdout == PRESETS.read_text()


def test_an_unknown_name_is_answered_with_all_names() -> None:
    done = command("presets", "amplitud")
    assert done.returncode == 2
    assert "there are no presets `amplitud`; there are: amplitude/presets.rules" in done.stderr


def test_a_file_is_copied_and_never_replaced_by_accident(tmp_path: Path) -> None:
    target = tmp_path / "own.rules"
    assert command("presets", "amplitude", "--copy", target).returncode == 0
    assert target.read_text() == PRESETS.read_text()
    target.write_text("mine")
    done = command("presets", "amplitude", "--copy", target)
    assert (done.returncode, target.read_text()) == (2, "mine")
    assert "--force" in done.stderr
    assert command("presets", "amplitude", "--copy", target, "--force").returncode == 0
    assert target.read_text() == PRESETS.read_text()


def test_copying_asks_which_file(tmp_path: Path) -> None:
    done = command("presets", "--copy", tmp_path / "own.rules")
    assert done.returncode == 2
    assert "amplitude/presets.rules" in done.stderr


def test_a_rule_file_includes_presets_by_name_and_is_checked_without_findings(tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(RULES)
    done = command("check", "shop.rules", folder=tmp_path)
    assert (done.returncode, "6 mappings" in done.stdout + done.stderr) == (0, True)
    done = command("run", "shop.rules", given=json.dumps(EVENT), folder=tmp_path)
    assert json.loads(done.stdout)["mapping"] == "Identify Calls"


def test_a_file_of_ones_own_comes_before_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    rules = tmp_path / "shop.rules"
    rules.write_text(RULES)
    for _ in range(2):  # compiled, then from the cache
        assert [request.mapping for request in rulewright.load(rules)(EVENT).requests] == ["Identify Calls"]
    (tmp_path / "amplitude").mkdir()
    (tmp_path / "amplitude" / "presets.rules").write_text(OWN)
    assert [request.mapping for request in rulewright.load(rules)(EVENT).requests] == ["Own"]


def test_a_failure_in_presets_shows_its_line(tmp_path: Path) -> None:
    rules = tmp_path / "shop.rules"
    rules.write_text(RULES)
    (failure,) = rulewright.load(rules)({"type": "identify"}).failures
    assert failure.span is not None
    assert re.fullmatch(r" *user_id += userId", failure.span.text)


@pytest.mark.parametrize("name", ["amplitude/absent.rules", "../runtime/action.py", "amplitude"])
def test_only_rule_files_that_ship_are_included_by_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(f'destination amplitude\ninclude "{name}"\n{OWN}')
    done = command("check", "shop.rules", folder=tmp_path)
    assert done.returncode == 1
    assert "cannot be read" in done.stdout + done.stderr

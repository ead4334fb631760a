"""`rulewright doctor` says what is there, and shows no key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import rulewright as command


def checks() -> dict[str, tuple[str, str]]:
    printed = json.loads(command("doctor", "--format", "json").stdout)
    return {check["name"]: (check["value"], check["state"]) for check in printed}


def test_versions_packages_and_places_are_told() -> None:
    state = checks()
    assert {"rulewright", "python", "lark", "part in C", "cache", "disk", "[serve]"} <= set(state)
    assert [line.split()[0] for line in command("doctor").stdout.splitlines()][:2] == ["rulewright", "python"]


def test_keys_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "hunter2")
    assert checks()["AMPLITUDE_API_KEY"][0] == "set"
    assert "hunter2" not in command("doctor").stdout


def test_a_cache_that_others_can_write_to_is_in_the_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path))
    assert checks()["cache"][1] == "bad"
    assert command("doctor").returncode == 1


def test_a_cache_that_is_turned_off_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    assert checks()["cache"] == ("turned off by RULEWRIGHT_CACHE", "quiet")


def test_entries_of_every_kind_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path))
    folder = tmp_path / "rulewright-compiled"
    folder.mkdir(mode=0o700)
    for kind in "ckmg":
        (folder / f"{'a' * 64}.rw{kind}").write_bytes(bytes(1_000_000))
    (folder / "notes.txt").write_bytes(bytes(1_000_000))
    assert checks()["cache"] == (f"{folder}: 4 entries, 4.0 MB", "good")

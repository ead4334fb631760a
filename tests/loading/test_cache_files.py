"""The files of the cache: for their owner alone, few, and no file of anybody else is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import rulewright
from rulewright.loading import cache_files, pipeline

from .cached import RULES, entries

pytestmark = pytest.mark.usefixtures("folder")


def test_the_oldest_entries_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cache_files._MOST, ".rwc", 2)
    for number in range(4):
        rulewright.load(f"{RULES}# {number}", settings={})
    assert len(entries(folder)) == 2


def test_the_oldest_single_mappings_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cache_files._MOST, ".rwm", 2)
    monkeypatch.setattr(pipeline, "MOST_TOGETHER", 0)
    for number in range(4):
        rulewright.load(RULES.replace('"A"', f'"A{number}"'), settings={}).prepare()
    rulewright.load(f"{RULES}# more", settings={})
    assert sorted(path.suffix for path in entries(folder)) == [".rwc"] * 5 + [".rwk"] + [".rwm"] * 2


def test_a_folder_that_others_can_write_to_is_not_trusted(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    rulewright.load(RULES, settings={})
    assert entries(folder) == []


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "file" / "cache"))
    assert rulewright.load(RULES, settings={}).mappings == ["A"]


def test_files_of_others_in_the_folder_are_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is named as an entry and begins as one is touched, in the folder for entries and beside it."""
    monkeypatch.setitem(cache_files._MOST, ".rwc", 2)
    own = folder / "rulewright-compiled"
    own.mkdir(mode=0o700, parents=True)
    others = [folder / f"{number}.txt" for number in range(300)]
    others += [folder / ("0" * 64), own / "notes.txt", own / ("0" * 64), own / f"{'0' * 64}.rwc", own / ".x.rwc.new"]
    for number, path in enumerate(others):
        path.write_text("RWC, but mine" if path.name != f"{'0' * 64}.rwc" else "mine")
        os.utime(path, (number, number))
    before = {path: path.read_text() for path in others}
    for number in range(5):
        rulewright.load(f"{RULES}# {number}", settings={})
    assert {path: path.read_text() for path in others} == before
    assert len([path for path in entries(folder) if path not in before]) <= 2


def test_what_a_killed_process_began_goes(folder: Path) -> None:
    rulewright.load(RULES, settings={})
    own = folder / "rulewright-compiled"
    for name, content, age in (("old", b"RWC3", 7200), ("empty", b"", 7200), ("new", b"RWC3", 60)):
        path = own / f".{'0' * 64}.rwc.{name}"
        path.write_bytes(content)
        changed = entries(folder)[-1].stat().st_mtime - age
        os.utime(path, (changed, changed))
    rulewright.load(f"{RULES}# 2", settings={})
    assert [path.name for path in entries(folder) if path.name.startswith(".")] == [f".{'0' * 64}.rwc.new"]


@pytest.mark.skipif(not hasattr(os, "umask"), reason="rights are those of POSIX")
def test_nobody_else_can_read_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "a" / "b"))
    before = os.umask(0o022)
    try:
        rulewright.load(RULES, settings={})
    finally:
        os.umask(before)
    (entry,) = entries(tmp_path / "a" / "b")
    assert oct(entry.stat().st_mode & 0o777) == "0o600"
    for folder in (tmp_path / "a", tmp_path / "a" / "b", entry.parent):
        assert oct(folder.stat().st_mode & 0o777) == "0o700"
    entry.parent.chmod(0o755)
    rulewright.load(RULES, settings={})
    assert oct(entry.parent.stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize("planted", ["writable", "link"])
def test_a_folder_for_entries_that_others_have_made_is_not_trusted(folder: Path, tmp_path: Path, planted: str) -> None:
    folder.mkdir(mode=0o700)
    own = folder / "rulewright-compiled"
    if planted == "writable":
        own.mkdir()
        own.chmod(0o777)
    else:
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        own.symlink_to(tmp_path / "elsewhere")
    rulewright.load(RULES, settings={})
    assert entries(folder) == []

"""The cache of compiled rules: the same mapper as without it, whatever happens to its files."""

from __future__ import annotations

import linecache
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright.files.file_access import FileAccess
from rulewright.loading import cache as compiled_cache
from rulewright.loading import cache_files, pipeline
from tests.paths import ROOT

RULES = """
destination amplitude
mapping "A" -> logEvent {
  when type = "track"
  use defaults
  revenue = number(properties.total)
}
"""
EVENT: dict[str, Any] = {"type": "track", "event": "x", "userId": "user-1", "properties": {"total": "no"}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    yield tmp_path / "cache"


def entries(folder: Path) -> list[Path]:
    """The entries of rules in a folder, which has a folder of our own for them."""
    own = folder / "rulewright-compiled"
    return sorted(path for path in own.iterdir() if path.suffix != ".rwg") if own.exists() else []


def test_a_kept_program_maps_and_fails_as_the_first_one_did(folder: Path) -> None:
    first = rulewright.load(RULES, settings={})(EVENT)
    assert len(entries(folder)) == 1
    second = rulewright.load(RULES, settings={})(EVENT)
    assert first == second
    assert second.failures[0].span is not None
    assert second.failures[0].span.text == "  revenue = number(properties.total)"


def test_a_kept_program_needs_neither_parser_nor_compiler(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.rules").write_text(RULES)
    code = (
        "import sys, rulewright\n"
        "rulewright.load(sys.argv[1], settings={})\n"
        "print(sum(name.startswith(('lark', 'jinja2', 'rulewright.dsl.')) for name in sys.modules))\n"
    )
    counts = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "a.rules")], capture_output=True, check=True, cwd=ROOT
        ).stdout
        for _ in range(2)
    ]
    assert int(counts[0]) > 0
    assert int(counts[1]) == 0


@pytest.mark.parametrize("damage", [b"", b"RWC1", b"\x00" * 500, None])
def test_a_damaged_entry_is_as_none(folder: Path, damage: bytes | None) -> None:
    first = rulewright.load(RULES, settings={})(EVENT)
    (entry,) = entries(folder)
    content = entry.read_bytes()
    entry.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage is None else damage)
    assert rulewright.load(RULES, settings={})(EVENT) == first
    assert entry.read_bytes() == content


def test_a_changed_include_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "all.rules").write_text('destination amplitude\ninclude "part.rules"\n')
    part = tmp_path / "part.rules"
    for name in ("One", "Two"):
        part.write_text(f'mapping "{name}" -> mapUser {{ when type = "alias" use defaults }}\n')
        for _ in range(2):
            assert rulewright.load(tmp_path / "all.rules", settings={}).mappings == [name]


def test_another_compiler_finds_no_old_entry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rulewright.load(RULES, settings={})
    monkeypatch.setattr(compiled_cache, "fingerprint", lambda: "another")
    rulewright.load(RULES, settings={})
    assert len(entries(folder)) == 2


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


@pytest.mark.parametrize("damage", [b"", b"RWC1", b"\x00" * 500, None])
def test_a_damaged_single_mapping_is_as_none(
    folder: Path, damage: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MOST_TOGETHER", 0)
    first = rulewright.load(RULES, settings={})(EVENT)
    (entry,) = (path for path in entries(folder) if path.suffix == ".rwm")
    content = entry.read_bytes()
    entry.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage is None else damage)
    assert rulewright.load(RULES, settings={})(EVENT) == first
    assert entry.read_bytes() == content


@pytest.mark.parametrize("word", ["off", "0", ""])
def test_it_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", word)
    rulewright.load(RULES, settings={})
    assert not folder.exists()


def test_a_folder_that_others_can_write_to_is_not_trusted(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    rulewright.load(RULES, settings={})
    assert entries(folder) == []


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "file" / "cache"))
    assert rulewright.load(RULES, settings={}).mappings == ["A"]


def test_a_secret_is_never_kept(folder: Path) -> None:
    rulewright.load(RULES, settings={"apiKey": "very-secret-key"})
    assert all(b"very-secret-key" not in entry.read_bytes() for entry in entries(folder))


def test_two_processes_at_once_leave_a_whole_entry(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.rules").write_text(RULES)
    code = "import sys, rulewright\nprint(rulewright.load(sys.argv[1], settings={}).mappings)"
    command = [sys.executable, "-c", code, str(tmp_path / "a.rules")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(3)]
    assert [process.communicate()[0] for process in running] == [b"['A']\n"] * 3
    assert len(entries(folder)) == 1
    rules = compiled_cache.RuleSource(str(tmp_path / "a.rules"), RULES.encode(), tmp_path)
    assert compiled_cache.find(rules, FileAccess(tmp_path)) is not None


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


def test_the_tables_of_the_grammar_are_made_once(folder: Path) -> None:
    code = (
        "import lark, rulewright\n"
        "made = []\n"
        "real = lark.Lark.__init__\n"
        "lark.Lark.__init__ = lambda *given, **more: (made.append(1), real(*given, **more))[1]\n"
        "try:\n"
        "    rulewright.compile_source('destination amplitude\\ndrop when a = = 1\\n')\n"
        "except rulewright.RuleError as error:\n"
        "    print(len(made), error)\n"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, text=True).stdout
        for _ in range(2)
    )
    assert (first[0], second[0]) == ("1", "0")
    assert first[1:] == second[1:]
    (tables,) = (folder / "rulewright-compiled").glob("*.rwg")
    tables.write_bytes(tables.read_bytes()[:-1] + b"x")
    third = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, text=True).stdout
    assert third == first


@pytest.mark.parametrize("most_together", [32, 0], ids=["one module", "single mappings"])
@pytest.mark.parametrize("lost", ["pruned", "damaged", "folder gone"])
def test_a_mapper_outlives_its_entry(
    folder: Path, lost: str, most_together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MOST_TOGETHER", most_together)
    expected = rulewright.load(RULES, settings={})(EVENT)
    mapper = rulewright.load(RULES, settings={})
    mapper.prepare()
    if lost == "folder gone":
        shutil.rmtree(folder)
    for entry in entries(folder):
        entry.unlink() if lost == "pruned" else entry.write_bytes(b"RWC6" + bytes(100))
    assert mapper(EVENT) == expected
    assert expected.failures[0].span is not None


def test_a_traceback_shows_generated_code_whose_entry_was_pruned(folder: Path) -> None:
    """It is the text that `linecache` finds for every debugger, profiler and traceback."""
    rulewright.load(RULES, settings={})
    mapper = rulewright.load(RULES, settings={})
    shutil.rmtree(folder)
    match = mapper.program.match
    lines = linecache.getlines(match.__code__.co_filename, match.__globals__)
    assert any("PROGRAM" in line for line in lines)


@pytest.mark.parametrize("moved", ["other folder", "link", "edited", "deleted"])
def test_a_mapping_that_is_compiled_later_is_that_of_the_rules_that_were_loaded(
    tmp_path: Path, folder: Path, moved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An included file may change, and a relative path lead elsewhere, between `load` and the first event."""
    monkeypatch.setattr(pipeline, "MOST_TOGETHER", 0)
    release = tmp_path / "release"
    release.mkdir()
    (release / "part.rules").write_text(RULES.replace("destination amplitude\n", ""))
    (tmp_path / "rules").symlink_to(release, target_is_directory=True)
    (tmp_path / "rules" / "all.rules").write_text('destination amplitude\ninclude "part.rules"\n')
    monkeypatch.chdir(tmp_path)
    expected = rulewright.load(Path("rules/all.rules"), settings={})(EVENT)
    mapper = rulewright.load(Path("rules/all.rules"), settings={})
    for entry in entries(folder):
        entry.unlink()
    if moved == "other folder":
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
    elif moved == "link":
        (tmp_path / "next").mkdir()
        (tmp_path / "next" / "part.rules").write_text("# another release\n")
        (tmp_path / "rules").unlink()
        (tmp_path / "rules").symlink_to(tmp_path / "next", target_is_directory=True)
    elif moved == "edited":
        (release / "part.rules").write_text("# a comment\n" * 50)
    else:
        (release / "part.rules").unlink()
    assert mapper(EVENT) == expected
    assert expected.failures[0].span is not None

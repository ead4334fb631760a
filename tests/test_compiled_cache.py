"""The cache of compiled rules: the same mapper as without it, whatever happens to its files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright import cache as compiled_cache

ROOT = Path(__file__).parents[1]
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
    return sorted(folder.iterdir())


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
    monkeypatch.setattr(compiled_cache, "_fingerprint", lambda: "another")
    rulewright.load(RULES, settings={})
    assert len(entries(folder)) == 2


def test_the_oldest_entries_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_cache, "_MOST_ENTRIES", 2)
    for number in range(4):
        rulewright.load(f"{RULES}# {number}", settings={})
    assert len(entries(folder)) == 2


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
    assert compiled_cache.find(compiled_cache.Rules(str(tmp_path / "a.rules"), RULES, tmp_path)) is not None

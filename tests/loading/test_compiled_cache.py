"""The cache of compiled rules: the same mapper as without it, whatever happens to its files."""

from __future__ import annotations

import linecache
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rulewright
from rulewright.files.file_access import FileAccess
from rulewright.loading import cache as compiled_cache
from rulewright.loading import pipeline
from tests.paths import ROOT

from .cached import EVENT, RULES, entries

pytestmark = pytest.mark.usefixtures("folder")


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

"""Includes are limited in depth, number and text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.loading.rule_files import MAX_INCLUDE_DEPTH, MAX_INCLUDES, read_rules
from tests.files.shop import HEAD


def chain(folder: Path, count: int, includes: int = 1) -> Path:
    """Files of which each includes the next so many times."""
    for number in range(count):
        (folder / f"{number}.rules").write_text(f'include "{number + 1}.rules"\n' * includes)
    (folder / f"{count}.rules").write_text(HEAD + "drop when a = 1\n")
    return folder / "0.rules"


@pytest.mark.parametrize(
    ("length", "codes"), [(MAX_INCLUDE_DEPTH, []), (MAX_INCLUDE_DEPTH + 1, ["RW0007"]), (900, ["RW0007"])]
)
def test_a_chain_of_includes_ends(tmp_path: Path, length: int, codes: list[str]) -> None:
    assert [diagnostic.code for diagnostic in read_rules(chain(tmp_path, length)).diagnostics] == codes


def test_includes_that_double_end(tmp_path: Path) -> None:
    files = read_rules(chain(tmp_path, 40, includes=2))
    assert [diagnostic.code for diagnostic in files.diagnostics] == ["RW0007"]
    assert len(files.files) == MAX_INCLUDES + 1


@pytest.mark.parametrize(("count", "codes"), [(MAX_INCLUDES, []), (MAX_INCLUDES + 1, ["RW0007"])])
def test_the_number_of_includes_is_limited(tmp_path: Path, count: int, codes: list[str]) -> None:
    (tmp_path / "a.rules").write_text('include "b.rules"\n' * count)
    (tmp_path / "b.rules").write_text("drop when a = 1\n")
    assert [diagnostic.code for diagnostic in read_rules(tmp_path / "a.rules").diagnostics] == codes


def test_the_text_of_all_files_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.loading.rule_files.MAX_CHARACTERS", 300)
    (tmp_path / "b.rules").write_text("#" * 120)
    (tmp_path / "a.rules").write_text('include "b.rules"\n' * 2)
    assert read_rules(tmp_path / "a.rules").diagnostics == []
    (tmp_path / "a.rules").write_text('include "b.rules"\n' * 3)
    assert [diagnostic.code for diagnostic in read_rules(tmp_path / "a.rules").diagnostics] == ["RW0007"]

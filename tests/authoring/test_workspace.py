"""The files of an editor, and which of them a fragment is checked through."""

from __future__ import annotations

from pathlib import Path

from rulewright.authoring.workspace import Workspace


def test_fragments_that_include_each_other_are_checked(tmp_path: Path) -> None:
    files = Workspace()
    first, second = tmp_path / "first.rules", tmp_path / "second.rules"
    first.write_text('include "second.rules"\n', encoding="utf-8")
    second.write_text('include "first.rules"\n', encoding="utf-8")
    assert files.root_of(first) == second
    findings = [finding for found in files.check(first).values() for finding in found]
    assert "RW0004" in {finding.code for finding in findings}


def test_a_fragment_is_checked_through_the_file_that_includes_it_at_last(tmp_path: Path) -> None:
    files = Workspace()
    (tmp_path / "shop.rules").write_text('destination amplitude\ninclude "middle.rules"\n', encoding="utf-8")
    (tmp_path / "middle.rules").write_text('include "part.rules"\n', encoding="utf-8")
    (tmp_path / "part.rules").write_text('drop when type = "page"\n', encoding="utf-8")
    assert files.root_of(tmp_path / "part.rules") == tmp_path / "shop.rules"

"""Every way to be wrong, as an author sees it: a case is a file, its input, a line of equals signs, and what is shown.

`python -m tests.dsl.test_diagnostics` writes what is shown anew, to be read before it is committed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from rulewright.checking import Checker
from rulewright.checks.proving import prove
from rulewright.dsl.diagnostics.codes import CODES
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.render.text import render_all
from rulewright.dsl.rule_error import RuleError
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_file
from rulewright.loading.catalog import KNOWN_NAMES
from rulewright.loading.pipeline import check_files, in_order
from rulewright.loading.rule_files import read_rules_text
from rulewright.segment.export import export_items
from rulewright.testing.judging.snapshots import Snapshots
from tests.paths import DIAGNOSTICS

FOLDER = DIAGNOSTICS
_LINE = "=" * 40 + "\n"
_ELSEWHERE = {
    "RW0002": "needs bytes that are no text",
    "RW0003": "needs a file of many megabytes",
}
"""Codes whose cases are tests of their own room, and why they are no text of a few lines."""


def _syntax(text: str) -> list[Diagnostic]:
    return read_file(Source("shop.rules", text), KNOWN_NAMES)[1]


def _rules(text: str) -> list[Diagnostic]:
    files = read_rules_text(text, "shop.rules")
    program, diagnostics = check_files(files)
    return in_order(files, [*diagnostics, *prove(files, program, diagnostics).findings])


def _export(text: str) -> list[Diagnostic]:
    try:
        export_items(read_rules_text(text, "shop.rules").items)
    except RuleError as error:
        return error.diagnostics
    return []


def _files(text: str) -> list[Diagnostic]:
    """What is found of the first of several files, each below a line with its name, and of the snapshots beside it."""
    with TemporaryDirectory() as folder, chdir(folder):
        parts = re.split(r"^-- (.+)\n", text, flags=re.MULTILINE)[1:]
        files = dict(zip(map(Path, parts[::2]), parts[1::2], strict=True))
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        recorded = files.get(Path(EVENTS))
        lines = None if recorded is None else recorded.encode().splitlines()
        first = next(iter(files))
        try:
            findings = Checker().check(first, lines, EVENTS).findings
            Snapshots(first)
        except RuleError as error:
            return error.diagnostics
        return findings


EVENTS = "recorded.jsonl"
"""The name of recorded events among the files of a case."""
_READERS: dict[str, Callable[[str], list[Diagnostic]]] = {
    "syntax": _syntax,
    "rules": _rules,
    "files": _files,
    "export": _export,
}
CASES = sorted(path for folder in _READERS for path in (FOLDER / folder).glob("*.txt"))


def _shown(path: Path, text: str) -> str:
    return render_all(_READERS[path.parent.name](text)) + "\n"


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_an_author_sees(path: Path) -> None:
    text, _, expected = path.read_text(encoding="utf-8").partition(_LINE)
    assert _shown(path, text) == expected


def test_every_code_has_a_case() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in CASES)
    without = {code for code in CODES if f"[{code}]" not in shown}
    assert without == set(_ELSEWHERE)


def write() -> None:
    for path in CASES:
        text = path.read_text(encoding="utf-8").partition(_LINE)[0]
        path.write_text(f"{text}{_LINE}{_shown(path, text)}", encoding="utf-8")


if __name__ == "__main__":
    write()

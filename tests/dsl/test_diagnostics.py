"""Every way to be wrong, as an author sees it: a case is a file, its input, a line of equals signs, and what is shown.

`python -m tests.dsl.test_diagnostics` writes what is shown anew, to be read before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rulewright.dsl.codes import CODES
from rulewright.dsl.diagnostic_text import render_all
from rulewright.dsl.diagnostics import Diagnostic
from rulewright.dsl.source import Source
from rulewright.dsl.text_to_ast import read_file
from rulewright.loading import check_files, in_order
from rulewright.proving import prove
from rulewright.rule_files import read_rules_text

FOLDER = Path(__file__).parents[1] / "diagnostics"
_LINE = "=" * 40 + "\n"
_ELSEWHERE = {
    "RW0001": "needs a file that is not there",
    "RW0002": "needs bytes that are no text",
    "RW0003": "needs a file of many megabytes",
    "RW0004": "needs files that include each other",
    "RW0307": "needs a tracking plan",
    "RW0212": "found by the command that runs tests",
    "RW0213": "needs recorded events",
    "RW0409": "needs recorded events",
    "RW0503": "needs more than fifty mappings",
    "RW0601": "about silences, which are looked at last",
    "RW0602": "about silences, which are looked at last",
    **dict.fromkeys(
        ("RW0701", "RW0702", "RW0703", "RW0704", "RW0705", "RW0706"), "found by the command that runs tests"
    ),
}
"""Codes whose cases are tests of their own room, and why they are no text of a few lines."""


def _syntax(text: str) -> list[Diagnostic]:
    return read_file(Source("shop.rules", text))[1]


def _rules(text: str) -> list[Diagnostic]:
    files = read_rules_text(text, "shop.rules")
    program, diagnostics = check_files(files)
    return in_order(files, [*diagnostics, *prove(files, program, diagnostics).findings])


_READERS: dict[str, Callable[[str], list[Diagnostic]]] = {"syntax": _syntax, "rules": _rules}
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

"""Places in a text, near its beginning and far from it."""

from __future__ import annotations

import pytest

from rulewright.dsl.source import _NEAR, Source

LINES = ["a", "", "bé\r", "中" * 90]
TEXT = "\n".join(LINES * (_NEAR // 90))


@pytest.mark.parametrize("offset", [0, 1, 2, 3, 5, *range(_NEAR - 2, _NEAR + 3), len(TEXT)])
def test_line_and_column_count_what_is_before(offset: int) -> None:
    before = TEXT[:offset].split("\n")
    source = Source("a.rules", TEXT)
    line, column = source.position(offset)
    assert (line, column) == (len(before), len(before[-1]) + 1)
    assert source.line(line) == source.line_from(offset - column + 1) == TEXT.split("\n")[line - 1].rstrip("\r")

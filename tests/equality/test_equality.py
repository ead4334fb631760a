"""A small share of `make equality`; and that it sees a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.long_cases import long_cases

from . import __main__ as equality
from . import events


@pytest.mark.parametrize("count", [40, *long_cases(400)])
def test_all_forms_give_the_same_to_the_byte(tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    assert list(equality.differences(tmp_path, count, 3, equality.RULES[:1])) == []


def test_a_difference_of_one_byte_is_seen(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "other"
    first.write_bytes(b"a\nb\n")
    second.write_bytes(b"a\nc\n")
    assert equality._first(first, second) == "line 2\n  expected b'b\\n'\n  found b'c\\n'"
    second.write_bytes(b"a\nb\nc\n")
    assert equality._first(first, second) == "line 3\n  expected None\n  found b'c\\n'"


@pytest.mark.parametrize("made", [events.clean, events.damaged], ids=["clean", "damaged"])
def test_events_are_the_same_for_one_seed(made: type) -> None:
    assert [*made(5, 1)] == [*made(5, 1)] != [*made(5, 2)]

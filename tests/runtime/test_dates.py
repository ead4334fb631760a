"""Texts are read as dates as Segment's libraries read them on Node."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.semantics.dates import FURTHEST, milliseconds

TABLE = json.loads((Path(__file__).parents[1] / "data" / "dates.json").read_text())


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[repr(text) for text, _ in TABLE])
def test_a_text_is_the_time_that_dayjs_reads(text: str, expected: int | None) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1714566896789, 1714566896789),
        (1.9, 1),
        (-1.9, -1),
        (FURTHEST, FURTHEST),
        (FURTHEST + 1, None),
        (float("nan"), None),
        (float("inf"), None),
        (None, None),
        ([], None),
        (datetime(2024, 5, 1, 12, tzinfo=UTC), 1714564800000),
        (datetime(2024, 5, 1, 12), 1714564800000),
        (datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))), 1714557600000),
    ],
)
def test_numbers_are_milliseconds_already(value: Any, expected: int | None) -> None:
    assert milliseconds(value) == expected


@settings(max_examples=200, deadline=None)
@given(st.datetimes(min_value=datetime(100, 1, 1), timezones=st.just(UTC)))
def test_what_javascript_writes_is_read_back(moment: datetime) -> None:
    text = moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    whole = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert milliseconds(text) == whole


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789-/:.TtZz +,()GMTJanPM\x00é", max_size=25))
def test_any_text_is_a_time_or_none(text: str) -> None:
    value = milliseconds(text)
    assert value is None or -FURTHEST <= value <= FURTHEST

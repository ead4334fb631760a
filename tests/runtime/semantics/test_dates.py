"""Times of events: ISO 8601 as Segment's libraries read it, numbers by their size, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.runtime.semantics.dates import (
    FIRST_NUMBER,
    LAST_NUMBER,
    NO_TIME,
    iso_text,
    milliseconds,
    milliseconds_of_iso,
    read_time,
)
from tests.paths import DATA

TABLE: list[list[Any]] = json.loads((DATA / "dates.json").read_text())
"""Texts, with what dayjs reads in them: most are not ISO 8601, and dayjs reads many of those all the same."""
CORRECTED = {
    "1714566896789": 1714566896789,  # dayjs reads the year 1714, month 56, day 68
    "-000001": NO_TIME,
    "0  ": None,
    "0099-01-01": -59_042_995_200_000,  # dayjs reads 1999
    "2024-05-01T10:00:00.5": 1714557600500,  # dayjs reads 5 milliseconds
    "2024-05-12 20:49:26.42": 1715546966420,
}
"""Texts that are ISO 8601 or digits, and that dayjs reads as something else."""


def test_a_text_is_the_time_that_dayjs_reads_or_none() -> None:
    read = {text: read_time(text) for text, _ in TABLE}
    expected = {text: CORRECTED.get(text, by_dayjs) for text, by_dayjs in TABLE if read[text].form != "not a time"}
    assert {text: read[text].milliseconds for text in expected} == expected


def test_the_table_has_both_sides() -> None:
    forms = [read_time(text).form for text, _ in TABLE]
    assert forms.count("exact") == 46
    assert (
        sum(by_dayjs is not None and form == "not a time" for (_, by_dayjs), form in zip(TABLE, forms, strict=True))
        > 200
    )


DAY = 1714521600000
FIRST_MILLISECOND = -62_135_596_800_000
"""The start of the year 1."""
ISO: list[tuple[str, int | None]] = [
    ("2024-05-01", DAY),
    ("20240501", DAY),
    ("2024-05", DAY),
    ("2024-05-01T00", DAY),
    ("2024-05-01T00Z", DAY),
    ("2024-05-01 00:00", DAY),
    ("2024-05-01t00:00:00z", DAY),
    ("20240501T000000Z", DAY),
    ("20240501000000", DAY),
    ("2024-04-30T24:00", DAY),
    ("2024-05-01T02:00:00+02:00", DAY),
    ("2024-05-01T02:00:00+0200", DAY),
    ("2024-04-30T18:30:00-05:30", DAY),
    ("2024-05-01T02:00:00 +02", DAY),
    ("2024-05-01T00:00:00.999999999Z", DAY + 999),
    ("2024-05-01T00:00:00,5", DAY + 500),
    (" 2024-05-01 ", DAY),
    ("2024-02-29", 1709164800000),
    ("2024-02-30", None),
    ("2023-02-29T00:00:00.000Z", None),
    ("2024-13-01", None),
    ("2024-00-01", None),
    ("2024-05-01T24:00:01", None),
    ("2024-05-01T25:00", None),
    ("2024-05-01T10:60", None),
    ("2024-05-01T10:00:60Z", None),
    ("2024-05-01T10:00:00+24:00", None),
    ("2024-05-01T10:00:00+02:60", None),
    ("2024-05-01T", None),
    ("2024-05-01x10:00", None),
    ("2024-05-01Z", None),
    ("2024-5-1", None),
    ("2024/05/01", None),
    ("2024-W18-3", None),
    ("2024-122", None),
    ("24-05-01", None),
    ("+002024-05-01T00:00:00Z", None),
    ("0000-01-01", None),
    ("2024-05-01T10:00:00 UTC", None),
    ("２０２４-05-01", None),
]


@pytest.mark.parametrize(("text", "expected"), ISO)
def test_iso_8601_is_read_exactly_or_not_at_all(text: str, expected: int | None) -> None:
    assert milliseconds(text) == expected
    assert (read_time(text).form == "exact") is (expected is not None)


@pytest.mark.parametrize(
    ("value", "expected", "form"),
    [
        (1714566896789, 1714566896789, "exact"),
        (1714566896789.9, 1714566896789, "exact"),
        ("1714566896789", 1714566896789, "exact"),
        ("1714566896789.0", 1714566896789, "exact"),
        ("+1714566896789", 1714566896789, "exact"),
        (" 1714566896789\n", 1714566896789, "exact"),
        (FIRST_NUMBER, FIRST_NUMBER, "exact"),
        (FIRST_NUMBER - 1, None, "not a time"),
        (LAST_NUMBER, LAST_NUMBER, "exact"),
        (LAST_NUMBER + 1, None, "not a time"),
        (1714566896, 1714566896000, "seconds"),
        ("1714566896", 1714566896000, "seconds"),
        (1714566896.789, 1714566896789, "seconds"),
        ("1714566896.789", 1714566896789, "seconds"),
        (946_684_800, FIRST_NUMBER, "seconds"),
        (946_684_799, None, "not a time"),
        (4_102_444_799, 4_102_444_799_000, "seconds"),
        (4_102_444_800, None, "not a time"),
        (1714566896789123, 1714566896789, "microseconds"),
        (1714566896789123456, 1714566896789, "nanoseconds"),
        ("1714566896789123456", 1714566896789, "nanoseconds"),
        (5, None, "not a time"),
        ("5", None, "not a time"),
        ("2024", None, "not a time"),
        (0.5, None, "not a time"),
        (-5, None, "not a time"),
        (-1714566896789, None, "not a time"),
        (0, None, "missing time"),
        ("0", None, "missing time"),
        (-0.0, None, "missing time"),
        (-1, NO_TIME, "missing time"),
        ("-1", NO_TIME, "missing time"),
        (-1.0, NO_TIME, "missing time"),
        ([-1], NO_TIME, "missing time"),
        ([1714566896789], 1714566896789, "exact"),
        (["2024-05-01"], DAY, "exact"),
        (None, None, "empty"),
        ("", None, "empty"),
        (" \t", None, "empty"),
        ([""], None, "empty"),
        ([None], None, "empty"),
        (datetime(2024, 5, 1, tzinfo=UTC), DAY, "exact"),
        (datetime(2024, 5, 1), DAY, "exact"),
        (datetime(2024, 5, 1, 2, tzinfo=timezone(timedelta(hours=2))), DAY, "exact"),
        (datetime(2024, 5, 1, 0, 0, 0, 999_999), DAY + 999, "exact"),
        (date(2024, 5, 1), DAY, "exact"),
        ("s-5", None, "not a time"),
        ("build 7", None, "not a time"),
        ("1.714566896789e12", None, "not a time"),
        ("0x18F33C0A0D5", None, "not a time"),
        ("١٧١٤٥٦٦٨٩٦٧٨٩", None, "not a time"),
        ("soon", None, "not a time"),
        ("5 March 2024 10:00 GMT", None, "not a time"),
        (float("nan"), None, "not a time"),
        (float("inf"), None, "not a time"),
        (10**400, None, "not a time"),
        (True, None, "not a time"),
        ([], None, "not a time"),
        ([DAY, DAY], None, "not a time"),
        ({}, None, "not a time"),
    ],
)
def test_a_value_is_a_time_by_its_form(value: Any, expected: int | None, form: str) -> None:
    assert read_time(value) == (expected, form)
    assert milliseconds(value) == (None if expected == NO_TIME else expected)


moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31), timezones=st.just(UTC))


@settings(max_examples=200)
@given(st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC)))
def test_what_javascript_writes_is_read_back(moment: datetime) -> None:
    text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    whole = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert milliseconds_of_iso(text) == read_time(moment).milliseconds == whole


@settings(max_examples=200)
@given(moments, st.integers(0, 999_999))
def test_a_moment_is_the_same_in_every_form(moment: datetime, fraction: int) -> None:
    whole = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    for unit, factor in (("seconds", 1), ("exact", 1000), ("microseconds", 10**6), ("nanoseconds", 10**9)):
        number = whole * factor + (fraction if factor > 1000 else 0)
        for value in (number, str(number), [number]):
            assert read_time(value) == (number * 1000 // factor, unit)
    assert milliseconds_of_iso(str(iso_text(whole * 1000))) == whole * 1000


@settings(max_examples=500)
@given(
    st.text(alphabet="0123456789-/:.TtZz +,()GMTJanPM\x00é", max_size=25)
    | st.from_regex(r"\A-?[0-9]{1,20}(\.[0-9]{0,3})?\Z")
    | st.integers().map(str)
)
@example("-1")
@example("s-5")
@example("5")
def test_no_text_is_read_as_a_time_that_it_does_not_say(text: str) -> None:
    time, form = read_time(text)
    if form == "exact":
        assert time is not None
        bare = text.strip()
        if not re.fullmatch(rf"\+?0*{time}(\.[0-9]*)?", bare):
            year = (datetime(1, 1, 1) + timedelta(milliseconds=time - FIRST_MILLISECOND)).year
            assert abs(int(bare[:4]) - year) <= 1
    if form in ("seconds", "microseconds", "nanoseconds"):
        assert time is not None
        assert FIRST_NUMBER <= time < 4_102_444_800_000
    if form in ("empty", "not a time"):
        assert time is None

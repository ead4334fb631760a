"""The hours of a clock with twelve of them, in `format_time`."""

from __future__ import annotations

import pytest

from rulewright import compile_expression


@pytest.mark.parametrize(
    ("hour", "shown"),
    [
        (0, "12 12 AM 00"),
        (1, "01  1 AM 01"),
        (11, "11 11 AM 11"),
        (12, "12 12 PM 12"),
        (13, "01  1 PM 13"),
        (23, "11 11 PM 23"),
    ],
)
def test_midnight_and_noon_are_twelve(hour: int, shown: str) -> None:
    event = {"timestamp": f"2024-03-01T{hour:02}:00:00Z"}
    assert compile_expression('format_time(timestamp, "%I %l %p %H")')(event) == shown

"""Formats a number with its noun, and as an ordinal."""

from __future__ import annotations


def counted(count: int, name: str) -> str:
    """`1 event`, `2 events`, `1,000 events`: the name is one whose plural ends in s."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`, `111th`: the place of a whole number of at least 0 in an order."""
    return f"{number}{ordinal_suffix(number)}"


def ordinal_suffix(number: int) -> str:
    """What follows the digits of an ordinal: `st`, `nd`, `rd` or `th`."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")

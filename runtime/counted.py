"""Formats a number with its noun."""

from __future__ import annotations


def counted(count: int, name: str) -> str:
    """`1 event`, `2 events`, `1,000 events`: the name is one whose plural ends in s."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"

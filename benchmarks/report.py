"""The results as tables and curves of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .goals import GOALS, Goal


def table(values: Mapping[str, float]) -> str:
    """A line for each goal, with its value and whether it is met."""
    rows = [("goal", "measured", "limit", "aim", "")]
    for key, goal in GOALS.items():
        rows.append(_row(goal, values.get(key)))
    return aligned(rows)


def _row(goal: Goal, value: float | None) -> tuple[str, ...]:
    measured = "" if value is None else goal.shown(value)
    return (goal.name, measured, f"{goal.limit:g}", f"{goal.aim:g}", goal.verdict(value))


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of text with their columns under one another."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def markdown(values: Mapping[str, float]) -> str:
    """The table for the README."""
    lines = ["| | measured | limit | aim | |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(_row(goal, values.get(key)))} |" for key, goal in GOALS.items()]
    return "\n".join(lines)


def peers_table(peers: Mapping[str, Mapping[str, Any]]) -> str:
    """The other languages, fastest first."""
    rows = [("language", "version", "times as long as by hand")]
    measured = sorted((peer["times as long"], name) for name, peer in peers.items() if "times as long" in peer)
    rows += [(name, str(peers[name]["version"]), f"{times:,.1f}") for times, name in measured]
    rows += [(name, str(peer.get("version", "-")), peer["error"]) for name, peer in peers.items() if "error" in peer]
    return aligned(rows)


def curve(title: str, points: Mapping[str, float], unit: str) -> Iterable[str]:
    """A curve as text: a line for each point, with a bar."""
    yield title
    top = max(points.values()) or 1.0
    for label, value in points.items():
        yield f"  {label:>10}  {value:>12,.2f} {unit}  {'▇' * max(1, round(30 * value / top))}"

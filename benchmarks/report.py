"""The results as tables and curves of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .goals import GOALS


def table(values: Mapping[str, float]) -> str:
    """A line for each goal, with what was measured and what to say of it."""
    rows = [("goal", "measured", "at least", "aim", "")]
    for key, goal in GOALS.items():
        if key not in values:
            rows.append((goal.name, "", f"{goal.least:g}", f"{goal.aim:g}", goal.verdict(None)))
            continue
        value = values[key]
        measured = f"{value:.2f} {goal.unit}"
        rows.append((goal.name, measured, f"{goal.least:g}", f"{goal.aim:g}", goal.verdict(value)))
    return aligned(rows)


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of text with their columns under one another."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def markdown(values: Mapping[str, float]) -> str:
    """The table for the README."""
    lines = ["| | measured | at least | aim | |", "|---|---|---|---|---|"]
    for key, goal in GOALS.items():
        measured = f"{values[key]:.2f} {goal.unit}" if key in values else ""
        lines.append(f"| {goal.name} | {measured} | {goal.least:g} | {goal.aim:g} | {goal.verdict(values.get(key))} |")
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

"""The results as a table, as JSON and as a chart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from .goals import GOALS


def table(values: Mapping[str, float]) -> str:
    """A line for each goal, with what was measured and what to say of it."""
    rows = [("goal", "measured", "at least", "aim", "")]
    for key, goal in GOALS.items():
        if key not in values:
            rows.append((goal.name, "not measured", f"{goal.least:g}", f"{goal.aim:g}", "MISSED"))
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
        if key in values:
            measured = f"{values[key]:.2f} {goal.unit}"
            lines.append(f"| {goal.name} | {measured} | {goal.least:g} | {goal.aim:g} | {goal.verdict(values[key])} |")
    return "\n".join(lines)


def peers_table(peers: Mapping[str, Mapping[str, Any]]) -> str:
    """The other languages, fastest first."""
    rows = [("language", "version", "times as long as by hand")]
    measured = sorted((one["times as long"], name) for name, one in peers.items() if "times as long" in one)
    rows += [(name, str(peers[name]["version"]), f"{times:,.1f}") for times, name in measured]
    rows += [(name, str(one.get("version", "-")), one["error"]) for name, one in peers.items() if "error" in one]
    return aligned(rows)


def chart(values: Mapping[str, float]) -> str:
    """An SVG: of each goal a bar that shows how far it is, on a logarithmic scale around "at least"."""
    rows = [(goal, values[key]) for key, goal in GOALS.items() if key in values]
    height = 40 + 34 * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{height}" font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="20" y="22" font-size="13" fill="#444">longer is better; the line is "at least"</text>',
    ]
    for number, (goal, value) in enumerate(rows):
        top = 36 + 34 * number
        share = value / goal.least if goal.better == "more" else goal.least / max(value, 1e-9)
        width = max(4.0, min(400.0, 200 * (1 + math.log10(share))))
        colour = (
            "#2e7d32" if goal.reaches(value, goal.aim) else "#f9a825" if goal.reaches(value, goal.least) else "#c62828"
        )
        parts += [
            f'<text x="20" y="{top + 15}" font-size="13">{escape(goal.name)}</text>',
            f'<rect x="430" y="{top + 3}" width="{width:.0f}" height="16" fill="{colour}"/>',
            f'<text x="{436 + width:.0f}" y="{top + 16}" font-size="13">{value:.2f} {escape(goal.unit)}</text>',
        ]
    parts += [f'<line x1="630" x2="630" y1="30" y2="{height - 8}" stroke="#444" stroke-dasharray="4 3"/>', "</svg>"]
    return "\n".join(parts) + "\n"


def curve(title: str, points: Mapping[str, float], unit: str) -> Iterable[str]:
    """A curve as text: a line for each point, with a bar."""
    yield title
    top = max(points.values())
    for label, value in points.items():
        yield f"  {label:>10}  {value:>12,.2f} {unit}  {'▇' * max(1, round(30 * value / top))}"

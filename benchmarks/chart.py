"""The picture of a run: bars against Node, the program by hand and peers, a bar for each goal, and the curves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from .goals import GOALS

_WIDTH = 900
_LEFT = 470
"""Where bars begin; their names are before it."""
_ROW = 24
_GOOD, _FAIR, _BAD, _PLAIN = "#2e7d32", "#f9a825", "#c62828", "#1565c0"
_AGAINST = {
    "objects / node": "objects, times as fast as Segment's code on Node",
    "bytes / node": "bytes, times as fast as Segment's code on Node",
    "objects / hand": "objects, times as fast as the program by hand",
    "bytes / hand": "bytes, times as fast as the program by hand",
}


def picture(results: Mapping[str, Any]) -> str:
    """One SVG with all parts below each other."""
    blocks = [
        _block("As shipped, against others (log scale)", _against(results["goals"])),
        _block("One trigger and eleven fields, times as long as by hand (log scale)", _peers(results["peers"])),
        _block("Goals: longer is better, the line is the limit", _goals(results["goals"]), line=True),
        *(_curve(title, points, unit) for title, (points, unit) in results["curves"].items()),
    ]
    parts, top = [], 44
    for height, inner in blocks:
        parts.append(f'<g transform="translate(0 {top})">{inner}</g>')
        top += height + 18
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}" '
        'font-family="sans-serif" font-size="13">'
        '<rect width="100%" height="100%" fill="white"/>'
    )
    caption = f"{results['date']}: {results['machine']}, {results['events']:,} events"
    return "\n".join([head, _text(20, 26, caption, "#444"), *parts, "</svg>"]) + "\n"


def _against(goals: Mapping[str, float]) -> Iterable[tuple[str, float, str, str]]:
    for key, name in _AGAINST.items():
        if key in goals:
            yield name, _log_width(goals[key], 0.1, 100), f"{goals[key]:.2f} ×", _PLAIN


def _peers(peers: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, float, str, str]]:
    measured = sorted((peer["times as long"], name) for name, peer in peers.items() if "times as long" in peer)
    for times, name in measured:
        color = _GOOD if name == "Rulewright" else _PLAIN
        yield name, _log_width(times, 0.5, 1000), f"{times:,.1f} ×", color


def _goals(goals: Mapping[str, float]) -> Iterable[tuple[str, float, str, str]]:
    for key, goal in GOALS.items():
        if key not in goals:
            yield goal.name, 0, "not measured", _PLAIN
            continue
        value = goals[key]
        share = value / goal.limit if goal.better == "more" else goal.limit / max(value, 1e-9)
        color = {"aim reached": _GOOD, "met": _FAIR}.get(goal.verdict(value), _BAD)
        yield goal.name, _log_width(share, 0.1, 10), goal.shown(value), color


def _block(title: str, rows: Iterable[tuple[str, float, str, str]], *, line: bool = False) -> tuple[int, str]:
    """Bars: the name, the width, what is written behind it, and the color of each."""
    parts, top = [_text(20, 14, title, "#000", bold=True)], 26
    for name, width, behind, color in rows:
        parts += [
            _text(20, top + 15, name),
            f'<rect x="{_LEFT}" y="{top + 3}" width="{max(width, 1):.0f}" height="16" fill="{color}"/>',
            _text(_LEFT + 6 + round(width), top + 16, behind),
        ]
        top += _ROW
    if line:
        at = _LEFT + _log_width(1, 0.1, 10)
        parts.append(f'<line x1="{at:.0f}" x2="{at:.0f}" y1="24" y2="{top}" stroke="#444" stroke-dasharray="4 3"/>')
    return top, "".join(parts)


def _curve(title: str, points: Mapping[str, float], unit: str) -> tuple[int, str]:
    """A line through the points, which stand at equal distances with their labels and values."""
    height, most = 90, max([*points.values(), 1e-9])
    step = (_WIDTH - _LEFT - 110) / max(len(points) - 1, 1)
    places = [
        (_LEFT + 20 + step * number, 20 + height * (1 - value / most)) for number, value in enumerate(points.values())
    ]
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    parts = [
        _text(20, 14, title, "#000", bold=True),
        f'<polyline points="{path}" fill="none" stroke="{_PLAIN}" stroke-width="2"/>',
    ]
    for (x, y), (label, value) in zip(places, points.items(), strict=True):
        parts += [
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{_PLAIN}"/>',
            _text(round(x) + 6, round(y) - 4, f"{value:,.2f} {unit}"),
            _text(round(x) - 10, height + 38, label, "#444"),
        ]
    return height + 44, "".join(parts)


def _log_width(value: float, least: float, most: float) -> float:
    share = (math.log10(max(value, least)) - math.log10(least)) / (math.log10(most) - math.log10(least))
    return 280 * min(max(share, 0.0), 1.0)


def _text(x: int, y: int, text: str, color: str = "#222", *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{color}"{weight}>{escape(text)}</text>'

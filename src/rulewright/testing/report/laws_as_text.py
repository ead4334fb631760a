"""Law results on screen: a line for each law, then the smallest event that breaks one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...explain.terminal_columns import Paint, aligned
from ...printable import printable
from ...runtime.counted import counted
from ..law_results import LawResult
from .as_text import miss_lines, with_place


def law_lines(results: list[LawResult], paint: Paint) -> Iterator[str]:
    """A line for each law that somebody wrote; of built-in laws, all beside these, and alone those that do not hold."""
    written = [result for result in results if result.law is not None]
    built_in = [result for result in results if result.law is None]
    rows = [[_mark(result), result.name, _tried(result)] for result in written]
    if written and built_in and all(law.held for law in built_in):
        rows.append(["✔", counted(len(built_in), "built-in law"), _tried(built_in[0])])
    else:
        rows += [[_mark(law), f"{law.name} (built in)", _tried(law)] for law in built_in if not law.held]
    printed = [[printable(cell) for cell in row] for row in rows]
    yield from aligned(printed, ("", "", "quiet"), (2, 60, 0), paint, indent="  ")


def _mark(result: LawResult) -> str:
    return "✔" if result.held else "✘"


def _tried(result: LawResult) -> str:
    if result.proved:
        return "proved"
    events = counted(result.events, "event")
    if not result.held:
        return f"failed after {events}"
    return f"{events}, then its time was over" if result.stopped else events


def broken_law(result: LawResult, seed: int, paint: Paint) -> Iterator[str]:
    """A law that does not hold: what is not as it demands, the lines of the rules behind that, and the event."""
    title = f"✘ law: {result.name}"
    yield paint(printable(title), "bad") if result.law is None else with_place(title, result.law.span, paint, "bad")
    for miss in result.misses:
        yield from miss_lines(miss, paint)
    if result.problem:
        yield printable(f"    {result.problem}")
    if result.event is None:
        return
    if not (test := result.test()):
        yield printable(f"    the smallest event that was found (seed {seed}): {json.dumps(result.event)}")
        return
    yield f"    the smallest event that was found (seed {seed}), as a test to keep:"
    yield ""
    yield from map(printable, test.split("\n"))

"""The goals: what is measured, its limit, and its aim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table."""

    name: str
    unit: str
    limit: float
    """The lowest value that meets the goal, or the highest where less is better."""
    aim: float
    better: Literal["more", "less"] = "more"

    def reaches(self, value: float, mark: float) -> bool:
        """Whether a value is as good as a mark."""
        return value >= mark if self.better == "more" else value <= mark

    def shown(self, value: float) -> str:
        """A value with its unit; only a number of lines is always whole."""
        return f"{value:,.{0 if self.unit == 'lines' else 2}f} {self.unit}"

    def verdict(self, value: float | None) -> str:
        """The word for a value in the last column; None was not measured."""
        if value is None:
            return "not measured"
        if self.reaches(value, self.aim):
            return "aim reached"
        return "met" if self.reaches(value, self.limit) else "MISSED"


GOALS = {
    "objects / node": Goal("objects to requests, against Segment's code on Node", "×", 20, 30),
    "objects / hand": Goal("objects to requests, against the program written by hand", "×", 0.75, 0.9),
    "bytes / node": Goal("bytes to bytes, against Segment's code on Node", "×", 16, 22),
    "bytes / hand": Goal("bytes to bytes, against the program written by hand", "×", 1.0, 1.3),
    "objects checks": Goal("objects: time with checks, against the same mapping without", "×", 1.35, 1.15, "less"),
    "bytes checks": Goal("bytes: time with checks, against the same mapping without", "×", 1.35, 1.15, "less"),
    "objects off / hand": Goal("checks and user agents off: objects, against by hand", "×", 0.9, 1.0),
    "bytes off / hand": Goal("checks and user agents off: bytes, against by hand", "×", 1.3, 1.4),
    "triggers / node": Goal("six triggers on one event, against Node", "×", 1.5, 2),
    "rules indexable": Goal("10,000 rules against 10, all indexable", "× the time", 3, 1.5, "less"),
    "rules mixed": Goal("10,000 rules against 10, one in a hundred not", "× the time", 6, 3, "less"),
    "load cold": Goal("load of 1,000 mappings of 40 fields", "s", 3, 1, "less"),
    "load changed": Goal("load after an edit to one of them", "s", 0.3, 0.05, "less"),
    "load cached": Goal("load from the cache", "s", 0.1, 0.05, "less"),
    "check cold": Goal("check of the same rules", "s", 2.5, 1, "less"),
    "check 200": Goal("check of 200 of them", "s", 2, 0.5, "less"),
    "check changed": Goal("check after an edit to one of them", "s", 0.1, 0.03, "less"),
    "module": Goal("compiled module of the six presets", "lines", 1_000, 700, "less"),
    "workers": Goal("run with a worker for each core, against as many processes that share nothing", "×", 0.85, 0.95),
    "gzip": Goal("run on a .gz file, against the plain file", "×", 0.8, 0.95),
    "memory": Goal("memory of a mapper with 1,000 mappings", "MB", 60, 40, "less"),
    "reloads": Goal("memory that 500 reloads of changed rules leave", "MB", 5, 0.5, "less"),
    "start version": Goal("start: --version", "s", 0.1, 0.06, "less"),
    "start run": Goal("start: run on one event", "s", 0.3, 0.2, "less"),
    "start module": Goal("start: import of a compiled module", "s", 0.1, 0.05, "less"),
    "send": Goal("send on loopback, queue on disk, against the official SDK", "×", 4, 6),
}
"""As shipped (presets as they are, checks on, user agents parsed), unless a line says otherwise."""

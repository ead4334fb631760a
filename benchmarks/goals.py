"""The goals: what is measured, how much is the least, and how much is aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table."""

    name: str
    unit: str
    least: float
    aim: float
    better: Literal["more", "less"] = "more"

    def reaches(self, value: float, mark: float) -> bool:
        """Whether a value is as good as a mark."""
        return value >= mark if self.better == "more" else value <= mark

    def verdict(self, value: float) -> str:
        """What to say of a value."""
        if self.reaches(value, self.aim):
            return "aim reached"
        return "met" if self.reaches(value, self.least) else "MISSED"


GOALS = {
    "objects / node": Goal("objects to requests, against Segment's code on Node", "×", 20, 25),
    "objects / hand": Goal("the same, against the program written by hand", "×", 0.9, 1.0),
    "bytes / node": Goal("bytes to bytes, against Segment's code on Node", "×", 14, 20),
    "bytes / hand": Goal("the same, against the program written by hand", "×", 1.1, 1.4),
    "triggers / node": Goal("six triggers on one event, against Node", "×", 0.9, 1.5),
    "rules indexable": Goal("10,000 rules against 10, all indexable", "× the cost", 3, 1.5, "less"),
    "rules mixed": Goal("10,000 rules against 10, one in a hundred not", "× the cost", 10, 4, "less"),
    "check cold": Goal("check of 1,000 mappings × 40 fields", "s", 6, 2.5, "less"),
    "check changed": Goal("the same after a change to one mapping", "s", 0.5, 0.1, "less"),
    "start version": Goal("start of the command line: --version", "s", 0.25, 0.1, "less"),
    "start run": Goal("start of the command line: run on one event", "s", 0.6, 0.3, "less"),
    "memory": Goal("resident memory of a mapper with 1,000 mappings", "MB", 150, 60, "less"),
}

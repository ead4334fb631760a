"""Puts the table and the picture of a run into the README, with the date and the machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import chart, report
from .goals import GOALS

PICTURE = Path("docs/speed.svg")
BEGIN, END = "<!-- speed: written by `make bench WRITE=1` -->", "<!-- end of speed -->"


def write(root: Path, results: Mapping[str, Any]) -> None:
    """Writes both. Raises ValueError where the README has no place for the table."""
    (root / PICTURE).write_text(chart.picture(results), encoding="utf-8")
    readme = root / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"expected {BEGIN} and {END} in README.md, found neither or one")
    readme.write_text(f"{before}{BEGIN}\n{section(results)}\n{END}{after}", encoding="utf-8")


def section(results: Mapping[str, Any]) -> str:
    """The text between the two marks: the result in one sentence, and below it all measurements."""
    load = results["load before"]
    return (
        f"{_sentence(results['goals'])}\n\n"
        "<details>\n<summary>All measurements, including missed goals</summary>\n\n"
        f"![Speed against Segment's code, code written by hand and other languages, and its curves]({PICTURE})\n\n"
        f"Measured on {results['date']} on {results['machine']}, with {results['events']:,} seeded events of "
        "1.5 KB.\nEach ratio compares two measurements of the same run. "
        f"The load average was {load:.1f} at the start.\n"
        "A goal is met within its limit. The program written by hand parses no user agents and checks nothing;\n"
        "[decision 10](docs/decisions/0010-copies-are-a-table-in-c.md) explains what makes up the difference.\n\n"
        f"{report.markdown(results['goals'])}\n\n</details>"
    )


def _sentence(goals: Mapping[str, float]) -> str:
    met = sum(key in goals and goal.reaches(goals[key], goal.limit) for key, goal in GOALS.items())
    ratios = [
        f"{goals[key]:.0f} times" if key in goals else "(not measured)" for key in ("objects / node", "bytes / node")
    ]
    share = "all of" if met == len(GOALS) else f"{met} of"
    return (
        f"Rulewright maps events {ratios[0]} as fast as Segment's own code on Node, and {ratios[1]} as fast from JSON\n"
        f"text to JSON text. It meets {share} its {len(GOALS)} goals for speed and memory; `make bench` measures\n"
        "them again."
    )

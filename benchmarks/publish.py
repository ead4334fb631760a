"""Puts the table and the picture of a run into the README, with the date, the machine and how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import chart, report

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
    """What stands between the two marks."""
    load = results["load before"]
    return (
        f"![Speed against Segment's code, the program by hand and other languages, and its curves]({PICTURE})\n\n"
        f"Measured on {results['date']} on {results['machine']}, with {results['events']:,} seeded events of "
        f"1.5 KB,\nas ratios within one run. The load of the machine was {load:.1f} when it began. Repeat it with "
        "`make bench`.\n"
        "The program by hand parses no user agents and checks nothing;\n"
        "[decision 10](docs/decisions/0010-copies-are-a-table-in-c.md) explains what the difference to it consists of."
        f"\n\n{report.markdown(results['goals'])}"
    )

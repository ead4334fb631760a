"""`python -m differential.record`: what Segment's own code makes of random triggers, as rows for the tests."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import click

from . import events, triggers
from .reference import Reference

ROWS = Path(__file__).parents[1] / "tests" / "data" / "segment" / "random-triggers.jsonl.gz"


@click.command()
@click.option("--rows", default=500, show_default=True, help="Triggers to record.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same rows.")
def main(rows: int, seed: int) -> None:
    """Writes rows of a trigger, four events, and Segment's answer to each: null where its code throws."""
    random = Random(seed)
    with Reference() as reference, gzip.GzipFile(ROWS, "wb", mtime=0) as out:
        for _ in range(rows):
            trigger = triggers.trigger(random)
            given = [events.event(random) for _ in range(4)]
            row = {"trigger": trigger, "events": given, "matches": reference.matches(trigger, given)}
            out.write(json.dumps(row).encode() + b"\n")


if __name__ == "__main__":
    main()

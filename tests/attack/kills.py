"""Kills: `python -m tests.attack.kills --seconds 60 --seed 1`.

A sender is killed with SIGKILL in the middle of random requests, of which one in five fails, and started again until
all is settled. A case is wrong if an event is lost, doubled or overtaken by one that was accepted after it. When
processes are killed depends on the machine too, so a case made again may end otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.soak import run, write_events
from tests.runtime.delivery.killing import FAULTS

from .trials import Part, Wrong, main

MOST_SECONDS = 300.0
"""For one case; more means that a sender hangs."""


class Case(NamedTuple):
    events: int
    kills: int
    seed: int


def make(random: Random) -> Case:
    return Case(random.randrange(200, 1_500), random.randrange(1, 5), random.randrange(1 << 30))


def smaller(_case: Case) -> Iterator[Case]:
    """None: a case with fewer kills takes seconds and fails by chance."""
    return iter(())


def attack(case: Case) -> str:
    """One case. Raises what it must not raise."""
    folder = Path.cwd()
    source = folder / "events.jsonl"
    write_events(source, case.events, case.seed)
    result = run(folder, source, case.events, case.kills, MOST_SECONDS, case.seed, FAULTS)
    if not result["as_promised"] or result["unbalanced"] or result["exit"] != 0:
        raise Wrong(f"{result}")
    return f"with {result['kills']} kills"


PART = Part("senders", make, attack, smaller)


if __name__ == "__main__":
    sys.exit(main(PART))

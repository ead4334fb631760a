"""The Python side of the throughput: Rulewright's presets, and the same written by hand, in one process."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rulewright
from benchmarks.yardsticks import hand

PRESETS = Path(__file__).parents[1] / "rules" / "amplitude" / "presets.rules"


def without_user_agents(presets: str) -> str:
    """The presets as the program by hand has them, which parses no user agents and checks nothing."""
    return presets.replace("use defaults\n  ", "use defaults\n  userAgentParsing = false\n  ")


PASS = 20_000
"""So many events make a task, as they do on Node: fewer events are gone through again and again."""


def tasks(path: Path) -> dict[str, Callable[[], int]]:
    """Each goes through all events, and gives how many that were."""
    lines = path.read_bytes().splitlines()
    events = [json.loads(line) for line in lines]
    passes = max(1, PASS // len(events))
    presets = PRESETS.read_text(encoding="utf-8")
    mapper = rulewright.load(presets, settings={"apiKey": "KEY"})
    unchecked = rulewright.load(presets, settings={"apiKey": "KEY"}, checks=False)
    off = rulewright.load(without_user_agents(presets), settings={"apiKey": "KEY"}, checks=False)

    def objects(map_event: Callable[[Any], Any]) -> Callable[[], int]:
        def task() -> int:
            for _ in range(passes):
                for event in events:
                    map_event(event)
            return passes * len(events)

        return task

    def bodies(map_line: Callable[[bytes], rulewright.Outcome]) -> Callable[[], int]:
        def task() -> int:
            for _ in range(passes):
                for line in lines:
                    for request in map_line(line).requests:
                        _ = request.body
            return passes * len(lines)

        return task

    def by_hand() -> int:
        for _ in range(passes):
            for line in lines:
                hand.e2e(line)
        return passes * len(lines)

    return {
        "objects": objects(mapper),
        "objects unchecked": objects(unchecked),
        "objects off": objects(off),
        "objects by hand": objects(hand.pipe),
        "triggers": objects(mapper.program.match),
        "triggers by hand": objects(hand.trig),
        "bytes": bodies(mapper.map_bytes),
        "bytes unchecked": bodies(unchecked.map_bytes),
        "bytes off": bodies(off.map_bytes),
        "bytes by hand": by_hand,
    }


def main() -> None:
    known = tasks(Path(sys.argv[1]))
    gc.freeze()
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 -- the answer is what this program is for
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        started = time.perf_counter()
        count = known[line.strip()]()
        seconds = time.perf_counter() - started
        print(json.dumps({"n": count, "sec": seconds}), flush=True)  # noqa: T201 -- as above


if __name__ == "__main__":
    main()

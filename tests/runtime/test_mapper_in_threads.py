"""One mapper in eight threads gives what it gives in one, with the part in C and without it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

import rulewright
from rulewright.runtime.mapping import copy_table
from rulewright.runtime.outcome import Outcome
from tests.paths import ROOT

LINES = (ROOT / "examples" / "events.jsonl").read_bytes().splitlines()[:80]
EVENTS = [json.loads(line) for line in LINES]
THREADS = 8


@pytest.fixture(autouse=True)
def frequent_switches() -> Iterator[None]:
    """Threads take turns a thousand times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("native", [True, False], ids=["as built", "in Python"])
def test_eight_threads_give_what_one_gives(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not native:
        monkeypatch.setattr(copy_table, "native", None)
    rules = ROOT / "rules" / "amplitude" / "presets.rules"
    expected = _answers(rulewright.load(rules, settings={"apiKey": "KEY"}))
    mapper = rulewright.load(rules, settings={"apiKey": "KEY"})
    together = Barrier(THREADS)

    def mapped(_thread: int) -> list[Any]:
        together.wait(60)  # So that the first call, which prepares the views, is everybody's.
        return _answers(mapper)

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(mapped, range(THREADS)))
    assert sum(len(requests) for requests, _ in expected) > 150
    assert outcomes == [expected] * THREADS


def _answers(mapper: rulewright.Mapper) -> list[tuple[list[Any], list[str]]]:
    outcomes = [
        outcome
        for line, event in zip(LINES, EVENTS, strict=True)
        for outcome in (mapper.map_bytes(line), mapper(event))
    ]
    return [_answer(outcome) for outcome in outcomes]


def _answer(outcome: Outcome) -> tuple[list[Any], list[str]]:
    return [(request.url, request.body) for request in outcome.requests], list(map(str, outcome.failures))

"""Segment's answers to questions that were asked before, for where there is no Node."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from . import destination_events, events, mappings, triggers
from .comparison import ported
from .reference import Reference

ANSWERS = Path(__file__).parents[1] / "tests" / "data" / "segment" / "answers.jsonl.gz"
SEED = 3
CASES = 400
EVENTS = 3


def cases() -> Iterator[tuple[str, Any, list[Any]]]:
    """The triggers and mappings that were asked about, each with its events."""
    random = Random(SEED)
    for _ in range(CASES):
        yield triggers.trigger(random), mappings.mapping(random), [events.event(random) for _ in range(EVENTS)]


def calls() -> list[Any]:
    """The events that were given to the whole destination."""
    random = Random(SEED)
    return [destination_events.event(random) for _ in range(CASES)]


class Recording(Reference):
    """Asks Node, and keeps each question with its answer."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        answer = super()._ask(question)
        self.answers[json.dumps(question)] = answer
        return answer

    def write(self) -> None:
        """Keeps the answers for `Recorded`."""
        with gzip.GzipFile(ANSWERS, "wb", mtime=0) as out:
            for question, answer in self.answers.items():
                out.write(json.dumps([question, answer]).encode() + b"\n")


class NotRecorded(LookupError):
    """A question that the kept answers do not cover."""


class Recorded(Reference):
    """Gives the answers that were kept. Raises NotRecorded for a mapping that was not asked about then.

    A witness may be another event than it was: there the port of the parser answers, which the kept answers prove.
    """

    def __init__(self) -> None:
        with gzip.open(ANSWERS, "rt", encoding="utf-8") as lines:
            self.answers: dict[str, Any] = dict(map(json.loads, lines))

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        key = json.dumps(question)
        if "trigger" in question and key not in self.answers:
            return {"matches": ported(question["trigger"], question["events"])}
        if key not in self.answers:
            raise NotRecorded("Segment was not asked this: run `.venv/bin/python -m differential.record` (needs Node)")
        answer: dict[str, Any] = self.answers[key]
        return answer

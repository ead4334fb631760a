"""Triggers take the events that Segment's own code takes, wherever that code reads them as documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from differential.recorded import Recorded
from rulewright import RuleError, compile_trigger
from rulewright.dsl.format.expressions import expression_to_text
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_trigger
from rulewright.segment.triggers.fql import SegmentFailure, read_as_segment
from rulewright.segment.triggers.import_trigger import as_segment_reads, import_trigger, sends
from tests.long_cases import long_cases

from .vectors import events, rows

STEPS = [4, *long_cases(1)]
"""Each fourth row, or all."""


@pytest.mark.parametrize("step", STEPS)
def test_every_trigger_takes_the_events_that_segment_takes(step: int) -> None:
    wrong = []
    for row in rows("fql")[::step]:
        holds = compile_trigger(row["trigger"])
        if [number for number, event in enumerate(events()) if holds(event)] != row["matches"]:
            wrong.append(row["trigger"])
    assert wrong == []


def test_the_cases_of_the_documentation_hold() -> None:
    wrong = [
        row for row in rows("fql-documented") if compile_trigger(row["trigger"])(row["event"]) is not row["matches"]
    ]
    assert wrong == []


def test_no_trigger_that_segment_reads_correctly_is_called_misread() -> None:
    called = [row["trigger"] for row in rows("fql")[::10] if import_trigger(row["trigger"]).misreading is not None]
    assert called == []


ANSWERS = [{**json.loads(question), **answer} for question, answer in Recorded().answers.items()]
RECORDED = [*rows("triggers-read-by-segment"), *(row for row in ANSWERS if "trigger" in row)]
"""Triggers of every kind, most of which Segment misreads, with the answers of its own code: None where it throws."""


def test_the_port_of_segments_parser_reads_what_segment_reads() -> None:
    wrong = [row["trigger"] for row in RECORDED if ported(row) != row["matches"]]
    assert wrong == []


def ported(row: dict[str, Any]) -> list[bool | None]:
    try:
        tree = read_as_segment(row["trigger"])
    except SegmentFailure:
        return [False] * len(row["events"])
    return [sends(tree, event) for event in row["events"]]


@pytest.mark.parametrize("step", STEPS)
def test_what_segment_reads_is_written_as_a_trigger_that_takes_the_same_events(step: int) -> None:
    wrong = []
    for row in RECORDED[::step]:
        reading = as_segment_reads(row["trigger"])
        holds = compile_trigger("false" if reading is None else expression_to_text(reading))
        if [holds(event) for event in row["events"]] != sent(row):
            wrong.append(row["trigger"])
    assert wrong == []


NESTED = (
    '(type = "track" and event = "a") and name = "b"',
    'type = "track" or (event = "a" or (name = "b" or userId = "c"))',
    '(type = "track" and event = "a" name = "b") and userId = "c"',
    'match(name, "*a-") and (context.plan in ["x"] and match(name, "*"))',
)


def test_what_segment_reads_is_written_as_the_formatter_writes_it() -> None:
    triggers = [*NESTED, *(row["trigger"] for row in RECORDED)]
    readings = [reading for trigger in triggers if (reading := as_segment_reads(trigger)) is not None]
    texts = [(expression_to_text(reading), reading) for reading in readings]
    assert [text for text, reading in texts if read_trigger(Source("trigger", text))[0] != reading] == []


@pytest.mark.parametrize("step", STEPS)
def test_no_difference_from_segment_is_silent(step: int) -> None:
    wrong = []
    for row in RECORDED[::step]:
        try:
            imported = import_trigger(row["trigger"])
        except RuleError:
            continue
        holds = compile_trigger(imported.text)
        if imported.misreading is None and [holds(event) for event in row["events"]] != sent(row):
            wrong.append(row["trigger"])
    assert wrong == []


def sent(row: dict[str, Any]) -> list[bool]:
    return [answer is True for answer in row["matches"]]

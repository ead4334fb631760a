"""Both sides on the same rule and the same events, and what they do not agree on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rulewright.dsl.diagnostics.diagnostic import RuleError
from rulewright.expressions import compile_expression, compile_trigger
from rulewright.runtime.outcome import MappingError
from rulewright.runtime.semantics.missing import MISSING
from rulewright.segment.import_mapping import import_mapping
from rulewright.segment.import_trigger import import_trigger, sends
from rulewright.segment.problems import SegmentFormatError
from rulewright.segment.segment_trigger import SegmentFailure, read_as_segment

from .divergences import MISREAD, NOT_FQL, explain_mapping
from .reference import Reference


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule and one event on which the two sides differ."""

    rule: Any
    """The trigger's text, or the mapping."""
    event: Any
    segment: Any
    ours: Any
    explanation: str | None
    """The documented divergence that it belongs to; None where there is none."""


def compare_trigger(reference: Reference, text: str, events: list[Any]) -> list[Difference]:
    """Where a trigger takes an event on one side alone."""
    answers = reference.matches(text, events)
    found = [
        Difference(text, event, answer, f"{ported} by the port of Segment's parser", None)
        for event, answer, ported in zip(events, answers, _ported(text, events), strict=True)
        if answer is not ported
    ]
    try:
        imported = import_trigger(text)
    except RuleError as error:
        return [*found, Difference(text, events[0], answers[0], str(error), NOT_FQL)]
    ours = compile_trigger(imported.text)
    explanation = MISREAD if imported.misreading else None
    for event, answer in zip(events, answers, strict=True):
        result = ours(event)
        if result is not answer:
            found.append(Difference(text, event, answer, result, explanation))
    return found


def _ported(text: str, events: list[Any]) -> list[bool | None]:
    try:
        tree = read_as_segment(text)
    except SegmentFailure:
        return [False for _ in events]
    return [sends(tree, event) for event in events]


def compare_mapping(reference: Reference, mapping: Any, events: list[Any]) -> list[Difference]:
    """Where a mapping gives other JSON on one side than on the other."""
    outputs = reference.outputs(mapping, events)
    try:
        ours = compile_expression(import_mapping(mapping))
    except SegmentFormatError as error:
        results = [{"refused": error.reason} for _ in events]
    else:
        results = [_result(ours, event) for event in events]
    return [
        Difference(mapping, event, output, result, explain_mapping(mapping, event, output, result))
        for event, output, result in zip(events, outputs, results, strict=True)
        if not _agree(output, result)
    ]


def _result(expression: Any, event: Any) -> dict[str, Any]:
    try:
        value = expression(event)
    except MappingError as error:
        return {"error": str(error)}
    return {} if value is MISSING else {"value": value}


def _agree(segment: dict[str, Any], ours: dict[str, Any]) -> bool:
    if "error" in segment:
        return "value" not in ours
    return same_json(segment.get("value", MISSING), ours.get("value", MISSING)) and "refused" not in ours


def same_json(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 and 1.0 are, 1 and true are not, and the order of keys is no matter."""
    if one is MISSING or other is MISSING:
        return one is other
    return json.dumps(_plain(one), sort_keys=True) == json.dumps(_plain(other), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

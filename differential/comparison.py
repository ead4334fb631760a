"""Both sides on the same rule and the same events, and what they do not agree on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rulewright.dsl.format.expressions import expression_to_text
from rulewright.dsl.rule_error import RuleError
from rulewright.loading.expressions import compile_expression, compile_trigger
from rulewright.runtime.outcome import MappingError
from rulewright.runtime.semantics.missing import MISSING
from rulewright.segment.mappings.arguments import is_directive
from rulewright.segment.mappings.import_mapping import import_mapping
from rulewright.segment.problems import JsonPath, SegmentFormatError
from rulewright.segment.triggers.fql import SegmentFailure, read_as_segment
from rulewright.segment.triggers.import_trigger import Misreading, as_segment_reads, import_trigger, sends

from .divergences import BROKEN_LIQUID, MISREAD, explain_mapping, explain_refusal, explain_throw
from .reference import Reference


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One rule and one event on which the two sides differ."""

    rule: Any
    """The trigger's text, or the mapping."""
    event: Any
    segment: Any
    ours: Any
    explanation: str | None
    """The documented divergence that it belongs to; None where there is none."""


def compare_trigger(reference: Reference, text: str, events: list[Any]) -> list[RuleDifference]:
    """Where the trigger that import writes takes an event on one side alone.

    A misread trigger is explained only if Segment's own answer on the witness is what import says it is.
    """
    answers = reference.matches(text, events)
    differences = [
        RuleDifference(text, event, answer, f"{own} by the port of Segment's parser", None)
        for event, answer, own in zip(events, answers, ported(text, events), strict=True)
        if answer is not own
    ]
    try:
        imported = import_trigger(text)
    except RuleError:
        reading = as_segment_reads(text)
        ours, explanation = compile_trigger("false" if reading is None else expression_to_text(reading)), None
    else:
        ours = compile_trigger(imported.text)
        explanation = None if imported.misreading is None else MISREAD
        differences += _untrue_witness(reference, text, imported.misreading)
    for event, answer in zip(events, answers, strict=True):
        result = ours(event)
        if result is not (answer is True):
            differences.append(RuleDifference(text, event, answer, result, explanation))
    return differences


def _untrue_witness(reference: Reference, text: str, misreading: Misreading | None) -> list[RuleDifference]:
    if misreading is None or misreading.event is None:
        return []
    [answer] = reference.matches(text, [misreading.event])
    told = f"{not misreading.meant} by the finding of import"
    return (
        [] if (answer is True) is not misreading.meant else [RuleDifference(text, misreading.event, answer, told, None)]
    )


def ported(text: str, events: list[Any]) -> list[bool | None]:
    """What the port of Segment's parser makes of a trigger, as Segment's packages answer."""
    try:
        tree = read_as_segment(text)
    except SegmentFailure:
        return [False for _ in events]
    return [sends(tree, event) for event in events]


def compare_mapping(reference: Reference, mapping: Any, events: list[Any]) -> list[RuleDifference]:
    """Where a mapping gives other JSON on one side than on the other, or is refused on one side alone."""
    outputs = reference.outputs(mapping, events)
    try:
        ours = compile_expression(import_mapping(mapping))
    except SegmentFormatError as error:
        return _unshared_refusals(reference, mapping, error, events, outputs)
    except RuleError as error:
        refused = {"refused": error.diagnostics[0].message}
        explanation = BROKEN_LIQUID if any(diagnostic.code == "RW0308" for diagnostic in error.diagnostics) else None
        pairs = zip(events, outputs, strict=True)
        return [RuleDifference(mapping, *pair, refused, explanation) for pair in pairs if "error" not in pair[1]]
    results = [_result(ours, event) for event in events]
    differences = []
    for event, output, result in zip(events, outputs, results, strict=True):
        if not _agree(output, result):
            if "error" in output:
                explanation = explain_throw(mapping, _takes_some(reference, mapping, outputs))
            else:
                explanation = explain_mapping(mapping, event, output, result)
            differences.append(RuleDifference(mapping, event, output, result, explanation))
    return differences


def _takes_some(reference: Reference, mapping: Any, outputs: list[dict[str, Any]]) -> bool:
    """Whether Segment takes a mapping, and only throws on some events."""
    [on_nothing] = reference.outputs(mapping, [{}])
    return any("error" not in output for output in (on_nothing, *outputs))


def _unshared_refusals(
    reference: Reference, mapping: Any, error: SegmentFormatError, events: list[Any], outputs: list[dict[str, Any]]
) -> list[RuleDifference]:
    """The events for which Segment has a value, although import refuses the mapping."""
    if all("error" in output for output in outputs):
        return []
    alone = [reference.outputs({"part": part}, [{}])[0] for part in _directives_around(mapping, error.place)]
    explanation = explain_refusal(mapping, error, any("error" in output for output in alone))
    return [
        RuleDifference(mapping, event, output, {"refused": str(error)}, explanation)
        for event, output in zip(events, outputs, strict=True)
        if "error" not in output
    ]


def _directives_around(mapping: Any, place: JsonPath) -> list[Any]:
    """The directive at a place of a mapping, and the innermost one around it: one of the two is what import refuses."""
    directive = part = mapping
    for step in place:
        if is_directive(part):
            directive = part
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return [directive]
    return [directive, part] if is_directive(part) else [directive]


def _result(expression: Any, event: Any) -> dict[str, Any]:
    try:
        value = expression(event)
    except MappingError as error:
        return {"error": str(error)}
    return {} if value is MISSING else {"value": value}


def _agree(segment: dict[str, Any], ours: dict[str, Any]) -> bool:
    if "error" in segment:
        return "value" not in ours
    return same_json(segment.get("value", MISSING), ours.get("value", MISSING))


def same_json(left: Any, right: Any) -> bool:
    """Equal as JSON: 1 and 1.0 are, 1 and true are not, and the order of keys is no matter."""
    if left is MISSING or right is MISSING:
        return left is right
    return json.dumps(_plain(left), sort_keys=True) == json.dumps(_plain(right), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

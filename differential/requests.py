"""Segment's Amplitude destination and imported rules on the same event: their requests, compared value by value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import rulewright
from rulewright.runtime.outcome import Outcome, Request

from .comparison import RuleDifference, same_json
from .destination_events import ACTIONS
from .reference import Reference
from .request_divergences import as_amplitude_takes, explain_request

SETTINGS = {"apiKey": "API_KEY", "secretKey": "SECRET_KEY"}
PRESETS = Path(__file__).parents[1] / "tests" / "data" / "amplitude" / "presets.json"
ABSENT = "absent"
"""In place of the value that one side does not send."""


@cache
def subscriptions() -> list[dict[str, Any]]:
    """Segment's presets, and for each action one that takes all of its fields from `fields`."""
    presets = [preset for preset in json.loads(PRESETS.read_text()) if preset["partnerAction"] in ACTIONS]
    alone = [
        {
            "name": f"fields of {action}",
            "partnerAction": action,
            "subscribe": f'type = "{action}"',
            "mapping": {field.name: {"@path": f"$.fields.{field.name}"} for field in fields if not field.ours},
        }
        for action, fields in ACTIONS.items()
    ]
    return [*presets, *alone]


@cache
def _mapper() -> rulewright.Mapper:
    rules = rulewright.import_subscriptions(subscriptions())
    return rulewright.load(rules, settings={**SETTINGS, "optOuts": "ignore"}, checks=False)


def compare_requests(reference: Reference, events: list[Any]) -> list[RuleDifference]:
    """Where the requests of the two sides differ, after what is right on one side alone is made right on the other."""
    differences = []
    for event, answers in zip(events, reference.results(subscriptions(), SETTINGS, events), strict=True):
        outcome = _mapper()(event)
        for name in {**answers, **dict.fromkeys(outcome.matched)}:
            answer = answers.get(name, {"requests": [], "payload": {}})
            segment, ours = _of_segment(answer), _of_mapping(outcome, name)
            for path, theirs, mine in _different(segment, ours):
                explanation = explain_request(answer["payload"], path, theirs, mine)
                differences.append(RuleDifference(name, event, f"{path}: {_text(theirs)}", _text(mine), explanation))
    return differences


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _of_segment(answer: dict[str, Any]) -> Any:
    if "error" in answer:
        return {"error": answer["error"]}
    return [as_amplitude_takes({"url": request["url"], **_body(request)}) for request in answer["requests"]]


def _of_mapping(outcome: Outcome, mapping: str) -> Any:
    for failure in outcome.failures:
        if failure.mapping == mapping:
            return {"error": failure.sentence}
    return [
        {"url": request.url, **_body(_written(request))} for request in outcome.requests if request.mapping == mapping
    ]


def _written(request: Request) -> dict[str, Any]:
    return {"json": json.loads(request.body)} if request.form is None else {"form": request.form}


def _body(request: dict[str, Any]) -> dict[str, Any]:
    """The body of a request, with the JSON that is inside a form."""
    if "json" in request:
        return {"json": request["json"]}
    read = {
        key: json.loads(value) for key, value in request["form"].items() if key != "api_key" and value != "undefined"
    }
    return {"form": read}


def _different(segment: Any, ours: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The paths at which two values differ, each with the two values there."""
    if isinstance(segment, dict) and isinstance(ours, dict):
        if "error" in segment and "error" in ours:
            return
        for key in {**segment, **ours}:
            yield from _different(segment.get(key, ABSENT), ours.get(key, ABSENT), f"{path}.{key}")
    elif isinstance(segment, list) and isinstance(ours, list) and len(segment) == len(ours):
        for at, (theirs, mine) in enumerate(zip(segment, ours, strict=True)):
            yield from _different(theirs, mine, f"{path}[{at}]")
    elif not same_json(segment, ours):
        yield path, segment, ours

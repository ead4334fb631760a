"""What rules send for an event: the bodies of the requests, for the tests of the page."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import rulewright
from tests.paths import ROOT

Row = dict[str, Any]


@cache
def mapper(rules: str, **settings: str) -> rulewright.Mapper:
    return rulewright.load(rules, settings={"apiKey": "KEY", "secretKey": "SECRET", **settings})


@cache
def presets() -> rulewright.Mapper:
    return rulewright.load(ROOT / "rules" / "amplitude" / "presets.rules", settings={"apiKey": "KEY"})


def mapping(action: str, *lines: str, when: str = "true") -> str:
    """The rules of one mapping."""
    body = "\n".join(f"  {line}" for line in (f"when {when}", *lines))
    return f'destination amplitude\nmapping "M" -> {action} {{\n{body}\n}}\n'


def body_of(request: rulewright.Request) -> Row:
    """The body of a request; what a form holds as JSON text is read."""
    if request.json is not None:
        return dict(json.loads(request.body))
    form = request.form or {}
    return {key: value if key == "api_key" else json.loads(value) for key, value in form.items()}


def sent(by: rulewright.Mapper | str, event: Row) -> list[Row]:
    """The bodies of the requests for an event, none of which failed."""
    outcome = (mapper(by) if isinstance(by, str) else by)(event)
    assert outcome.failures == []
    return [body_of(request) for request in outcome.requests]


def objects(by: rulewright.Mapper | str, event: Row) -> list[Row]:
    """The events, the identifications or the user mappings in those bodies."""
    parts: list[Row] = []
    for body in sent(by, event):
        part: Any = body.get("events") or body.get("identification") or body.get("mapping")
        parts += part if isinstance(part, list) else [part]
    return parts


def event(**more: Any) -> Row:
    return {"type": "track", "event": "Seen", "userId": "user-42", **more}

"""Problems of a request in the format of Amplitude's 400: which field of which event."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from ..api.events import NO_ID
from ..api.values import ID_PROBLEM

Problems = dict[str, dict[str, list[int]]]
"""Kind of problem, field, and the places of the events in the request."""

_IDS = ("user_id", "device_id")
_MISSING = ("missing", "string_too_short")


def event_problems(error: ValidationError) -> Problems:
    """The problems of single events; empty where only the request as a whole has any."""
    problems: Problems = {}
    for problem in error.errors(include_url=False, include_context=False):
        match problem["loc"]:
            case ("events", int(index), *path):
                kind, field = _of_event(problem["type"], path, is_null=problem["input"] is None)
                indices = problems.setdefault(kind, {}).setdefault(field, [])
                if index not in indices[-1:]:
                    indices.append(index)
    return problems


def missing_field(error: ValidationError) -> str | None:
    """The field of the request itself that is missing or of a wrong type."""
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        if len(problem["loc"]) <= 1 or problem["loc"][0] == "options":
            return str(problem["loc"][0]) if problem["loc"] else "api_key"
    return None


def sentence(error: ValidationError) -> str:
    """The first problem as a sentence, as the endpoints that take forms answer."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"invalid {'.'.join(map(str, first['loc']))}: {first['msg']}"


def first_of(problems: Problems) -> Problems:
    """The first problem of the first event alone."""
    for kind, fields in problems.items():
        for field, indices in fields.items():
            return {kind: {field: indices[:1]}}
    return {}


def _of_event(type_: str, path: list[Any], *, is_null: bool) -> tuple[str, str]:
    """The kind of a problem and the field that it is reported under."""
    if type_ == NO_ID:
        return "events_with_missing_fields", "device_id"
    if not path:
        return "events_with_invalid_fields", "event"
    field = str(path[0])
    if field in _IDS or type_ == ID_PROBLEM:
        return "events_with_invalid_id_lengths", field
    is_missing = field == "event_type" and (is_null or type_ in _MISSING)
    return "events_with_missing_fields" if is_missing else "events_with_invalid_fields", field

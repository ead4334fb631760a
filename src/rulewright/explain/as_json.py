"""An explanation as plain data, for programs."""

from __future__ import annotations

from typing import Any

from ..dsl.render.json import place_data
from ..runtime.outcome import Failure
from ..runtime.semantics.missing import MISSING
from ..trace.traced_rules import words
from .clauses import Clause
from .explanation import ExplainedFilter, ExplainedMapping, Explanation
from .readings import Reading, a_kind
from .request_rows import RequestRow


def as_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation with whole values, and places as file, line and column."""
    dropped = explanation.dropped_by
    return {
        "dropped_by": None if dropped is None else _filter(dropped),
        "opted_out": explanation.opted_out,
        "filters": [_filter(filter_) for filter_ in explanation.filters],
        "mappings": [_mapping(mapping) for mapping in explanation.mappings],
        "disabled": explanation.disabled,
        "unrecognized": None if explanation.unrecognized is None else explanation.unrecognized._asdict(),
    }


def _filter(explained: ExplainedFilter) -> dict[str, Any]:
    return {
        "kind": explained.filter.kind,
        "text": words(explained.filter.span),
        "clause": None if explained.clause is None else _clause(explained.clause),
        "place": place_data(explained.filter.span),
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "text": clause.text,
        "holds": clause.holds,
        "read": [_reading(reading) for reading in clause.readings],
        "sentence": str(clause),
        "help": clause.help or None,
        "place": place_data(clause.span),
    }


def _reading(reading: Reading) -> dict[str, Any]:
    missing = reading.value is MISSING
    return {
        "text": reading.text,
        "kind": a_kind(reading.value),
        "value": None if missing else reading.value,
        "meant": reading.beside or None,
        "failed": reading.failed or None,
    }


def _mapping(explained: ExplainedMapping) -> dict[str, Any]:
    return {
        "name": explained.mapping.name,
        "action": explained.mapping.action.name,
        "matched": explained.matched,
        "clause": _clause(explained.clause),
        "requests": [
            {
                "method": request.method,
                "url": request.url,
                "parts": [{"part": label, "fields": [_row(row) for row in rows]} for label, rows in request.groups],
            }
            for request in explained.requests
        ],
        "left_out": [_row(row) for row in explained.left_out],
        "not_sent": [_row(row) for row in explained.unused],
        "refused": [_row(row) for row in explained.refused],
        "failures": [_failure(failure) for failure in explained.failures],
        "warnings": [
            {"field": repair.field, "code": repair.code, "message": repair.message} for repair in explained.repairs
        ],
    }


def _row(row: RequestRow) -> dict[str, Any]:
    value = {} if row.value is MISSING else {"value": row.value}
    return {
        "name": row.name,
        **value,
        "source": row.source,
        "reason": row.reason or None,
        "coerced_from": row.coerced or None,
        "default_of": row.default_of or None,
        "event_places": [list(place) for place in row.places],
        "place": None if row.span is None else place_data(row.span),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    span = failure.span
    place = None if span is None else {"file": span.file, "line": span.line, "column": span.column}
    return {"field": failure.field, "code": failure.code, "message": failure.message, "place": place}

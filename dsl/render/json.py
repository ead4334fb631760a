"""Diagnostics as JSON for programs: lines and columns count from 1, columns in characters, ends exclusive."""

from __future__ import annotations

import json
from typing import Any

from ..diagnostics.codes import CODES
from ..diagnostics.diagnostic import Diagnostic
from ..diagnostics.suppressions import Suppression
from ..source import Span


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """One diagnostic; every key is present, null or empty if the diagnostic has no value."""
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "title": CODES[diagnostic.code].title,
        "message": diagnostic.message,
        **span_data(diagnostic.span),
        "label": diagnostic.label,
        "others": [{**span_data(label.span), "label": label.text} for label in diagnostic.others],
        "example": example_data(diagnostic),
        "help": list(diagnostic.help),
        "fix": fix and {**span_data(fix.span), "replacement": fix.replacement, "sentence": fix.sentence},
    }


def suppressed_data(diagnostic: Diagnostic, suppression: Suppression) -> dict[str, Any]:
    """A suppressed diagnostic, and the reason in the comment."""
    return {**diagnostic_data(diagnostic), "reason": suppression.reason}


def span_data(span: Span) -> dict[str, Any]:
    """A span: its file, and the lines and columns where it begins and ends."""
    end_line, end_column = span.source.position(span.end)
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": end_column,
    }


def place_data(span: Span) -> dict[str, Any]:
    """Where a span begins: its file, line and column."""
    return {"file": span.source.name, "line": span.line, "column": span.column}


def example_data(diagnostic: Diagnostic) -> Any:
    """The example event of a diagnostic, decoded; None if it has none."""
    return json.loads(diagnostic.example) if diagnostic.example else None

"""Converts a Segment mapping to an expression that gives the same value for every event."""

from __future__ import annotations

from typing import Any

from ...files.json_text import JsonProblem, check, decode
from ..problems import SegmentFormatError, raise_problems
from ..rule_text import rule_text
from .mapping_reader import MappingReader
from .payload import EVENT

_MAX_DEPTH = 100_000
"""Of JSON; what the language cannot nest is refused with its place, at a far smaller depth."""


def import_mapping(mapping: Any) -> str:
    """Convert a Segment mapping, as decoded JSON or JSON text, to the text of an expression.

    Raises SegmentFormatError with all problems for a mapping that Segment itself refuses, or that the language cannot
    express.
    Source: mapping-kit of @segment/actions-core.
    """
    reader = MappingReader(EVENT)
    expression = reader.whole(decoded(mapping), ())
    raise_problems(reader.problems)
    return rule_text(expression)


def decoded(document: Any) -> Any:
    """The decoded form of a JSON document, which may be JSON text or decoded already.

    Raises SegmentFormatError for text that is not JSON, and for values that are nested too deep or cannot be encoded.
    """
    try:
        if isinstance(document, str | bytes):
            return decode(document, _MAX_DEPTH)
        check(document, _MAX_DEPTH)
    except JsonProblem as error:
        raise SegmentFormatError(f"the document cannot be read: {error}") from None
    return document

"""A Segment mapping to an expression of the language that gives the same value for every event."""

from __future__ import annotations

import json
from typing import Any

from .mapping_reader import Reader
from .payload import EVENT
from .problems import SegmentFormatError
from .rule_text import rule_text


def import_mapping(mapping: Any) -> str:
    """The text of an expression for one mapping: decoded JSON, or JSON text.

    Raises SegmentFormatError for what Segment itself refuses, and for what has no form in the language.
    Source: mapping-kit of @segment/actions-core.
    """
    return rule_text(Reader(EVENT).whole(decoded(mapping), ()))


def decoded(document: Any) -> Any:
    """A JSON document: text that is JSON is decoded, anything else is taken as decoded already."""
    if not isinstance(document, str | bytes):
        return document
    try:
        text = document if isinstance(document, str) else document.decode("utf-8-sig")
        return json.loads(text)
    except UnicodeDecodeError as error:
        raise SegmentFormatError(f"this is not UTF-8 text: byte {error.start + 1} cannot be read") from None
    except RecursionError:
        raise SegmentFormatError("this JSON is nested too deep") from None
    except ValueError as error:
        raise SegmentFormatError(f"this is not JSON: {error}") from None

"""The differences from Segment that are meant, each told by its own mark; docs/divergences.md says why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from rulewright.runtime.semantics.javascript import number_text
from rulewright.segment.problems import NoRuleForm, SegmentFormatError

REFUSED_BY_SEGMENT = "a mapping that Segment refuses"
NO_FORM = "a directive without a form in the language"
PLACEHOLDERS_IN_DATA = "placeholders that come out of the data"
HIDDEN_KEYS = "a key that `@merge` hides by an undefined value"
HOLES_IN_LISTS = "an undefined item of a list"
OWN_MEMBERS = "members of JavaScript's own objects"
HALVES = "half of a surrogate pair"
DIGITS = "whole numbers beyond 2⁵³"
THROWS = "a value on which Segment throws"
MISREAD = "a trigger that Segment misreads"
BROKEN_LIQUID = "an unknown filter in a Liquid template"

_MEMBERS = re.compile(r"\b(constructor|toString|valueOf|__proto__|hasOwnProperty)\b")
_HALF = re.compile(r"[\ud800-\udfff]|\\\\ud[89a-f]")
"""Half of a pair, in a text or in JSON within a text."""
_LONG_NUMBER = re.compile(r"\d{16,}")
_CUTS = re.compile(r"\| (?:slice|truncate|split|replace|remove|minus|modulo|divided_by)|\[-?\d\]|\.\d")
"""What takes a part of a number's text in Liquid, or leaves its last digits alone."""
_TRIPLE_HOLE = re.compile(r"\{\{\{[^}]+\}\}\}")


def explain_mapping(mapping: Any, event: Any, segment: dict[str, Any], ours: dict[str, Any]) -> str | None:
    """The name of the divergence that a difference belongs to; None for one that nobody has explained."""
    text = json.dumps(mapping)
    theirs, mine = rounded(segment.get("value")), rounded(ours.get("value"))
    if json.dumps(theirs, sort_keys=True) == json.dumps(mine, sort_keys=True):
        return DIGITS
    if "value" in segment and _same_but_for(theirs, mine, lambda key, value: key == "__proto__"):
        return OWN_MEMBERS
    if "@liquid" in text and _LONG_NUMBER.search(json.dumps(event)) and _CUTS.search(text):
        return DIGITS
    if _same_but_for(theirs, mine, lambda key, value: value is None) and ("[" in text or "@arrayPath" in text):
        return HOLES_IN_LISTS
    if "@merge" in text and _same_but_for(theirs, mine, lambda key, value: True):
        return HIDDEN_KEYS
    if has_half(segment):
        return HALVES
    if _MEMBERS.search(text):
        return OWN_MEMBERS
    if _TRIPLE_HOLE.search(text) and "{{" in json.dumps(event):
        return PLACEHOLDERS_IN_DATA
    return None


def explain_throw(mapping: Any, takes_some: bool) -> str | None:
    """The same where Segment's code throws on an event: it `takes_some`, or has an object's own member to call."""
    if takes_some:
        return THROWS
    return OWN_MEMBERS if _MEMBERS.search(json.dumps(mapping)) else None


def explain_refusal(mapping: Any, error: SegmentFormatError, segment_refuses_the_part: bool) -> str | None:
    """The same where import refuses a mapping for which Segment has a value.

    Segment does not look into lists and plain objects: what it refuses by itself, it takes there.
    """
    if segment_refuses_the_part:
        return REFUSED_BY_SEGMENT
    if has_half(mapping):
        return HALVES
    return NO_FORM if isinstance(error, NoRuleForm) else None


def has_half(value: Any) -> bool:
    """Whether a text in the value holds half of a character."""
    return _HALF.search(json.dumps(value, ensure_ascii=False)) is not None


def _same_but_for(segment: Any, ours: Any, extra: Callable[[str, Any], bool]) -> bool:
    """Whether ours is the same but for keys that Segment has not, of which, and of whose values, `extra` is true.

    JSON within a text is read as well.
    """
    if isinstance(segment, dict) and isinstance(ours, dict):
        return segment.keys() <= ours.keys() and all(
            _same_but_for(segment[key], value, extra) if key in segment else extra(key, value)
            for key, value in ours.items()
        )
    if isinstance(segment, list) and isinstance(ours, list) and len(segment) == len(ours):
        return all(_same_but_for(theirs, mine, extra) for theirs, mine in zip(segment, ours, strict=True))
    if isinstance(segment, str) and isinstance(ours, str) and segment != ours:
        return _same_but_for(_decoded(segment), _decoded(ours), extra)
    return bool(segment == ours)


def rounded(value: Any) -> Any:
    """The value with the digits of whole numbers that JavaScript keeps, in texts as well."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, str):
        return _LONG_NUMBER.sub(lambda digits: number_text(float(digits[0])), value)
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return int(float(value))
    return value


def _decoded(text: str) -> Any:
    """What a text is as JSON, where it is an object or a list of one; each other text is a value unlike all others."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict | list) else object()

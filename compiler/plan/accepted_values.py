"""Which values a place accepts unchanged."""

from __future__ import annotations

from ...dsl.ast import Scalar
from ...runtime.semantics.accepted_values import ACCEPTED
from ...runtime.semantics.blank import is_blank
from ..catalog import FieldSchema
from .mapping_plan import Place


def accepted_kind(place: Place) -> str | None:
    """The key in `ACCEPTED` of what a place accepts unchanged, or `anything`; None where only its field can tell."""
    facts = place.facts
    if facts is None:
        return "anything" if place.level == "item" else None
    return None if facts.choices else _kind_by_type(facts, place)


def accepts_null(place: Place) -> bool:
    """Whether a place whose kind is text accepts null unchanged as well."""
    facts = place.facts
    return facts is not None and facts.nullable and accepted_kind(place) in ("filled text", "visible text")


def accepts_constant(place: Place, constant: Scalar) -> bool:
    """Whether a place accepts a literal's value unchanged."""
    facts = place.facts
    if facts is None:
        return True
    if facts.choices and constant not in facts.choices:
        return False
    kind = _kind_by_type(facts, place)
    if kind == "visible text":
        return isinstance(constant, str) and not is_blank(constant)
    return kind in ACCEPTED and ACCEPTED[kind].accepts(constant)


def expected_kind(place: Place) -> str | None:
    """The kind of value that a place is made for, text or an object or a boolean, whatever its choices are."""
    kind = None if place.facts is None else _kind_by_type(place.facts, place)
    return ACCEPTED[kind].kind if kind in ACCEPTED else None


def _kind_by_type(facts: FieldSchema, place: Place) -> str | None:
    if facts.multiple or facts.fields:
        return None
    if facts.type == "datetime":
        # `build` reads the time itself, and refuses what is not one.
        return "anything" if place.is_control and not facts.nullable else None
    if facts.type != "string":
        return facts.type
    if facts.visible:
        return "visible text"
    return "filled text" if place.level == "top" else "text"

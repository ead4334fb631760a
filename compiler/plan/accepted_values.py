"""Which values a target accepts unchanged."""

from __future__ import annotations

from ...dsl.ast import Scalar
from ...runtime.semantics.accepted_values import ACCEPTED
from ...runtime.semantics.blank import is_blank
from ..catalog import FieldSchema
from .mapping_plan import Target


def accepted_kind(target: Target) -> str | None:
    """The key in `ACCEPTED` of the values that a target accepts unchanged, or `anything`; None if its field decides."""
    facts = target.facts
    if facts is None:
        return "anything" if target.level == "item" else None
    return None if facts.choices else _kind_by_type(facts, target)


def accepts_null(target: Target) -> bool:
    """Whether a target whose kind is text accepts null unchanged as well."""
    facts = target.facts
    return facts is not None and facts.nullable and accepted_kind(target) in ("filled text", "visible text")


def accepts_constant(target: Target, constant: Scalar) -> bool:
    """Whether a target accepts a literal's value unchanged."""
    facts = target.facts
    if facts is None:
        return True
    if facts.choices and constant not in facts.choices:
        return False
    kind = _kind_by_type(facts, target)
    if kind == "visible text":
        return isinstance(constant, str) and not is_blank(constant)
    return kind in ACCEPTED and ACCEPTED[kind].accepts(constant)


def expected_kind(target: Target) -> str | None:
    """The kind of value that a target expects, whatever its choices are, such as `string`; None if it takes several."""
    kind = None if target.facts is None else _kind_by_type(target.facts, target)
    return ACCEPTED[kind].kind if kind in ACCEPTED else None


def _kind_by_type(facts: FieldSchema, target: Target) -> str | None:
    if facts.multiple or facts.fields:
        return None
    if facts.type == "datetime":
        # `build` reads the time itself, and refuses what is not one.
        return "anything" if target.is_control and not facts.nullable else None
    if facts.type != "string":
        return facts.type
    if facts.visible:
        return "visible text"
    return "filled text" if target.level == "top" else "text"

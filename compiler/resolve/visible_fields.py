"""Marks each `coalesce` in a field for an ID or a name: it skips blank text, which identifies nobody."""

from __future__ import annotations

from dataclasses import replace

from .. import ir
from ..catalog import FieldSchema


def pass_over_blanks(facts: FieldSchema, value: ir.Value) -> ir.Value:
    """The value of a field; marked are its own alternatives and those of its known keys, not what they compute from."""
    if facts.visible:
        return _marked(value)
    known = {inner.name: inner for inner in facts.fields}
    match value:
        case ir.MakeObject(entries) if known:
            marked = tuple(
                (key, pass_over_blanks(known[key], entry) if key in known else entry) for key, entry in entries
            )
            return value if marked == entries else replace(value, entries=marked)
        case ir.ForEach(item) if known:
            marked_item = pass_over_blanks(facts, item)
            return value if marked_item == item else replace(value, item=marked_item)
        case _:
            return value


def _marked(value: ir.Value) -> ir.Value:
    match value:
        case ir.Coalesce(values):
            return replace(value, values=tuple(map(_marked, values)), visible=True)
        case ir.If(_, then, otherwise):
            return replace(value, then=_marked(then), otherwise=_marked(otherwise))
        case _:
            return value

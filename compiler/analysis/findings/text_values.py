"""Values that are texts whatever the event: by a schema of events, or by the function that makes them."""

from __future__ import annotations

from ... import ir
from ...value_types import Kinds
from ..context import AnalysisContext
from ..event_schema import EventSchema
from ..solver.formula import PathSteps
from .event_dates import is_event_date

_CUSTOM = (("properties",), ("traits",), ("context", "traits"))
"""Parts with any content of a customer, for which the types of the Segment spec are only a proposal."""
_KEEP_TEXTS = frozenset(("lowercase", "uppercase", "titlecase", "snakecase", "kebabcase", "trim"))
"""Functions that make a text of a text, and give any other value back."""
_FIRST_OF = frozenset(("first", "last"))


def _is_proposal(schema: EventSchema, path: PathSteps, context: AnalysisContext) -> bool:
    """Whether a schema only proposes what is at a path: events may well have another kind of value there."""
    return schema is context.schemas[-1] and any(path[: len(part)] == part for part in _CUSTOM)


def is_only_proposed(value: ir.Read, context: AnalysisContext) -> bool:
    """Whether no schema but the Segment spec knows what is at a path, and it only proposes that."""
    path = tuple(map(str, value.steps))
    known = context.kinds_at(path)
    return known is not None and _is_proposal(known[0], path, context)


def declared_kinds(path: PathSteps, context: AnalysisContext) -> tuple[Kinds, str] | None:
    """The kinds of value that a path has, and the title of the schema that says so; None if it is only proposed."""
    known = context.kinds_at(path)
    if known is None or _is_proposal(known[0], path, context):
        return None
    schema, expected = known
    return expected, schema.title


def text_kind(value: ir.Node, context: AnalysisContext) -> str | None:
    """What a value is that is never a number, in words, with the schema that says so; None if it may be another."""
    match value:
        case ir.Read(ir.EVENT, steps):
            return "a date as text" if is_event_date(value) else _by_schema(tuple(map(str, steps)), context)
        case ir.Get(ir.Call("split"), (int(),)) | ir.Template() | ir.Call(returns="string"):
            return "a text"
        case ir.Call(function, (ir.Call("split"),)) if function in _FIRST_OF:
            return "a text"
        case ir.Call("slice", (whole, *_)):
            return "a text" if text_kind(whole, context) else "a text or a list"
        case ir.Call(function, (whole,)) if function in _KEEP_TEXTS:
            return "a text" if text_kind(whole, context) else None
        case ir.Call("default", alternatives) | ir.Coalesce(alternatives):
            return _of_alternatives(alternatives, context)
        case ir.If(_, then, otherwise):
            return _of_alternatives((then, otherwise), context)
        case _:
            return None


def examples_of(value: ir.Node, context: AnalysisContext) -> tuple[str, ...]:
    """Usual texts of a value that is read from the event; none for a value that a function computes."""
    match value:
        case ir.Read(ir.EVENT, steps):
            examples = context.examples(tuple(map(str, steps)))
            return tuple(example for example in examples if isinstance(example, str))
        case ir.Coalesce((first, *_)) | ir.Call("default", (first, *_)):
            return examples_of(first, context)
        case ir.Call(function, (whole,)) if function in _KEEP_TEXTS:
            return examples_of(whole, context)
        case _:
            return ()


def _of_alternatives(values: tuple[ir.Value, ...], context: AnalysisContext) -> str | None:
    kinds = [text_kind(value, context) for value in values if not _is_text(value)]
    return "a text" if kinds and None not in kinds else None


def _by_schema(path: PathSteps, context: AnalysisContext) -> str | None:
    declared = declared_kinds(path, context)
    if declared is None:
        return None
    expected, title = declared
    return f"a text in {title}" if expected <= {"string", "null"} else None


def _is_text(value: ir.Node) -> bool:
    """Whether a value is a text that is written out, or nothing."""
    return isinstance(value, ir.Omit) or (
        isinstance(value, ir.Constant) and (value.value is None or isinstance(value.value, str))
    )

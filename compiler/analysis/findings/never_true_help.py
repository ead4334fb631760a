"""The help for a part of a condition that is never true."""

from __future__ import annotations

from ....dsl.diagnostics.diagnostic import suggest
from ....dsl.syntax.strings import quote
from ....runtime.semantics.dates import milliseconds
from ... import ir
from ..context import AnalysisContext
from .comparison_text import comparison_text
from .number_helps import is_date, is_number, number_help
from .text_values import text_kind

_KINDS = {kind: kind for kind in ("string", "number", "list", "bool", "object", "null")} | {
    "str": "string", "text": "string", "int": "number", "integer": "number", "float": "number", "double": "number",
    "array": "list", "boolean": "bool", "dict": "object", "map": "object", "none": "null", "undefined": "null",
}  # fmt: skip
"""What other languages call a kind of value, and what `typeof` gives."""
_CASES = {"lowercase": str.lower, "uppercase": str.upper}


def never_true_help(part: ir.Condition, context: AnalysisContext) -> tuple[str, ...]:
    """One sentence where the cause is known; empty where it is not."""
    if not isinstance(part, ir.Compare):
        return ()
    for subject, side in ((part.left, part.right), (part.right, part.left)):
        if isinstance(side, ir.Constant):
            if part.operator not in ("=", "!=", "in"):
                return _ordered(part, subject, side, context)
            if part.operator in ("=", "!="):
                if _is_time(subject) and isinstance(side.value, str) and milliseconds(side.value) is not None:
                    return (_as_times(part),)
                return _equal(part.operator, subject, side)
    return ()


def _ordered(part: ir.Compare, subject: ir.Value, side: ir.Constant, context: AnalysisContext) -> tuple[str, ...]:
    """Of `properties.total > "5"` and `timestamp > "2024-01-01"`."""
    if not isinstance(side.value, str):
        return ()
    bare = side.value.strip()
    if (text_kind(subject, context) is not None and not is_date(bare)) or bare.count(".") > 1:
        return (number_help(part, subject, side, context),)
    if is_number(bare):
        return (f"`{part.operator}` compares numbers: write `{bare}` without quotes",)
    if is_date(bare):
        return (f"`{part.operator}` compares numbers: {_as_times(part)}",)
    return (f"`{part.operator}` compares numbers, and this is a text",)


def _as_times(part: ir.Compare) -> str:
    written = comparison_text(
        part, lambda operand: operand.span.text if _is_time(operand) else f"timestamp_ms({operand.span.text})"
    )
    return f"write `{written}`"


def _is_time(operand: ir.Value) -> bool:
    return isinstance(operand, ir.Call) and operand.function == "timestamp_ms"


def _equal(operator: str, subject: ir.Value, side: ir.Constant) -> tuple[str, ...]:
    """Of `typeof(x) = "int"`, `lowercase(x) = "Track"` and `exists(x) = "true"`."""
    if isinstance(subject, ir.Call) and isinstance(side.value, str):
        if subject.function == "typeof":
            near = suggest(side.value, list(_KINDS))
            kind = _KINDS.get(side.value.lower()) or (None if near is None else _KINDS[near])
            return (
                (f"write `{subject.span.text} {operator} {quote(kind)}`",) if kind else (f"the kinds are {_listed()}",)
            )
        if subject.function in _CASES:
            return (f"write `{subject.span.text} {operator} {quote(_CASES[subject.function](side.value))}`",)
    returns = subject.returns if isinstance(subject, ir.Call) else ""
    gives_truth = returns == "boolean" or isinstance(subject, ir.Compare | ir.TextTest)
    if gives_truth and not isinstance(side.value, bool):
        negated = (str(side.value).lower() in ("false", "0", "no")) is (operator == "=")
        return (f"write `{'!' if negated else ''}{subject.span.text}`",)
    return ()


def _listed() -> str:
    return ", ".join(f"`{kind}`" for kind in sorted(set(_KINDS.values())))

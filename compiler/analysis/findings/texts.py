"""Findings on texts that a condition compares with and that have a blank at an end, which is hard to see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.strings import quote_as
from ... import ir
from ..context import AnalysisContext

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
"""Characters that are copied with a text, and that an author does not see; others may be a part of a visible one."""


class _Compared(NamedTuple):
    """A text that a value is compared with."""

    value: ir.Value
    constant: ir.Constant
    function: str = "="


def blank_findings(written: Iterable[ir.Node], context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0417 for texts with a blank at an end, as in `event = "Order Completed "`, but not for blanks alone.

    A blank is meant if the value is compared beside it with the same text without the blank, and where all texts are
    known of a path, another finding says whether the text is one of them.
    """
    choices: dict[int, list[_Compared]] = {}
    """By the identity of a comparison, what is compared beside it."""
    for node in written:
        if isinstance(node, ir.AnyOf | ir.All):
            beside = [compared for part in node.conditions for compared in _compared(part)]
            choices |= {id(part): beside for part in node.conditions}
        here = list(_compared(node))
        for compared in here:
            text, bare = compared.constant.value, _without_blanks(compared)
            if bare in ("", text) or _are_texts_known(compared.value, context):
                continue
            others = (*here, *choices.get(id(node), ()))
            if not any(other.value == compared.value and other.constant.value == bare for other in others):
                yield _blank_at_end(compared, str(text), bare)


def _compared(node: ir.Node) -> Iterator[_Compared]:
    match node:
        case ir.Compare("=" | "!=", value, ir.Constant(str()) as constant) | ir.Compare(
            "=" | "!=", ir.Constant(str()) as constant, value
        ):
            yield _Compared(value, constant)
        case ir.Compare("in", value, ir.MakeList(items)):
            for item in items:
                if isinstance(item, ir.Constant) and isinstance(item.value, str):
                    yield _Compared(value, item)
        case ir.TextTest("match" as function, (value, ir.Constant(str()) as constant)) | ir.Call(
            "starts_with" | "ends_with" as function, (value, ir.Constant(str()) as constant)
        ):
            yield _Compared(value, constant, function)
        case _:
            return


def _without_blanks(compared: _Compared) -> str:
    """The text without blanks where nothing else comes before or after it in a value."""
    bare = str(compared.constant.value)
    while bare and compared.function != "ends_with" and _is_unseen(bare[0]):
        bare = bare[1:]
    while bare and compared.function != "starts_with" and _is_unseen(bare[-1]):
        bare = bare[:-1]
    return bare


def _is_unseen(character: str) -> bool:
    return character.isspace() or character in _INVISIBLE


def _are_texts_known(value: ir.Value, context: AnalysisContext) -> bool:
    if not isinstance(value, ir.Read) or value.root != ir.EVENT:
        return False
    places = (schema.place(tuple(map(str, value.steps))) for schema in context.schemas)
    return any(place is not None and place.listed is not None for place in places)


def _blank_at_end(compared: _Compared, text: str, bare: str) -> Diagnostic:
    written = compared.constant.span.text
    verb, end = ("ends", text[-1]) if text[0] == bare[0] else ("begins", text[0])
    what = "a blank" if end.isspace() else "an invisible character"
    only = "is equal only to" if compared.function == "=" else "holds only for"
    message = f"`{written}` {verb} with {what}, and {only} texts that do"
    return Diagnostic("RW0417", message, compared.constant.span, help=(f"write `{quote_as(written, bare)}`",))

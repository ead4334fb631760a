"""Findings on texts that are compared as numbers: `timestamp > 2024`, `context.app.version >= 2`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.strings import quote
from ... import ir
from ..context import AnalysisContext
from .event_dates import is_event_date
from .never_true_help import never_true_help
from .number_helps import equality_help, is_number, list_help, number_help
from .text_values import examples_of, text_kind


def number_findings(
    written: Sequence[ir.Node], context: AnalysisContext, proved: Collection[int] = ()
) -> Iterator[Diagnostic]:
    """RW0412 for each comparison of a text as a number, in the conditions that an author wrote.

    `proved` are the identities of the comparisons that make a whole trigger or filter false where they never hold:
    that is reported of the whole (RW0404).
    """
    for node in written:
        if not isinstance(node, ir.Compare):
            continue
        if node.operator == "in":
            yield from _in_list(node, context)
        elif node.operator in ("=", "!="):
            yield from _equal(node, context)
        else:
            yield from _ordered(node, context, is_proved=id(node) in proved)


def conjuncts(condition: ir.Condition) -> Iterator[int]:
    """The identities of the parts of a condition that all have to be true."""
    if isinstance(condition, ir.All):
        for part in condition.conditions:
            yield from conjuncts(part)
    else:
        yield id(condition)


def _ordered(node: ir.Compare, context: AnalysisContext, *, is_proved: bool) -> Iterator[Diagnostic]:
    what = f"`{node.operator}` compares numbers"
    for side in (node.left, node.right):
        if isinstance(side, ir.Constant) and (isinstance(side.value, str | bool) or side.value is None):
            if not is_proved:
                actual = "a text" if isinstance(side.value, str) else "not a number"
                message = f"`{side.span.text}` is {actual}, and {what}"
                yield Diagnostic("RW0412", message, side.span, help=never_true_help(node, context))
            return
    yield from _unreadable(node, context)
    for subject, other in ((node.left, node.right), (node.right, node.left)):
        if (kind := text_kind(subject, context)) is not None:
            help_ = number_help(node, subject, other, context)
            yield Diagnostic("RW0412", f"`{subject.span.text}` is {kind}, and {what}", subject.span, help=(help_,))
            return


def _unreadable(node: ir.Compare, context: AnalysisContext) -> Iterator[Diagnostic]:
    """Of `number(context.app.version) >= 3`, where a version is usually none of the texts that `number` can read."""
    for call, other in ((node.left, node.right), (node.right, node.left)):
        match call:
            case ir.Call("number" | "integer" as function, (text,)) if text_kind(text, context) is not None:
                examples = examples_of(text, context)
                if examples and not any(map(is_number, examples)):
                    message = (
                        f"`{text.span.text}` is a text such as {quote(examples[0])}, which `{function}` cannot read"
                    )
                    bare = replace(node, left=text) if node.left is call else replace(node, right=text)
                    help_ = number_help(bare, text, other, context)
                    yield Diagnostic("RW0412", message, call.span, help=(help_,))
            case _:
                pass


def _equal(node: ir.Compare, context: AnalysisContext) -> Iterator[Diagnostic]:
    yield from _unreadable(node, context)
    for subject, other in ((node.left, node.right), (node.right, node.left)):
        if is_event_date(subject) and isinstance(other, ir.Constant) and _is_day(other.value):
            message = f"`{subject.span.text}` has a time of day, and `{other.span.text}` has none"
            sign = "" if node.operator == "=" else "!"
            help_ = f"write `{sign}starts_with({subject.span.text}, {other.span.text})`"
            yield Diagnostic("RW0412", message, other.span, help=(help_,))
        elif _is_number(other) and (kind := text_kind(subject, context)) is not None:
            message = f"`{subject.span.text}` is {kind}, and `{other.span.text}` is not a text"
            help_ = equality_help(node, subject, other, context)  # type: ignore[arg-type]
            yield Diagnostic("RW0412", message, subject.span, help=(help_,))


def _in_list(node: ir.Compare, context: AnalysisContext) -> Iterator[Diagnostic]:
    if not isinstance(node.right, ir.MakeList):
        return
    number = next(filter(_is_number, node.right.items), None)
    if number is not None and (kind := text_kind(node.left, context)) is not None:
        message = f"`{node.left.span.text}` is {kind}, and `{number.span.text}` is not a text"
        yield Diagnostic("RW0412", message, node.left.span, help=(list_help(node.left, node.right.items),))


def _is_day(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value) is not None


def _is_number(value: ir.Node) -> bool:
    return isinstance(value, ir.Constant) and isinstance(value.value, int | float) and not isinstance(value.value, bool)

"""Findings on texts in conditions that are likely mistakes: with a blank at an end, or as the wrong argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.strings import quote
from ... import ir

_TESTS = ("contains", "match", "starts_with", "ends_with")


def blank_findings(written: Iterable[ir.Node]) -> Iterator[Diagnostic]:
    """RW0417 for texts with a blank at an end, as in `event = "Order Completed "`, but not for blanks alone."""
    for node in written:
        match node:
            case ir.Compare("=" | "!=", ir.Read(), ir.Constant() as constant) | ir.Compare(
                "=" | "!=", ir.Constant() as constant, ir.Read()
            ):
                constants = [constant]
            case ir.Compare("in", ir.Read(), ir.MakeList(items)):
                constants = [item for item in items if isinstance(item, ir.Constant)]
            case _:
                continue
        for constant in constants:
            if isinstance(constant.value, str) and (bare := constant.value.strip()) not in ("", constant.value):
                yield _blank_at_end(constant, constant.value, bare)


def argument_order_findings(written: Iterable[ir.Node]) -> Iterator[Diagnostic]:
    """RW0418 for swapped arguments, as in `contains("Order", event)`."""
    for node in written:
        match node:
            case ir.TextTest(function, (ir.Constant(str()) as text, ir.Read() as read)) | ir.Call(
                function, (ir.Constant(str()) as text, ir.Read() as read)
            ) if function in _TESTS:
                message = (
                    f"`{function}` looks in its first argument, and `{text.span.text}` is the same for every event"
                )
                help_ = f"write `{function}({read.span.text}, {text.span.text})`"
                yield Diagnostic("RW0418", message, text.span, help=(help_,))
            case _:
                pass


def _blank_at_end(constant: ir.Constant, text: str, bare: str) -> Diagnostic:
    where = "begins" if text[0].isspace() else "ends"
    message = f"`{constant.span.text}` {where} with a blank, and is equal only to texts that do"
    return Diagnostic("RW0417", message, constant.span, help=(f"write `{quote(bare)}`",))

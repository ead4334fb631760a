"""Traces the evaluation of a node: its value and the values of its parts, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..compiler.interpret import Interpreter, Observer
from ..runtime.functions import FUNCTIONS
from ..runtime.semantics.event import Event

_interpreter = Interpreter(FUNCTIONS)
evaluate = _interpreter.value
"""The value of a node on an event, without the tree. Raises ValueFailure."""


@dataclass(slots=True)
class Traced:
    """A node and its value, which is True or False for a condition."""

    node: ir.Value
    value: Any
    parts: list[Traced] = field(default_factory=list)
    """The nodes below it that were looked at, in order."""
    chosen: int | None = None
    """Of `coalesce`, which alternative gave the value; of `if`, 0 for the first branch and 1 for the second."""
    failed: str = ""
    """In a trigger, why a call or an operator has no value."""


def trace(node: ir.Value, event: Event, *, in_trigger: bool = False, steps: list[Traced] | None = None) -> Traced:
    """Evaluates a node and traces it; every evaluated node is added to `steps`, parts first.

    Raises ValueFailure, unless `in_trigger`; `steps` then has those before the failure.
    """
    recorder = _Recorder([] if steps is None else steps)
    _interpreter.value(node, event, in_trigger=in_trigger, observer=recorder)
    return recorder.steps[-1]


class _Recorder(Observer):
    """Makes the tree, from the leaves up."""

    def __init__(self, steps: list[Traced]) -> None:
        self.steps = steps
        self._open: list[Traced] = []

    def enter(self, node: ir.Value) -> None:
        self._open.append(Traced(node, None))

    def choose(self, branch: int) -> None:
        self._open[-1].chosen = branch

    def fail(self, reason: str) -> None:
        self._open[-1].failed = reason

    def leave(self, node: ir.Value, value: Any) -> None:
        traced = self._open.pop()
        traced.value = value
        self.steps.append(traced)
        if self._open:
            self._open[-1].parts.append(traced)

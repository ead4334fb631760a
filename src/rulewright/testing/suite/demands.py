"""What a test or a law demands, with its conditions checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...compiler import ir
from ...compiler.resolve.expressions import Resolver
from ...dsl import ast
from ...dsl.source import Span
from .given_events import GivenEvents


@dataclass(frozen=True, slots=True)
class Demand:
    """One `expect`."""

    expect: ast.Expect
    conditions: tuple[ir.Condition, ...] = ()
    exact: Any = None
    """The requests that are expected, whole; None where they are not."""


@dataclass(frozen=True, slots=True)
class DemandReader:
    """Reads expectations; what is wrong with them goes to the diagnostics of its parts."""

    resolver: Resolver
    given: GivenEvents

    def read(self, expect: ast.Expect) -> Demand:
        conditions = tuple(self.resolver.condition(condition) for condition in expect.conditions)
        return Demand(expect, conditions, None if expect.exact is None else self.given.data(expect.exact))


def head_of(node: ast.Test | ast.Law | ast.Case, word: str) -> Span:
    """The word that a test, a law or a case begins with, and its name."""
    text = node.span.text
    end = len(text) if isinstance(node, ast.Case) else text.find("{")
    first_line = text[:end].split("\n", 1)[0].rstrip()
    return node.span.within(0, max(len(word), len(first_line)))

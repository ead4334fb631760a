"""Random triggers over a small world, and every event of that world: what brute force needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from hypothesis import strategies as st

from rulewright.compiler.analysis.solver.condition_to_formula import formula_of
from rulewright.compiler.analysis.solver.formula import Formula, every, hull
from rulewright.compiler.analysis.solver.solver import UNSATISFIABLE, Confirm, Satisfiability, are_disjoint, satisfiable
from rulewright.compiler.catalog import Catalog
from rulewright.compiler.resolve.expressions import Resolver
from rulewright.dsl import ast
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_trigger
from rulewright.runtime.functions import FUNCTIONS
from tests.reference.trigger_interpreter import matches

Event = dict[str, Any]
LEFT_OUT = object()

_INSIDE: list[Any] = [LEFT_OUT, None, False, True, 0, 1, 2.5, "", "a", "ab", "Ba", [], ["a"], {}, {"k": 1}]
_ALONE: list[Any] = [*_INSIDE, 3, "b", "ac", "aab", "1", ["a", 1], ["a", "b"], {"k": None}]


def every_event() -> Iterator[Event]:
    """Events over `a` and `b.c`, `b.d`, `b`: all values of the world at each."""
    for value_of_a, value in product(_ALONE, _ALONE):
        yield _without_left_out({"a": value_of_a, "b": value})
    for value_of_a, value_of_c, value_of_d in product(_ALONE[::2], _INSIDE, _INSIDE):
        yield _without_left_out({"a": value_of_a, "b": _without_left_out({"c": value_of_c, "d": value_of_d})})


def _without_left_out(event: Event) -> Event:
    return {key: value for key, value in event.items() if value is not LEFT_OUT}


EVENTS = list(every_event())

_PATHS = st.sampled_from(["a", "b", "b.c", "b.d", "b.c"])
_SUBJECTS = st.one_of(
    _PATHS,
    _PATHS,
    _PATHS,
    st.tuples(st.sampled_from(["lowercase", "uppercase", "typeof", "length"]), _PATHS).map(lambda p: f"{p[0]}({p[1]})"),
    st.tuples(_PATHS, _PATHS).map(lambda p: f"coalesce({p[0]}, {p[1]})"),
)
_TEXTS = st.sampled_from(["", "a", "ab", "Ba", "ba", "b", "string", "null", "A"])
_NUMBERS = st.sampled_from(["0", "1", "2.5", "2", "-1"])
_LITERALS = st.one_of(_TEXTS.map(lambda text: f'"{text}"'), _NUMBERS, st.sampled_from(["null", "true", "false"]))
_GLOBS = st.text("ab*?", min_size=1, max_size=4) | st.sampled_from(
    ["[ab]*", "[^a]*", "*[A-B]a", "a[a-c]", "[a-]*", "[]a]", "*[a"]
)
_ATOMS = st.one_of(
    st.tuples(_SUBJECTS, st.sampled_from(["=", "!=", "=", "!="]), _LITERALS).map(" ".join),
    st.tuples(_SUBJECTS, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), _NUMBERS).map(" ".join),
    st.tuples(_SUBJECTS, st.lists(_LITERALS, max_size=3)).map(lambda p: f"{p[0]} in [{', '.join(p[1])}]"),
    st.tuples(_LITERALS, _PATHS).map(lambda p: f"{p[0]} in {p[1]}"),
    st.tuples(st.sampled_from(["contains", "!contains", "starts_with", "ends_with"]), _SUBJECTS, _TEXTS).map(
        lambda p: f'{p[0]}({p[1]}, "{p[2]}")'
    ),
    st.tuples(st.sampled_from(["match", "!match"]), _SUBJECTS, _GLOBS).map(lambda p: f'{p[0]}({p[1]}, "{p[2]}")'),
)
_UNDECIDED = st.one_of(
    st.tuples(_PATHS, st.sampled_from(["=", "!=", "<", "in"]), _PATHS).map(" ".join),
    st.tuples(st.sampled_from(["snakecase", "trim", "number", "bool", "string"]), _PATHS, _LITERALS).map(
        lambda p: f"{p[0]}({p[1]}) = {p[2]}"
    ),
)


def _combined(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            inner.map(lambda text: f"!({text})"),
        ),
        max_leaves=5,
    )


TRIGGERS = _combined(_ATOMS)
"""Text of triggers that the solver claims to decide."""
ALL_TRIGGERS = _combined(_ATOMS | _UNDECIDED)
"""The same, with comparisons and functions that it does not follow."""

_CALLS = {name: function.call for name, function in FUNCTIONS.items()}


class Trigger:
    """One trigger, ready for the solver and for the interpreter."""

    def __init__(self, text: str) -> None:
        node, diagnostics = read_trigger(Source("trigger", text))
        assert node is not None, diagnostics
        self.node: ast.Expression = node
        findings: list[Any] = []
        self.formula: Formula = formula_of(Resolver(Catalog(FUNCTIONS), findings).condition(node))
        assert all(finding.severity == "warning" for finding in findings), findings

    def __call__(self, event: Event) -> bool:
        return matches(self.node, event, _CALLS)


def met(*tests: Callable[[Event], bool]) -> Event | None:
    """An event of the world that meets all of the tests, by trying every one."""
    return next((event for event in EVENTS if all(test(event) for test in tests)), None)


def overlap(left: Trigger, right: Trigger, confirm: Confirm | None = None) -> Satisfiability:
    """Whether some event makes both true, as the proofs decide it of two mappings."""
    if are_disjoint(hull(left.formula), hull(right.formula)):
        return UNSATISFIABLE
    return satisfiable(every((left.formula, right.formula)), confirm)

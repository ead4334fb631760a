"""The solver agrees with brute force over a small world, on random pairs of triggers.

`SOLVER_PAIRS=10000 pytest tests/compiler/analysis/solver/test_solver_laws.py` runs the long one.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rulewright.compiler.analysis.budget import budget_of
from rulewright.compiler.analysis.solver.solver import (
    Unknown,
    Unsatisfiable,
    Witness,
    equivalent,
    implies,
    satisfiable,
)
from tests.compiler.analysis.triggers import ALL_TRIGGERS, EVENTS, TRIGGERS, Trigger, met, overlap

PAIRS = int(os.environ.get("SOLVER_PAIRS", "100"))
pairs = settings(max_examples=PAIRS, deadline=None, derandomize=PAIRS < 1000, suppress_health_check=list(HealthCheck))


@pairs
@given(TRIGGERS, TRIGGERS)
@example('b = "a" and b.c = "x"', "b.c != null")
@example("b = null and b.c = null", "b.d = null")
@example('lowercase(a) = "ab"', 'uppercase(a) = "AB" and a != "ab"')
def test_an_overlap_has_an_event_and_disjoint_triggers_share_none(first_text: str, second_text: str) -> None:
    first, second = Trigger(first_text), Trigger(second_text)

    def both(event: dict[str, object]) -> bool:
        return first(event) and second(event)

    match overlap(first, second, both):
        case Witness(event):
            assert both(event)
        case Unsatisfiable():
            assert met(first, second) is None
        case Unknown(reason):
            raise AssertionError(reason)


@pairs
@given(ALL_TRIGGERS, ALL_TRIGGERS)
@example("a = b", 'a = "x" and b = "y"')
@example("a < b", "b < a")
def test_what_is_not_decided_is_never_wrong(first_text: str, second_text: str) -> None:
    first, second = Trigger(first_text), Trigger(second_text)
    match overlap(first, second, lambda event: first(event) and second(event)):
        case Witness(event):
            assert first(event)
            assert second(event)
        case Unsatisfiable():
            assert met(first, second) is None


@pairs
@given(ALL_TRIGGERS, ALL_TRIGGERS, st.integers(0, 200))
@example('lowercase(a) = "ab" or b = 1', 'a = "AB" or b.c = null', 12)
def test_a_budget_that_is_spent_makes_no_answer_wrong(first_text: str, second_text: str, steps: int) -> None:
    first, second = Trigger(first_text), Trigger(second_text)

    def both(event: dict[str, object]) -> bool:
        return first(event) and second(event)

    for confirm in (both, None):
        with budget_of(steps):
            answer = overlap(first, second, confirm)
        match answer:
            case Witness(event):
                assert both(event)
            case Unsatisfiable():
                assert met(first, second) is None


@pairs
@given(TRIGGERS, TRIGGERS, st.integers(0, 200))
def test_with_a_budget_triggers_are_equivalent_only_where_they_are(
    first_text: str, second_text: str, steps: int
) -> None:
    first, second = Trigger(first_text), Trigger(second_text)
    with budget_of(steps):
        answer = equivalent(first.formula, second.formula)
    match answer:
        case Witness(event):
            assert first(event) != second(event)
        case Unsatisfiable():
            assert met(lambda event: first(event) != second(event)) is None


@pairs
@given(TRIGGERS, TRIGGERS)
def test_what_a_trigger_implies_holds_wherever_it_does(first_text: str, second_text: str) -> None:
    first, second = Trigger(first_text), Trigger(second_text)
    match implies(first.formula, second.formula, lambda event: first(event) and not second(event)):
        case Witness(event):
            assert first(event)
            assert not second(event)
        case Unsatisfiable():
            assert met(first, lambda event: not second(event)) is None


@pairs
@given(TRIGGERS, TRIGGERS)
def test_equivalent_triggers_hold_for_the_same_events(first_text: str, second_text: str) -> None:
    first, second = Trigger(first_text), Trigger(second_text)
    match equivalent(first.formula, second.formula, lambda event: first(event) != second(event)):
        case Witness(event):
            assert first(event) != second(event)
        case Unsatisfiable():
            assert met(lambda event: first(event) != second(event)) is None


@pairs
@given(TRIGGERS)
def test_the_formula_of_a_trigger_is_met_without_a_confirmation_too(text: str) -> None:
    trigger = Trigger(text)
    match satisfiable(trigger.formula):
        case Witness(event):
            assert trigger(event)
        case Unsatisfiable():
            assert met(trigger) is None


def test_the_world_is_large_enough_to_be_worth_trying() -> None:
    assert len(EVENTS) > 2000

"""Hard questions end after a fixed number of steps, and each that is left open is named; cheap ones stay linear."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from rulewright.checks.proving import prove
from rulewright.compiler.analysis.budget import COMMAND_STEPS, QUESTION_STEPS, UNIT_STEPS, budget_of
from rulewright.compiler.analysis.findings.all_findings import Analysis, analyze
from rulewright.compiler.analysis.sets.glob import read_glob
from rulewright.compiler.analysis.sets.texts import texts_like
from rulewright.compiler.analysis.solver import solver
from rulewright.compiler.analysis.solver.formula import Formula
from rulewright.compiler.analysis.solver.solver import UNSATISFIABLE, Unknown, Witness, satisfiable
from rulewright.compiler.memo import IdentityMemo
from rulewright.loading.pipeline import check_files, read

from .triggers import Trigger

pytestmark = pytest.mark.untraced

OVER = "it takes more work than one question may"


def satisfiability(variables: int, clauses: int) -> str:
    """A trigger made of random clauses of three; with 4.25 clauses a variable they are the hardest."""
    chosen = random.Random(1)
    parts = []
    for _ in range(clauses):
        of_clause = chosen.sample(range(variables), 3)
        parts.append(" or ".join(f"p.v{clause} {chosen.choice(['=', '!='])} true" for clause in of_clause))
    return " and ".join(f"({part})" for part in parts)


def pigeons(holes: int, prefix: str = "p") -> str:
    """A trigger that puts one more pigeon than there are holes into holes of its own: never true, and hard to see."""
    places = [[f"properties.{prefix}{pigeon}x{hole}" for hole in range(holes)] for pigeon in range(holes + 1)]
    parts = [" or ".join(f"{place} = true" for place in of_pigeon) for of_pigeon in places]
    parts += [
        f"{first[hole]} != true or {second[hole]} != true"
        for first, second in combinations(places, 2)
        for hole in range(holes)
    ]
    return " and ".join(f"({part})" for part in parts)


def rules(*triggers: str) -> str:
    body = '  use defaults\n  event_type = "x"\n  on conflict fold\n}'
    mappings = (
        f'mapping "M{number}" -> logEventV2 {{\n  when {trigger}\n{body}' for number, trigger in enumerate(triggers)
    )
    return "\n".join(["destination amplitude", *mappings])


def analysis_of(text: str, kept: IdentityMemo | None = None) -> Analysis:
    files = read(text)
    program, known = check_files(files)
    return prove(files, program, known, kept)


def steps(formula: Formula) -> int:
    with budget_of(10**9) as budget:
        satisfiable(formula)
    return budget.spent


@pytest.mark.parametrize("trigger", [satisfiability(200, 850), pigeons(8)], ids=["three-sat", "pigeons"])
def test_a_hard_trigger_is_given_up_after_a_fixed_number_of_steps(trigger: str) -> None:
    formula = Trigger(trigger).formula
    with budget_of(10**9) as budget:
        assert satisfiable(formula) == Unknown(OVER)
    assert QUESTION_STEPS < budget.spent < QUESTION_STEPS * 1.1


def test_a_small_one_of_the_same_kind_is_decided() -> None:
    assert satisfiable(Trigger(pigeons(3)).formula) == UNSATISFIABLE
    assert isinstance(satisfiable(Trigger(satisfiability(20, 60)).formula), Witness)


@pytest.fixture
def _short_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "QUESTION_STEPS", 2_000)


@pytest.mark.usefixtures("_short_questions")
def test_every_question_about_hard_mappings_is_named() -> None:
    triggers = [pigeons(6, f"a{number}p") for number in range(4)]
    undecided = analysis_of(rules(*triggers)).undecided
    met = f"cannot decide whether an event that no filter drops meets this trigger: {OVER}"
    assert undecided.count(met) == 4
    hard = "a trigger takes more work than one question may"
    for first, second in combinations(range(4), 2):
        assert f'cannot decide whether "M{first}" and "M{second}" take the same event: {hard}' in undecided


def test_what_is_not_asked_once_the_budget_is_spent_is_named_too() -> None:
    files = read(rules(*(f'contains(event, "{letter}")' for letter in "abcdef")))
    program, known = check_files(files)
    kept = IdentityMemo()
    prove(files, program, known, kept)
    world = next(part for given, _ in kept._now.values() for part in given if type(part).__name__ == "AnalysisContext")
    spent = analyze(program, world, steps=2)  # type: ignore[arg-type]
    reason = "the work budget of this command is spent"
    assert (
        f'cannot decide whether "M1" and "M2" or one of 3 mappings after it take the same event: {reason}'
        in spent.undecided
    )
    about = [
        f'the trigger of "M{number}" is ever true, and whether its fields are ever filled' for number in range(1, 6)
    ]
    assert {f"cannot decide whether {question}: {reason}" for question in about} <= set(spent.undecided)


@pytest.mark.usefixtures("_short_questions")
def test_a_hard_trigger_leaves_no_question_open_about_events_that_it_says_it_does_not_take() -> None:
    tracks = f'type = "track" and {pigeons(6)}'
    undecided = analysis_of(rules(tracks, 'type = "page"', 'type = "identify"')).undecided
    assert not any("`page`" in question or '"M1"' in question for question in undecided)
    assert any("`track`" in question for question in undecided)


@pytest.mark.usefixtures("_short_questions")
def test_what_is_kept_counts_as_it_did_so_a_second_check_leaves_the_same_open() -> None:
    text = rules(*(pigeons(6, f"a{number}p") for number in range(3)), 'event = "a"')
    kept = IdentityMemo()
    first = analysis_of(text, kept).undecided
    assert first
    assert analysis_of(text, kept).undecided == first
    assert analysis_of(text).undecided == first


def test_a_long_glob_is_read_in_steps_that_grow_with_its_length() -> None:
    short, long = (steps(Trigger(f'match(event, "{"*a?b" * count}")').formula) for count in (60, 240))
    assert long < short * 5
    text = texts_like(read_glob("*a?b" * 240)).pick()
    assert text is not None
    assert len(text) == 240 * 3


@pytest.mark.parametrize(
    "trigger",
    [
        " and ".join(f'!match(event, "*{number}?x*")' for number in range(250)),
        " and ".join(f'contains(lowercase(event), "q{number}")' for number in range(40)),
        " and ".join(f"length(event) != {number * 1000}" for number in range(1, 60))
        + f' and match(event, "{"?" * 900}*")',
        " or ".join(f"length(event) = {number} and {number} in event" for number in range(40)),
    ],
    ids=["many globs", "changes of case", "lengths", "lists"],
)
def test_many_patterns_of_one_path_are_bounded(trigger: str) -> None:
    with budget_of(10**9) as budget:
        satisfiable(Trigger(trigger).formula)
    assert budget.spent < UNIT_STEPS


def test_a_trigger_with_thousands_of_alternatives_is_walked_without_recursion() -> None:
    trigger = " and ".join(f"(p.a{number} = true or p.b{number} = true)" for number in range(1500))
    assert isinstance(satisfiable(Trigger(trigger).formula), Witness)


def _steps_of(count: int) -> int:
    """What it takes to prove so many usual mappings, counted by the units that are kept."""
    kept = IdentityMemo()
    triggers = (f'type = "track" and event = "Event {number}"' for number in range(count))
    assert analysis_of(rules(*triggers), kept).undecided == []
    return sum(made.steps for _, made in kept._now.values() if type(made).__name__ == "Worked")


def test_the_work_grows_with_the_number_of_mappings_and_not_with_that_of_their_pairs() -> None:
    few, many = _steps_of(20), _steps_of(200)
    assert many < few * 11
    assert many < COMMAND_STEPS // 10


def test_the_work_grows_with_the_number_of_terms() -> None:
    few, many = (
        steps(Trigger(" or ".join(f'event = "{number}" and p.n > {number}' for number in range(count))).formula)
        for count in (40, 400)
    )
    assert many < few * 12

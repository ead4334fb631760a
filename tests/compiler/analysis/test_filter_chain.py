"""The law of filters that read other parts of an event than a trigger: they keep no event of it back."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler.analysis.analyzed import Analyzed
from rulewright.compiler.analysis.solver.solver import ONLY_AN_EVENT_CAN_TELL, UNSATISFIABLE, Witness
from rulewright.loading.pipeline import check_files, read
from tests.compiler.analysis.triggers import ALL_TRIGGERS

FILTERS = (
    "drop when d = 1", "drop when d != 1", 'drop when d.e != "x" or typeof(d) = "object"', "drop when d = e",
    "drop when d.e = null", "drop when integrations.All = true", "drop when !(context.consent.x = true)",
    "drop when a = 1", "drop when b.c != null", "drop when true", "drop d", "drop b.c", "keep a, b, d",
)  # fmt: skip
RULE = 'destination amplitude\n{}\nmapping "m" -> mapUser {{\n  when {}\n  user_id = "x"\n}}\n'


def analyzed(filters: list[str], trigger: str) -> Analyzed:
    return Analyzed(check_files(read(RULE.format("\n".join(filters), trigger)))[0], analysis_context(None))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(FILTERS), max_size=3), ALL_TRIGGERS)
@example([], '(a in b or snakecase(a) = "ab")')
def test_an_independent_trigger_is_reached_where_it_is_met(filters: list[str], trigger: str) -> None:
    program = analyzed(filters, trigger)
    (rule,), chain = program.rules, program.chain
    met = chain.is_met(rule.formula, rule.holds)
    reached = chain.is_reached(rule.formula, confirm=(rule.holds,))
    if chain.is_independent_of(rule.reads):
        # With the filters, the guesses at values that only an event can tell may be used up before the right one.
        assert isinstance(reached, Witness) is isinstance(met, Witness) or reached == ONLY_AN_EVENT_CAN_TELL
    if reached == UNSATISFIABLE and isinstance(met, Witness):
        assert not chain.is_independent_of(rule.reads)


def test_what_is_independent() -> None:
    for filters, independent in (
        ([], True),
        (["drop when d = 1"], True),
        (["drop when a = 1"], False),
        (["drop when d = null", "drop when d != null"], False),
        (["drop when d = e"], False),
    ):
        program = analyzed(filters, "a = 2")
        assert program.chain.is_independent_of(program.rules[0].reads) is independent, filters

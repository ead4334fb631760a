"""Findings on several triggers: events that two mappings send, and events that no mapping takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from functools import reduce
from operator import or_

from ....dsl.diagnostics.diagnostic import Diagnostic, Label
from ....dsl.source import Span
from ...memo import IdentityMemo
from ..analyzed import Rule, overlap
from ..budget import CommandBudget
from ..context import shown
from ..filter_chain import FilterChain
from ..sets.values import exactly
from ..solver.formula import Formula, PathSteps, fact
from ..solver.solver import SPENT, UNSATISFIABLE, Satisfiability, Unknown, Witness, are_disjoint
from .narrowing import asked_texts, narrowing
from .undecided import TAKEN_OUT, TOO_HARD, open_question

MOST_PARTNERS = 3
"""Overlaps that are reported for one mapping, not counting suppressed ones; of the rest only the number is reported."""
MOST_MORE = 20
"""Others that are looked for, to be counted."""


def overlap_findings(
    rules: Iterable[Rule],
    hard: Set[Rule],
    chain: FilterChain,
    budget: CommandBudget,
    is_suppressed: Callable[[Span], bool] = lambda _: False,
) -> Iterator[Diagnostic]:
    """RW0403: two mappings that send one event to the destination, which then counts it twice.

    A trigger that is too hard alone is not compared with another; it may still share no value with it.

    What a mapping was not compared with once the budget is spent is said in one note.
    """
    sending = [rule for rule in rules if rule.mapping.enabled and rule.mapping.action.sends == "events"]
    for first, candidates in _partners(sending, budget.memo):
        partners: list[Diagnostic] = []
        more = 0
        for number, candidate in enumerate(candidates):
            answer = (
                budget.of(_share, first, candidate)
                if {first, candidate} & hard
                else budget.of(overlap, first, candidate, chain)
            )
            if answer is None:
                yield _not_compared(first, candidates[number:])
                break
            if isinstance(answer, Unknown):
                question = f'"{first.mapping.name}" and "{candidate.mapping.name}" take the same event'
                yield open_question(question, answer, first.mapping.trigger.span, candidate.mapping.trigger.span)
            if not isinstance(answer, Witness):
                continue
            span, other_span = first.mapping.trigger.span, candidate.mapping.trigger.span
            if is_suppressed(span) or is_suppressed(other_span):
                yield _overlap(first, candidate, answer, ())
            elif len(partners) < MOST_PARTNERS:
                partners.append(_overlap(first, candidate, answer, _help(first, candidate, chain, budget)))
            else:
                more += 1
                if more == MOST_MORE:
                    break
        if more:
            count = f"{more} more mappings" if more > 1 else "one more mapping"
            least = "at least " if more == MOST_MORE else ""
            help_line = f'"{first.mapping.name}" also shares events with {least}{count}'
            partners[-1] = replace(partners[-1], help=(*partners[-1].help, help_line))
        yield from partners


def _overlap(first: Rule, second: Rule, met: Witness, help_: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        "RW0403",
        f'"{first.mapping.name}" and "{second.mapping.name}" both send this event',
        first.mapping.trigger.span,
        others=(Label(second.mapping.trigger.span),),
        example=shown(met.event),
        help=help_,
    )


def _share(first: Rule, second: Rule) -> Satisfiability:
    """Whether it is plain to see that two mappings take no event together."""
    return UNSATISFIABLE if are_disjoint(first.hull, second.hull) else TOO_HARD


def _not_compared(rule: Rule, others: list[Rule]) -> Diagnostic:
    names = [f'"{later.mapping.name}"' for later in others]
    rest = f" or one of {len(names) - 1} mappings after it" if len(names) > 1 else ""
    return open_question(
        f'"{rule.mapping.name}" and {names[0]}{rest} take the same event', SPENT, rule.mapping.trigger.span
    )


def _partners(rules: list[Rule], memo: IdentityMemo) -> Iterator[tuple[Rule, list[Rule]]]:
    """Of each rule those after it that may take the same event.

    Most rules ask for a text at some paths, such as the event's name: two that share none are never put side by side.
    Sets of rules are the bits of numbers, so that what is done for every pair is next to nothing.
    """
    texts_by_rule = [memo.of(asked_texts, rule.hull) for rule in rules]
    asking: dict[tuple[PathSteps, str], int] = {}
    naming: dict[PathSteps, int] = {}
    for place, texts_of in enumerate(texts_by_rule):
        for path, texts in texts_of.items():
            naming[path] = naming.get(path, 0) | 1 << place
            for text in texts:
                asking[path, text] = asking.get((path, text), 0) | 1 << place
    everyone = (1 << len(rules)) - 1
    for place, rule in enumerate(rules):
        near = everyone >> place + 1 << place + 1
        for path, texts in texts_by_rule[place].items():
            near &= reduce(or_, (asking[path, text] for text in texts), everyone & ~naming[path])
        yield rule, [rules[index] for index in _places(near)]


def _places(bits: int) -> Iterator[int]:
    """The places of the bits of a number, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _help(first: Rule, second: Rule, chain: FilterChain, budget: CommandBudget) -> tuple[str, ...]:
    suppression = "write `# allow RW0403: …` with a reason if you want both"
    edit = budget.of(narrowing, first, second, chain)
    return (suppression,) if edit is None else (edit, suppression)


def untaken_findings(
    rules: Iterable[Rule], hard: Set[Rule], chain: FilterChain, budget: CommandBudget, span: Span
) -> Iterator[Diagnostic]:
    """RW0407: types of event that no mapping takes, once the rules take more than one type."""
    sending = [rule for rule in rules if rule.mapping.enabled and rule.mapping.action.sends != "nothing"]
    types = chain.context.types
    taken = {type_: _taken(type_, sending, hard, chain, budget) for type_ in types}
    coming = [type_ for type_ in types if taken[type_] == UNSATISFIABLE and _comes(type_, chain)]
    if sum(isinstance(answer, Witness) for answer in taken.values()) < 2:
        return
    for type_, answer in taken.items():
        if isinstance(answer, Unknown):
            yield open_question(f"a mapping takes `{type_}` events", answer, span)
    if coming:
        listed = [f"`{type_}`" for type_ in coming]
        together = ", ".join(listed[:-1]) + " and " + listed[-1] if len(listed) > 1 else listed[0]
        example = chain.reaching(_of_type(coming[0]), confirm=())
        yield Diagnostic(
            "RW0407",
            f"no mapping takes {together} events",
            span,
            example=shown(example.event) if isinstance(example, Witness) else "",
            help=('add a mapping, or drop them: `drop when type = "…"`',),
        )


def _comes(type_: str, chain: FilterChain) -> bool:
    return isinstance(chain.reaching(_of_type(type_), confirm=()), Witness)


def _taken(
    type_: str, rules: Iterable[Rule], hard: Set[Rule], chain: FilterChain, budget: CommandBudget
) -> Satisfiability:
    """An event of the type that one of the rules takes."""
    doubt: Satisfiability = UNSATISFIABLE
    for rule in rules:
        answer = budget.of(_may_take, rule, type_) if rule in hard else budget.of(_takes, rule, chain, type_)
        if answer is None:
            return SPENT
        if isinstance(answer, Witness):
            return answer
        if isinstance(answer, Unknown):
            doubt = answer
    return doubt


def _may_take(rule: Rule, type_: str) -> Satisfiability:
    """Whether it is plain to see that the rule takes no event of the type."""
    return UNSATISFIABLE if are_disjoint(rule.hull, {("type",): exactly(type_)}) else TOO_HARD


def _takes(rule: Rule, chain: FilterChain, type_: str) -> Satisfiability:
    """An event of the type that the rule takes."""
    if _may_take(rule, type_) == UNSATISFIABLE:
        return UNSATISFIABLE
    if not rule.exact:
        return TAKEN_OUT
    return chain.is_reached(_of_type(type_), rule.formula, confirm=(rule.holds,))


def _of_type(type_: str) -> Formula:
    return fact(("type",), exactly(type_))

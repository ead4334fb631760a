"""Findings on triggers together: an event that is sent twice, and events that nothing takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic, Label
from ....dsl.source import Span
from ...memo import IdentityMemo
from ..analyzed import Rule, both
from ..context import shown
from ..filter_chain import FilterChain
from ..sets.texts import TextSet
from ..sets.values import NO_VALUES, ValueSet, exactly
from ..solver.formula import Formula, PathSteps, fact
from ..solver.solver import Unknown, Witness, apart

MOST_PARTNERS = 3
"""Overlaps that are told of one mapping; more would say the same again."""


def overlap_findings(
    rules: Iterable[Rule], gate: FilterChain, kept: IdentityMemo, undecided: list[str]
) -> Iterator[Diagnostic]:
    """RW0403: two mappings that send one event to the destination, which then counts it twice.

    What could not be decided is added to `undecided`, a sentence each.
    """
    sending = [rule for rule in rules if rule.mapping.enabled and rule.mapping.action.sends == "events"]
    for one, candidates in _partners(sending, kept):
        partners = 0
        for other in candidates:
            answer = kept.of(both, one, other, gate)
            if isinstance(answer, Unknown):
                undecided.append(
                    f'whether "{one.mapping.name}" and "{other.mapping.name}" take one event: {answer.reason}'
                )
            if not isinstance(answer, Witness):
                continue
            partners += 1
            if partners > MOST_PARTNERS:
                break
            yield Diagnostic(
                "RW0403",
                f'"{one.mapping.name}" and "{other.mapping.name}" both send this event',
                one.mapping.trigger.span,
                others=(Label(other.mapping.trigger.span),),
                example=shown(answer.event),
                help=_help(one, other),
            )


def _partners(rules: list[Rule], kept: IdentityMemo) -> Iterator[tuple[Rule, list[Rule]]]:
    """Of each rule those after it that may take the same event.

    Most rules ask for a text at one path, mostly the event's name: two that share none are never put side by side.
    """
    texts = [kept.of(_asked_texts, rule) for rule in rules]
    different: dict[PathSteps, set[str]] = {}
    for asked in texts:
        for path, found in asked.items():
            different.setdefault(path, set()).update(found)
    best = max(different, key=lambda path: len(different[path]), default=())
    holders: dict[str | None, list[int]] = {}
    for place, asked in enumerate(texts):
        for text in asked.get(best) or (None,):
            holders.setdefault(text, []).append(place)
    for place, rule in enumerate(rules):
        own = texts[place].get(best)
        if own is None:
            yield rule, rules[place + 1 :]
            continue
        near = {other for text in (*own, None) for other in holders.get(text, ()) if other > place}
        yield rule, [rules[other] for other in sorted(near)]


def _asked_texts(rule: Rule) -> dict[PathSteps, frozenset[str]]:
    """The texts, of which the trigger wants one, by their path."""
    return {path: found for path, values in rule.hull.items() if (found := _texts(values))}


def _texts(values: ValueSet) -> frozenset[str]:
    """The texts of a set that holds nothing else; empty for any other set."""
    listed = values.texts.listed
    return listed if listed and values == ValueSet(texts=TextSet(listed)) else frozenset()


def _help(one: Rule, other: Rule) -> tuple[str, ...]:
    wanted = "say `# allow RW0403: …` with a reason, if both are wanted"
    for wider, narrower in ((one, other), (other, one)):
        for path, text in _single_texts(narrower):
            if _single(wider.hull.get(path, NO_VALUES)) is None:
                written = ".".join(path)
                return (f'add `and {written} != "{text}"` to "{wider.mapping.name}"', wanted)
    return (wanted,)


def _single_texts(rule: Rule) -> Iterator[tuple[PathSteps, str]]:
    """Paths that must have one text for the trigger to be true; the last ones say the most."""
    for path, values in reversed(rule.hull.items()):
        text = _single(values)
        if text is not None and all(step.isidentifier() for step in path) and '"' not in text:
            yield path, text


def _single(values: ValueSet) -> str | None:
    listed = values.texts.listed
    if len(listed) != 1:
        return None
    (text,) = listed
    return text if values == exactly(text) else None


def untaken_findings(rules: Iterable[Rule], gate: FilterChain, kept: IdentityMemo, span: Span) -> Iterator[Diagnostic]:
    """RW0407: types of event that no mapping takes, once the rules take more than one type."""
    sending = [rule for rule in rules if rule.mapping.enabled and rule.mapping.action.sends != "nothing"]
    types = gate.world.types
    not_taken = [type_ for type_ in types if not any(kept.of(_may_take, rule, gate, type_) for rule in sending)]
    coming = [type_ for type_ in not_taken if isinstance(gate.reaching(_of_type(type_), confirm=()), Witness)]
    if len(types) - len(coming) < 2:
        return
    untaken: list[str] = []
    example = ""
    for type_ in coming:
        answer = gate.reaching(
            _of_type(type_),
            confirm=(lambda event: not any(rule.holds(event) for rule in sending),),
        )
        if isinstance(answer, Witness):
            untaken.append(f"`{type_}`")
            example = example or shown(answer.event)
    if untaken:
        listed = ", ".join(untaken[:-1]) + " and " + untaken[-1] if len(untaken) > 1 else untaken[0]
        yield Diagnostic(
            "RW0407",
            f"no mapping takes {listed} events",
            span,
            example=example,
            help=('add a mapping, or say that they are to go: `drop when type = "…"`',),
        )


def _may_take(rule: Rule, gate: FilterChain, type_: str) -> bool:
    """Whether it is not ruled out that a mapping takes an event of the type."""
    if apart(rule.hull, {("type",): exactly(type_)}):
        return False
    return not gate.nothing_reaches(_of_type(type_), rule.formula)


def _of_type(type_: str) -> Formula:
    return fact(("type",), exactly(type_))

"""Edits after which a failing test expects what the rules do now, for an author to review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import PurePath
from textwrap import dedent, indent
from typing import Any

from ..compiler import ir
from ..dsl import ast
from ..dsl.diagnostics.fixes import edited
from ..dsl.format.expressions import expression_to_text
from ..dsl.format.printer import item_to_text
from ..dsl.rule_error import RuleError
from ..dsl.source import Span
from ..runtime.semantics.missing import MISSING
from ..trace.evaluation import Traced, trace
from ..trace.traced_rules import HIDDEN, words
from .coverage.characterization import is_short
from .event_as_test import expectation_of, expectations_of
from .judging.judge import Judge, sides
from .judging.missing_items import missing_part
from .judging.snapshots import Snapshots, snapshot
from .literals import literal
from .runner import run_suite
from .suite.demands import Demand
from .suite.suite import Suite
from .suite.trials import SuiteTrial


class NotAcceptable(ValueError):
    """Why a test cannot expect the actual result, in one sentence."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A new text for a part of a file; offsets are in characters."""

    file: str
    start: int
    end: int
    text: str

    @classmethod
    def at(cls, span: Span, text: str) -> TextEdit:
        """The edit that replaces a span."""
        return cls(span.source.name, span.start, span.end, text)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Edits, and the texts of their files before and after them."""

    edits: tuple[TextEdit, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]

    def diff(self) -> Iterator[tuple[str, str]]:
        """The changes of each file as pairs of a sign and a line; the sign of the name of a file is `@`."""
        for file, before in self.before.items():
            yield "@", PurePath(file).name
            lines = unified_diff(before.splitlines(), self.after[file].splitlines(), n=2, lineterm="")
            yield from ((line[0], line[1:]) for line in list(lines)[2:] if line[0] != "@")


def accept(suite: Suite, name: str, changed: Callable[[Mapping[str, str]], Suite]) -> Acceptance:
    """The edits after which a failing test passes, and all tests that passed still do.

    `changed` reads the suite with other texts for some files. Raises NotAcceptable, and RuleError for unreadable
    snapshots.
    """
    trial = next((trial for trial in suite.trials if trial.name == name), None)
    if trial is None:
        raise NotAcceptable(f"there is no test `{name}`")
    snapshots = Snapshots(suite.path, suite.rules.files.access)
    judge = Judge(suite.rules, trial, suite.rules.mapper(trial.event), snapshots)
    edits = tuple(_edits(judge, snapshots))
    if not edits:
        raise NotAcceptable("the test passes")
    sources = {demand.expect.span.source for demand in trial.demands}
    texts = {source.name: source.text for source in sources} | {str(snapshots.path): snapshots.text}
    before = {file: texts[file] for file in dict.fromkeys(edit.file for edit in edits)}
    after = {file: _edited(text, [edit for edit in edits if edit.file == file]) for file, text in before.items()}
    _try(suite, name, changed, after)
    return Acceptance(edits, before, after)


def _try(suite: Suite, name: str, changed: Callable[[Mapping[str, str]], Suite], after: Mapping[str, str]) -> None:
    """Runs all tests as they become. Raises NotAcceptable where that is not what was wanted."""
    try:
        results = run_suite(changed(after), lambda name: True).results
    except RuleError as error:
        first = error.diagnostics[0].message
        raise NotAcceptable(f"what came cannot be written as an expectation: {first}") from None
    passed = {result.trial.name for result in results if result.passed}
    if name not in passed:
        raise NotAcceptable("no expectation was found that holds of what came; change the test by hand")
    before = {result.trial.name for result in run_suite(suite, lambda name: True).results if result.passed}
    broken = sorted(before - passed)
    if broken:
        raise NotAcceptable(f"`{broken[0]}` shares this expectation and passes; give it an expectation of its own")


def _edits(judge: Judge, snapshots: Snapshots) -> Iterator[TextEdit]:
    trial = judge.trial
    own: list[TextEdit] = []
    for demand in trial.demands:
        if not any(judge.misses_of(demand)):
            continue
        if demand.expect.kind == "snapshot":
            text = snapshots.text_with(trial.name, snapshot(judge.outcome, HIDDEN))
            yield TextEdit(str(snapshots.path), 0, len(snapshots.text), text)
        else:
            own += _of_demand(judge, demand)
    if own and not trial.demands[0].expect.span.is_within(trial.whole):
        yield _of_its_own(trial, own)
    else:
        yield from _without_repetition(own, trial)


def _of_its_own(trial: SuiteTrial, edits: list[TextEdit]) -> TextEdit:
    """Expectations below a case that had those of its test, so that those of other cases stay as they are."""
    texts = []
    for demand in trial.demands:
        span = demand.expect.span
        inside = [edit for edit in edits if span.start <= edit.start and edit.end <= span.end]
        moved = [TextEdit(edit.file, edit.start - span.start, edit.end - span.start, edit.text) for edit in inside]
        texts.append(_edited(span.text, moved).replace("\n" + " " * (span.column - 1), "\n"))
    margin = " " * (trial.whole.column + 1)
    end = trial.whole.end
    below = "".join(f"\n{indent(text, margin)}" for text in dict.fromkeys(texts))
    return TextEdit(trial.whole.source.name, end, end, below)


def _without_repetition(edits: list[TextEdit], trial: SuiteTrial) -> Iterator[TextEdit]:
    """The edits, but that two expectations that come to the same become one."""
    known = {demand.expect.span.text for demand in trial.demands}
    for edit in edits:
        if edit.text not in known or not edit.text.startswith("expect "):
            known.add(edit.text)
            yield edit
            continue
        source = next(demand.expect.span.source for demand in trial.demands)
        start = source.text.rfind("\n", 0, edit.start)
        yield TextEdit(edit.file, start, edit.end, "")


# --- one expectation -------------------------------------------------------------------------------------------------


def _of_demand(judge: Judge, demand: Demand) -> Iterator[TextEdit]:
    expect, rules, event, outcome = demand.expect, judge.rules, judge.trial.event, judge.outcome
    name = expect.mapping or ""
    if expect.kind == "no value":
        raise NotAcceptable(
            f"`{words(expect.span)}` says what must never be sent, so what came is not accepted: change the rules, or "
            "take the expectation out by hand"
        )
    if expect.kind in ("nothing", "dropped"):
        yield TextEdit.at(expect.span, _written(list(expectations_of(rules, event)), expect.span))
    elif not judge.is_of_kind(expect):
        yield TextEdit.at(expect.span, _written([expectation_of(rules, event, outcome, name)], expect.span))
    elif demand.exact is not None:
        views = judge.exact_views(demand)
        exact = ast.Expect("matches", name, (), literal(views))
        yield TextEdit.at(expect.span, _written([exact], expect.span))
    else:
        for condition in demand.conditions:
            yield from _of_condition(condition, judge.seen_by(expect))


def _written(expects: list[ast.Expect], span: Span) -> str:
    """Expectations as the formatter writes them, for the place of one."""
    lines = item_to_text(ast.Test("t", tuple(expects))).split("\n")[1:-1]
    return indent(dedent("\n".join(lines)), " " * (span.column - 1)).lstrip()


def _of_condition(condition: ir.Condition, root: dict[str, Any]) -> Iterator[TextEdit]:
    if isinstance(condition, ir.All):
        for part in condition.conditions:
            yield from _of_condition(part, root)
        return
    missing = missing_part(condition, root)
    if missing is not None:
        yield TextEdit.at(condition.span, f"{missing} = null")
        return
    traced = trace(condition, root, in_trigger=True)
    if traced.value:
        return
    wanted, actual = sides(traced)
    if wanted is not None and actual is not None:
        yield TextEdit.at(wanted.node.span, _value(actual.value))
        return
    parts = {text: value for text, value in _parts_read(traced) if is_short(value)}
    if not parts:
        raise NotAcceptable(
            f"`{words(condition.span)}` reads no value of a request that fits on a line; change it by hand"
        )
    texts = [f"{text} = {_value(value)}" for text, value in parts.items()]
    yield TextEdit.at(condition.span, ("\n" + " " * (condition.span.column - 1)).join(texts))


def _parts_read(traced: Traced) -> Iterator[tuple[str, Any]]:
    """The parts of the outcome that a condition reads, as it writes them, and what they are."""
    match traced.node:
        case ir.Read(ir.EVENT, (first, *_)) | ir.Get(ir.Call("json_decode", (ir.Read(ir.EVENT, (first, *_)),)), _):
            if first != "event":
                yield words(traced.node.span), traced.value
        case _:
            for part in traced.parts:
                yield from _parts_read(part)


def _value(value: Any) -> str:
    return "null" if value is MISSING else expression_to_text(literal(value))


def _edited(text: str, edits: list[TextEdit]) -> str:
    return edited(text, ((edit.start, edit.end, edit.text) for edit in edits))

"""Test results on screen: a line for each rule file, then each failure with its cause."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl.render.text import columns
from ...dsl.source import Span
from ...explain.terminal_columns import Paint, aligned
from ...printable import printable
from ...runtime.counted import counted
from ...trace.traced_rules import place
from ..coverage.coverage import Coverage, percent_text
from ..coverage.coverage_items import CoverageItem
from ..judging.judge import Miss
from ..law_results import LawResult
from ..runner import CaseResult, SuiteResult

WIDTH = 88
MOST_NEVER = 4
"""The most untested items that the last line names."""


def head(result: SuiteResult, coverage: Coverage | None, paint: Paint) -> str:
    """`shop.rules  ✔ 14   ✘ 1      triggers 100 %  fields 92 %`; without coverage where not every test ran."""
    failed = len(result.failed)
    passed = len(result.results) - failed
    left = f"{printable(result.suite.path.name)}  ✔ {passed}" + (f"   ✘ {failed}" if failed else "")
    painted = (
        paint(printable(result.suite.path.name), "strong") + "  " + paint(f"✔ {passed}", "good" if passed else "quiet")
    )
    painted += f"   {paint(f'✘ {failed}', 'bad')}" if failed else ""
    if coverage is None:
        return painted
    triggers, fields = (percent_text(coverage.percent(group)) for group in ("triggers", "fields"))
    right = f"triggers {triggers}  fields {fields}"
    return painted + " " * max(2, WIDTH - columns(left) - len(right)) + right


def failure(result: CaseResult, paint: Paint) -> Iterator[str]:
    """A test that failed, each demand that was not met, and the lines of the rules that are behind it."""
    yield with_place(f"✘ {result.trial.name}", result.trial.span, paint, "bad")
    for miss in result.misses:
        yield from miss_lines(miss, paint)


def repairs(result: CaseResult, paint: Paint) -> Iterator[str]:
    """The values of a test's event that were repaired so that the rest could be sent."""
    yield with_place(f"! {result.trial.name}", result.trial.span, paint, "warning")
    for repair in result.repairs:
        yield printable(f"    {repair.mapping}  {repair.sentence}")


def with_place(text: str, span: Span, paint: Paint, style: str) -> str:
    """A line of text, with the place of a span at its end."""
    text, where = printable(text), place(span)
    return paint(text, style) + " " * max(2, WIDTH - columns(text) - len(where)) + paint(where, "place")


def miss_lines(miss: Miss, paint: Paint) -> Iterator[str]:
    """One demand that was not met, what is there in its place, and the lines of the rules behind it."""
    text, where = printable(f"    {miss.text}"), place(miss.span)
    yield text + " " * max(2, WIDTH - columns(text) - len(where)) + paint(where, "place")
    if miss.expected:
        yield f"      expected  {paint(printable(miss.expected), 'good')}"
    if miss.got:
        yield f"      got       {paint(printable(miss.got), 'bad')}"
    for difference in miss.differences:
        for sign, line in difference.lines():
            yield f"      {paint(printable(f'{sign} {line}'), 'good' if sign == '-' else 'bad')}"
    rows = [[because.place, because.text, because.reason] for because in miss.because]
    for index, line in enumerate(aligned(rows, ("place", "", ""), (40, 60, 0), paint, indent="")):
        yield f"      {'because' if index == 0 else '       '}   {line}"


def summary(results: list[SuiteResult], coverages: list[Coverage], paint: Paint) -> Iterator[str]:
    """The last lines: how many ran, how many failed, and what they do not test."""
    count = sum(len(result.results) for result in results)
    failed = sum(len(result.failed) for result in results)
    sentence = f"{counted(count, 'test')}, {failed:,} failed" if failed else f"{counted(count, 'test')} passed"
    laws = [law for result in results for law in result.laws if law.law is not None]
    sentence = f"{sentence if count else ''}{'; ' if count and laws else ''}{_of_laws(laws)}" or "No test ran"
    missed = [item for coverage in coverages for item in coverage.missed]
    if not missed:
        yield f"{sentence}."
        return
    named = ", ".join(f"{item.sentence} ({place(item.span)})" for item in missed[:MOST_NEVER])
    more = f", and {len(missed) - MOST_NEVER} more" if len(missed) > MOST_NEVER else ""
    yield f"{sentence}. Not tested: {printable(named)}{more}."
    if undecided := sum(len(coverage.undecided) for coverage in coverages):
        these, it = ("one of these", "it") if undecided == 1 else (f"{undecided:,} of these", "them")
        yield f"For {these}, Rulewright could not decide whether any event reaches {it}; `--format json` names {it}."
    items = "it as a test case" if len(missed) == 1 else "them as test cases"
    yield paint(f"`rulewright test --suggest` writes {items}; `--coverage` shows where.", "quiet")


def _of_laws(laws: list[LawResult]) -> str:
    broken = sum(not law.held for law in laws)
    if broken:
        return f"{counted(len(laws), 'law')}, {broken:,} {'does' if broken == 1 else 'do'} not hold"
    return f"{counted(len(laws), 'law')} {'holds' if len(laws) == 1 else 'hold'}" if laws else ""


def coverage_lines(coverage: Coverage, paint: Paint) -> Iterator[str]:
    """The lines of the rules with something to try on them, and below each what was not."""
    by_line: dict[tuple[str, int], list[CoverageItem]] = {}
    sources = {item.span.source.name: item.span.source for item in coverage.items}
    for item in coverage.items:
        by_line.setdefault((item.span.source.name, item.span.line), []).append(item)
    order = {name: number for number, name in enumerate(sources)}
    shown = ""
    for (name, number), items in sorted(by_line.items(), key=lambda pair: (order[pair[0][0]], pair[0][1])):
        if name != shown:
            yield paint(printable(name), "strong")
            shown = name
        missed = [item for item in items if coverage.is_missed(item)]
        tried = sum(coverage.hits(item) > 0 for item in items)
        mark = paint("✘", "bad") if missed else paint("✔", "good")
        text = printable(sources[name].line(number).rstrip())
        possible = sum(coverage.hits(item) > 0 or coverage.is_missed(item) for item in items)
        yield f"{mark} {paint(f'{number:>4}', 'place')}  {tried:>2}/{possible:<2}  {text}"
        for item in missed:
            yield paint(f"               never: {printable(item.sentence)}", "bad")

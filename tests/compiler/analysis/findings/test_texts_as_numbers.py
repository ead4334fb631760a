"""Texts that are compared as numbers: never true where that is said, and right once the help is applied."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler import ir
from rulewright.compiler.analysis.findings.texts_as_numbers import conjuncts, number_findings
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.pipeline import check_files, read

from .cases import TRACK, Case, assert_found, mapping

CONTEXT = analysis_context()
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
VERSION = 'number(split(context.app.version, ".")[0])'


def case(condition: str, underlined: str | None, help_: str | None = None, *, field: bool = False) -> Case:
    """A condition that does not decide a trigger on its own, or in a field."""
    rules = (
        mapping("A", TRACK, f'city = if({condition}, "a", "b")')
        if field
        else mapping("A", f"userId = 'u' or {condition}")
    )
    return Case(condition, rules, "RW0412", underlined, None, help_)


_FIRST = "which compares the first number of the version"
_ONE_BY_ONE = f"compare the numbers of a version one by one: `{VERSION}` is the first"
_NO_NUMBER = "`>` compares numbers: compare texts by `=`, `in` or `match`"
CASES = [
    case('properties.total > "100"', '"100"', "`>` compares numbers: write `100` without quotes"),
    case('properties.total > "100"', '"100"', "`>` compares numbers: write `100` without quotes", field=True),
    case("!(properties.total > null)", "null"),
    case("properties.total > true", "true"),
    case("properties.total > 100", None),
    case("properties.total > properties.least", None),
    case("number(properties.total) > 100", None),
    case("context.app.version >= 3", "context.app.version", f"write `{VERSION} >= 3`, {_FIRST}"),
    case('"3" < context.app.version', '"3"', f"write `{VERSION} > 3`, {_FIRST}"),
    case("context.app.version > context.os.version", "context.app.version", _ONE_BY_ONE),
    case('context.app.version >= "3.2.1"', '"3.2.1"', _ONE_BY_ONE),
    case('context.app.version >= "3.0.0"', '"3.0.0"', f"write `{VERSION} >= 3`, {_FIRST}"),
    case('properties.app >= "3.0.0"', '"3.0.0"', f'write `number(split(properties.app, ".")[0]) >= 3`, {_FIRST}'),
    case('context.app.version = "3.2.1"', None),
    case(f"{VERSION} >= 3", None),
    case(
        "number(context.app.version) >= 3",
        "number(context.app.version)",
        f"write `{VERSION} >= 3`, {_FIRST}",
    ),
    case("number(context.os.version) >= 3", None),
    case("number(context.app.build) >= 3", None),
    case("number(userId) >= 3", None),
    case("number(traits.createdAt) >= 3", None),
    case(
        "2024 <= number(timestamp)",
        "number(timestamp)",
        'write `timestamp_ms("2024-01-01") <= timestamp_ms(timestamp)`',
    ),
    case("context.app.build > 3000", "context.app.build", "write `number(context.app.build) > 3000`"),
    case("context.app.build = 3210", "context.app.build", 'write `context.app.build = "3210"`'),
    case("context.app.build in [3, 4]", "context.app.build", 'write `context.app.build in ["3", "4"]`'),
    case("context.ip > 10", "context.ip", _NO_NUMBER),
    case("event > 5", "event", _NO_NUMBER),
    case("typeof(userId) = 5", "typeof(userId)", "compare it with a text"),
    case("timestamp > 20240501", "timestamp", 'write `timestamp_ms(timestamp) > timestamp_ms("2024-05-01")`'),
    case(
        "timestamp > 20241301",
        "timestamp",
        "compare `timestamp_ms(…)` of the date, a number of milliseconds since 1970",
    ),
    case("timestamp = 2024", "timestamp", 'write `format_time(timestamp, "%Y") = "2024"`'),
    case("timestamp in [2024]", "timestamp", 'write `format_time(timestamp, "%Y") in ["2024"]`'),
    case("slice(timestamp, 0, 4) > 2026", "slice(timestamp, 0, 4)", "write `number(slice(timestamp, 0, 4)) > 2026`"),
    case("slice(properties.tags, 0, 4) = 2026", "slice(properties.tags, 0, 4)"),
    case('split(event, "-")[1] > 5', 'split(event, "-")[1]', 'write `number(split(event, "-")[1]) > 5`'),
    case('last(split(event, "-")) > 5', 'last(split(event, "-"))'),
    case("first(properties.sizes) > 5", None),
    case('coalesce(context.app.version, "0") > 5', 'coalesce(context.app.version, "0")'),
    case('coalesce(properties.version, "0") > 5', None),
    case(
        "default(context.app.build, null) > 5",
        "default(context.app.build, null)",
        "write `number(default(context.app.build, null)) > 5`",
    ),
    case("if(userId = 'u', event, timestamp) > 5", "if(userId = 'u', event, timestamp)"),
    case("lowercase(context.app.version) > 5", "lowercase(context.app.version)"),
    case("trim(properties.total) > 5", None),
    case('"{{properties.n}}" > 5', '"{{properties.n}}"', "write `number(properties.n) > 5`", field=True),
    case('"a{{properties.n}}" > 5', '"a{{properties.n}}"', 'write `number("a{{properties.n}}") > 5`', field=True),
    case('context.network.wifi = "true"', '"true"', "write `context.network.wifi = true`"),
    case("0 != context.network.wifi", "0", "write `false != context.network.wifi`"),
    case("context.network.wifi > 0", "0", "compare it with a boolean"),
    case('context.screen.width = "1024"', '"1024"', "write `context.screen.width = 1024`"),
    case('context.screen.width = "wide"', '"wide"', "compare it with a number"),
    case("event = true", "true", 'write `event = "true"`'),
    case("userId = 5", None),
    case('properties.total = "100"', None),
    case("traits.age = 'old'", None),
    case("context.traits.age > 'old'", "'old'"),
    case("context.network.wifi = null", None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_findings(case: Case) -> None:
    assert_found(case)


def test_what_makes_a_whole_trigger_false_is_reported_of_the_trigger() -> None:
    assert_found(Case("trigger", mapping("A", f'{TRACK} and properties.n > "5"'), "RW0412", None))
    assert_found(Case("trigger", mapping("A", f'{TRACK} and properties.n > "5"'), "RW0404", 'properties.n > "5"'))


def condition_of(text: str) -> ir.Condition:
    program, diagnostics = check_files(read(f"destination amplitude\n{mapping('A', text)}"))
    assert [finding for finding in diagnostics if finding.severity == "error"] == []
    return program.mappings[0].trigger


def findings_of(condition: ir.Condition) -> list[Diagnostic]:
    return list(number_findings(list(ir.walk(condition)), CONTEXT))


def helped(text: str) -> ir.Condition:
    """The condition that the help for a comparison says to write, which has no finding."""
    (finding,) = findings_of(condition_of(text))
    written = re.match(r"write `(.*)`", finding.help[0])
    assert written is not None
    condition = condition_of(written[1])
    assert findings_of(condition) == []
    return condition


TEXTS = ("timestamp", "context.app.version", "context.app.build", "event", "context.ip")
_texts = st.sampled_from(("", "3", "3.2.1", "3210", "2024-05-01T10:00:00Z", "2024", "a", "true", "null"))
_anything = st.one_of(_texts, st.none(), st.booleans(), st.integers(0, 4000), st.just([3]), st.just({}))
_paths = st.sampled_from((*TEXTS, "properties.a", "properties.b"))
_subjects = st.one_of(
    _paths,
    _paths.map("slice({}, 0, 4)".format),
    _paths.map('split({}, ".")[0]'.format),
    _paths.map('first(split({}, "."))'.format),
    _paths.map("lowercase({})".format),
    _paths.map("trim({})".format),
    _paths.map("typeof({})".format),
    _paths.map("first({})".format),
    _paths.map("number({})".format),
    st.tuples(_paths, _paths).map(lambda pair: f"coalesce({pair[0]}, {pair[1]})"),
    st.tuples(_paths, st.sampled_from(('"3"', "3", "null"))).map(lambda pair: f"default({pair[0]}, {pair[1]})"),
    st.tuples(_paths, _paths).map(lambda pair: f"if(userId = 'u', {pair[0]}, {pair[1]})"),
)
_constants = st.sampled_from(('"3"', '"3.2.1"', '"2024-05-01"', "3", "3.2", "2024", "1714566896", "true", "null"))


@st.composite
def _events(draw: st.DrawFn) -> dict[str, Any]:
    """Events whose texts are texts, null or missing, and whose properties are anything."""
    event: dict[str, Any] = {"type": "track", "context": {"app": {}}, "properties": {}}
    event["userId"] = draw(st.sampled_from(("u", "v")))
    for path in (*TEXTS, "properties.a", "properties.b"):
        value = draw(_anything if path.startswith("properties") else st.one_of(_texts, st.none()))
        if draw(st.booleans()):
            *parents, key = path.split(".")
            place = event
            for parent in parents:
                place = place[parent]
            place[key] = value
    return event


@given(_subjects, st.sampled_from(sorted(OPERATORS)), st.one_of(_constants, _subjects), st.booleans(), _events())
def test_what_is_compared_as_a_number_never_holds(
    subject: str, sign: str, other: str, swapped: bool, event: dict[str, Any]
) -> None:
    condition = condition_of(f"{other} {sign} {subject}" if swapped else f"{subject} {sign} {other}")
    if any("cannot read" not in finding.message for finding in findings_of(condition)):
        assert not CONTEXT.value_of(condition, event)


_version = st.lists(st.integers(0, 12), min_size=2, max_size=4)


@given(_version, st.lists(st.integers(0, 12), min_size=1, max_size=2), st.sampled_from(sorted(OPERATORS)))
def test_the_help_for_a_version_compares_its_first_numbers(version: list[int], wanted: list[int], sign: str) -> None:
    event = {"context": {"app": {"version": ".".join(map(str, version))}}}
    condition = helped(f"context.app.version {sign} {'.'.join(map(str, wanted))}")
    assert CONTEXT.value_of(condition, event) is OPERATORS[sign](version[: len(wanted)], wanted)


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(sorted(OPERATORS)))
def test_the_help_for_a_number_as_text_compares_the_number(build: int, wanted: int, sign: str) -> None:
    condition = helped(f"context.app.build {sign} {wanted}")
    assert CONTEXT.value_of(condition, {"context": {"app": {"build": str(build)}}}) is OPERATORS[sign](build, wanted)


_moments = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1))


@given(_moments, _moments, st.sampled_from(sorted(OPERATORS)))
def test_the_help_for_a_date_compares_times(moment: datetime, wanted: datetime, sign: str) -> None:
    moment, wanted = (each.replace(microsecond=0, tzinfo=UTC) for each in (moment, wanted))
    event = {"timestamp": moment.isoformat()}
    in_seconds = int(wanted.timestamp())
    for number in (in_seconds, in_seconds * 1000):
        assert CONTEXT.value_of(helped(f"timestamp {sign} {number}"), event) is OPERATORS[sign](moment, wanted)
    if sign in ("=", "!="):
        in_years = helped(f"timestamp {sign} {wanted.year}")
        assert CONTEXT.value_of(in_years, event) is OPERATORS[sign](moment.year, wanted.year)


def test_the_parts_that_must_all_be_true() -> None:
    condition = condition_of("(event = 'a' and name = 'b') and (userId = 'c' or type = 'd')")
    parts = set(conjuncts(condition))
    assert [node.span.text for node in ir.walk(condition) if id(node) in parts and isinstance(node, ir.Compare)] == [
        "event = 'a'",
        "name = 'b'",
    ]

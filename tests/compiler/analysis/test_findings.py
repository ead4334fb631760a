"""Each kind of finding, on rules that have it and on rules that nearly have it."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from rulewright.checks.proving import prove
from rulewright.compiler.analysis.findings.all_findings import Analysis
from rulewright.loading.expressions import compile_trigger
from rulewright.loading.pipeline import check_files, read


class Case(NamedTuple):
    """The items of a rule file below its destination; the code looked for; what is underlined, None for no finding."""

    what: str
    rules: str
    code: str
    underlined: str | None
    example: dict[str, object] | None = None
    help: str | None = None


def mapping(name: str, when: str, *lines: str, action: str = "logEventV2") -> str:
    body = "\n  ".join([f"when {when}", "use defaults", *(lines or ("on conflict fold",))])
    return f'mapping "{name}" -> {action} {{\n  {body}\n}}\n'


TRACK, ORDER = 'type = "track"', 'event = "Order Completed"'

CASES = [
    Case(
        "properties that an event keeps apart, which only running shows, where the author says what happens",
        mapping(
            "A",
            TRACK,
            "user_properties = { a: if(contains(properties.x, properties.y), 1, omit) }",
            "setOnce = { b: 1 }",
            "on conflict reject",
        ),
        "RW0411",
        None,
    ),
    Case("two values of one path", mapping("A", f'{TRACK} and type = "page"'), "RW0404", 'type = "page"'),
    Case(
        "numbers that leave nothing",
        mapping("A", "properties.n > 5 and properties.n < 5"),
        "RW0404",
        "properties.n < 5",
    ),
    Case("numbers that leave a gap", mapping("A", "properties.n > 5 and properties.n < 5.001"), "RW0404", None),
    Case(
        "globs without a common text",
        mapping("A", 'match(event, "A*") and match(event, "[B-Z]*")'),
        "RW0404",
        'match(event, "[B-Z]*")',
    ),
    Case("globs with one", mapping("A", 'match(event, "A*") and match(event, "*Z")'), "RW0404", None),
    Case(
        "text on the way to a path",
        mapping("A", 'context.device = "x" and context.device.id != null'),
        "RW0404",
        "context.device.id != null",
    ),
    Case(
        "three that exclude each other only together",
        mapping("A", '(event = "a" or name = "b") and event != "a" and name != "b"'),
        "RW0404",
        '(event = "a" or name = "b") and event != "a" and name != "b"',
    ),
    Case(
        "a filter that drops nothing",
        f'drop when {TRACK} and type = "page"\n' + mapping("A", TRACK),
        "RW0404",
        'type = "page"',
    ),
    Case(
        "every value of a path",
        mapping("A", 'type = "track" or type != "track"'),
        "RW0405",
        'type = "track" or type != "track"',
    ),
    Case("nearly every value", mapping("A", "properties.n > 5 or properties.n <= 5"), "RW0405", None),
    Case(
        "an event that two mappings send",
        mapping("Checkout", f'{TRACK} and contains(event, "Order")') + mapping("Orders", f"{TRACK} and {ORDER}"),
        "RW0403",
        f'{TRACK} and contains(event, "Order")',
        {"type": "track", "event": "Order Completed"},
        'add `and event != "Order Completed"` to "Checkout"',
    ),
    Case(
        "an event that one excludes",
        mapping("Others", f'{TRACK} and event != "Order Completed"') + mapping("Orders", f"{TRACK} and {ORDER}"),
        "RW0403",
        None,
    ),
    Case(
        "a second that sends no event", mapping("A", TRACK) + mapping("B", TRACK, action="identifyUser"), "RW0403", None
    ),
    Case("a second that is disabled", mapping("A", TRACK) + "disabled " + mapping("B", TRACK), "RW0403", None),
    Case(
        "an overlap that is dropped",
        f"drop when {ORDER}\n" + mapping("A", TRACK) + mapping("B", ORDER),
        "RW0403",
        None,
    ),
    Case(
        "an overlap that only running shows",
        mapping("A", f"{TRACK} and properties.a = properties.b") + mapping("B", 'properties.a = "x"'),
        "RW0403",
        f"{TRACK} and properties.a = properties.b",
        {"type": "track", "properties": {"a": "x", "b": "x"}},
    ),
    Case(
        "a mapping behind a filter",
        'drop when type = "alias"\n' + mapping("A", 'type = "alias" and userId != null'),
        "RW0406",
        'type = "alias" and userId != null',
        {"type": "alias", "userId": "u-12345"},
    ),
    Case("a mapping half behind one", 'drop when type = "alias"\n' + mapping("A", "userId != null"), "RW0406", None),
    Case(
        "types that no mapping takes",
        mapping("A", 'type in ["track", "page", "screen", "identify"]'),
        "RW0407",
        "destination amplitude",
        {"type": "group"},
    ),
    Case(
        "types that are dropped",
        'drop when type = "group" or type = "alias"\n'
        + mapping("A", 'type in ["track", "page", "screen", "identify"]'),
        "RW0407",
        None,
    ),
    Case("rules about one type", mapping("A", TRACK), "RW0407", None),
    Case(
        "plain properties always beside operations",
        mapping(
            "A",
            TRACK,
            'user_properties = { plan: "pro" }',
            'setAlways = { source: "web" }',
            "setOnce = omit",
            "add = omit",
        ),
        "RW0501",
        'setAlways = { source: "web" }',
        {"type": "track"},
    ),
    Case(
        "operations written among plain properties",
        mapping("A", TRACK, 'user_properties = { plan: "pro", "$add": { visits: 1 } }'),
        "RW0501",
        'user_properties = { plan: "pro", "$add": { visits: 1 } }',
    ),
    Case(
        "plain properties sometimes beside operations",
        mapping("A", TRACK, "setOnce = { first_plan: traits.plan }", "setAlways = omit"),
        "RW0502",
        "setOnce = { first_plan: traits.plan }",
        {"type": "track", "traits": {"plan": "pro"}},
    ),
    Case(
        "plain properties of which the trigger forbids the usual one",
        mapping("A", f"{TRACK} and traits.plan = null", 'setOnce = { source: "web" }', "setAlways = omit"),
        "RW0502",
        'setOnce = { source: "web" }',
        {"type": "track", "traits": {"a": 1}},
    ),
    Case(
        "operations that cannot be followed",
        mapping("A", TRACK, "setAlways = { source: snakecase(traits.plan) }", "setOnce = omit"),
        "RW0502",
        "setAlways = { source: snakecase(traits.plan) }",
    ),
    Case(
        "operations within an object",
        mapping("A", TRACK, "setAlways = { source: { of: traits.plan } }", "setOnce = omit"),
        "RW0502",
        "setAlways = { source: { of: traits.plan } }",
    ),
    Case(
        "properties that exclude each other",
        mapping("A", f"{TRACK} and traits = null", "setOnce = { first_plan: properties.plan }", "setAlways = omit"),
        "RW0502",
        None,
    ),
    Case(
        "operations that a filter takes out",
        "drop traits.plan\n" + mapping("A", TRACK, "setOnce = { a: traits.plan }", "setAlways = omit", "add = omit"),
        "RW0502",
        None,
    ),
    Case(
        "a required field that a filter takes out",
        "drop properties.name\n" + mapping("A", TRACK, "event_type = properties.name", "on conflict fold"),
        "RW0302",
        "event_type = properties.name",
    ),
    Case(
        "a required field that a filter takes out of some events",
        "drop properties.name when properties.secret = true\n"
        + mapping("A", TRACK, "event_type = properties.name", "on conflict fold"),
        "RW0302",
        None,
    ),
    Case(
        "a filter on what another one takes out",
        'drop properties.name\ndrop when properties.name = "a"\n' + mapping("A", TRACK),
        "RW0404",
        'properties.name = "a"',
    ),
    Case(
        "a mapping behind a filter on what another one takes out",
        "drop properties.name\ndrop when properties.name = null\n" + mapping("A", TRACK),
        "RW0406",
        TRACK,
    ),
    Case("no plain properties", mapping("A", TRACK, "user_properties = omit"), "RW0502", None),
    Case("the conflict is settled", mapping("A", TRACK, "on conflict split"), "RW0502", None),
    Case("the author refuses it", mapping("A", TRACK, "on conflict reject"), "RW0502", None),
    Case(
        "a required field that is null for all events taken",
        mapping("A", 'type = "page" and event = null', "event_type = event"),
        "RW0302",
        "event_type = event",
    ),
    Case("a required field that may be there", mapping("A", 'type = "page"', "event_type = event"), "RW0302", None),
    Case(
        "no identity",
        mapping("A", TRACK, "user_id = omit", "device_id = omit"),
        "RW0304",
        'mapping "A" -> logEventV2',
    ),
    Case(
        "an identity that the trigger rules out",
        mapping("A", "userId = null", "device_id = userId"),
        "RW0304",
        'mapping "A" -> logEventV2',
    ),
    Case("one identity", mapping("A", TRACK, "user_id = omit"), "RW0304", None),
    Case(
        "an unknown name at the root",
        mapping("A", 'contxt.ip = "x"'),
        "RW0201",
        "contxt",
        None,
        "did you mean `context`?",
    ),
    Case("an unknown name in the context", mapping("A", TRACK, "city = context.location.contry"), "RW0201", "contry"),
    Case("a name within text", mapping("A", "event.name != null"), "RW0201", "name"),
    Case("a property of the author's own", mapping("A", "properties.colour = 1"), "RW0201", None),
    Case("a key of a context that others fill", mapping("A", "context.experiment = 1"), "RW0201", None),
    Case("an object into a number", mapping("A", TRACK, "revenue = context.page"), "RW0301", "context.page"),
    Case(
        "text into a function of objects", mapping("A", TRACK, "groups = pick(context.ip, 'a')"), "RW0301", "context.ip"
    ),
    Case("a constant into a function of lists", mapping("A", 'first("abc") = "a"'), "RW0301", '"abc"'),
    Case("a list into a function of lists", mapping("A", "first(properties.products) != null"), "RW0301", None),
    Case("text into a number", mapping("A", TRACK, "revenue = context.page.title"), "RW0301", None),
    Case(
        "a witness on what a filter strips is not shown",
        "drop properties.email\n" + mapping("A", "properties.email != null") + mapping("B", TRACK),
        "RW0403",
        None,
    ),
    Case(
        "a filter strips something else",
        "drop properties.email\n" + mapping("A", "properties.plan != null") + mapping("B", TRACK),
        "RW0403",
        "properties.plan != null",
    ),
]


def analysis_of(rules: str) -> Analysis:
    files = read(f"destination amplitude\n{rules}")
    program, diagnostics = check_files(files)
    assert [found for found in diagnostics if found.severity == "error"] == []
    return prove(files, program, diagnostics)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.what}")
def test_findings(case: Case) -> None:
    findings = [finding for finding in analysis_of(case.rules).findings if finding.code == case.code]
    assert [finding.span.text for finding in findings] == ([] if case.underlined is None else [case.underlined])
    if case.example is not None:
        assert json.loads(findings[0].example) == case.example
    if case.help is not None:
        assert case.help in findings[0].help


def test_a_witness_of_an_overlap_meets_both_compiled_triggers() -> None:
    first, second = 'match(event, "*a?c*") and properties.n > 2', "length(event) = 5 and properties.n < 3"
    (finding,) = [
        finding
        for finding in analysis_of(mapping("A", first) + mapping("B", second)).findings
        if finding.code == "RW0403"
    ]
    event = json.loads(finding.example)
    assert compile_trigger(first)(event)
    assert compile_trigger(second)(event)


def test_properties_that_are_not_decided_are_said() -> None:
    rules = mapping("A", "traits.a < traits.b and traits.b < traits.a", "setAlways = { a: traits.a }", "setOnce = omit")
    assert analysis_of(rules).undecided == [
        f"cannot decide whether {question}: the triggers compare values that only an event can tell"
        for question in (
            "an event that no filter drops meets this trigger",
            '"A" sends plain properties in `user_properties` and `setAlways` in one request',
        )
    ]


def test_what_is_not_decided_is_said() -> None:
    rules = mapping("A", 'snakecase(event) = "a_b"') + mapping("B", 'snakecase(event) = "c_d"')
    assert analysis_of(rules).undecided == [
        'cannot decide whether "A" and "B" take the same event: the triggers compare values that only an event can tell'
    ]


def test_of_what_a_filter_takes_a_part_out_nothing_is_decided() -> None:
    rules = "keep properties.plan\n" + mapping("A", "properties != null") + mapping("B", TRACK)
    assert analysis_of(rules).undecided == [
        "cannot decide whether an event, or every event, meets this trigger: "
        "a filter takes out a part of what the trigger reads",
        'cannot decide whether "A" and "B" take the same event: a filter takes out a part of what their triggers read',
    ]


def test_a_filter_that_reads_a_part_of_what_is_left_makes_the_rest_undecided() -> None:
    rules = "drop properties.email\ndrop when bool(properties)\n" + mapping("A", TRACK) + mapping("B", TRACK)
    assert (
        'cannot decide whether "A" and "B" take the same event: a filter takes out a part of what another one reads'
        in (analysis_of(rules).undecided)
    )


def test_the_filter_that_takes_out_what_a_trigger_reads_is_shown() -> None:
    rules = "drop properties.email\n" + mapping("A", f"{TRACK} and properties.email != null")
    (never,) = [finding for finding in analysis_of(rules).findings if finding.code == "RW0404"]
    assert [(label.span.text, label.text) for label in never.others] == [
        ("drop properties.email", "this is taken out before")
    ]


def test_many_overlaps_of_one_mapping_are_told_by_three() -> None:
    rules = "".join(mapping(f"M{number}", TRACK) for number in range(8))
    told = [finding.message for finding in analysis_of(rules).findings if finding.code == "RW0403"]
    assert sum(message.startswith('"M0" and') for message in told) == 3

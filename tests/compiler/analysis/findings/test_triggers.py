"""Triggers that are never true, always true, or true only for dropped events, and types that no mapping takes."""

from __future__ import annotations

import pytest

from .cases import TRACK, Case, assert_found, findings_of, mapping

CASES = [
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
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.what}")
def test_findings(case: Case) -> None:
    assert_found(case)


def test_the_filter_that_takes_out_what_a_trigger_reads_is_shown() -> None:
    rules = "drop properties.email\n" + mapping("A", f"{TRACK} and properties.email != null")
    (never,) = findings_of(rules, "RW0404")
    assert [(label.span.text, label.text) for label in never.others] == [
        ("drop properties.email", "this is taken out before")
    ]

"""The report of `run`: every event has a way, several processes say the same, and the page is safe to open."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright import load
from rulewright.flow.event_outcomes import MOST_NAMES, MOST_SAMPLES, NO_EVENT, OTHER_NAMES, OutcomeStep, Results
from rulewright.flow.sankey import GAP, Link, layout
from rulewright.runtime.outcome import Failure, Outcome, Request
from rulewright.runtime.repairs import Repair
from tests.cli.running import rulewright as command
from tests.rules_text import ORDERS

RULES = f"""destination amplitude

drop when context.page.path = "/healthz"

{ORDERS}
mapping "All" -> logEvent {{
  when type = "track"
  user_id = userId
  event_type = "All"
}}
"""
MAPPER = load(RULES, settings={})
TRACK = {"type": "track", "event": "Order", "userId": "user-1"}


def outcome(matched: str = "", *, failing: str = "", repaired: str = "", sending: str = "") -> Outcome:
    return Outcome(
        [Request(name, "logEvent", "POST", "https://example.com", {}, None) for name in sending],
        [Failure(name, "user_id", "no_id", "has no value") for name in failing],
        [*matched],
        warnings=[Repair(name, "a", "cut", "is cut") for name in repaired],
    )


WAYS = {
    "a request": (outcome("M", sending="M"), [("M", "sent", "a request")]),
    "repaired": (outcome("M", sending="M", repaired="M"), [("M", "repaired", "a request, with repairs")]),
    "failed": (outcome("M", failing="M"), [("M", "failed", "failed: user_id: no_id")]),
    "one of two failed": (
        outcome("MN", failing="M", sending="N"),
        [("M", "failed", "failed: user_id: no_id"), ("N", "sent", "a request")],
    ),
    "matched without a request": (outcome("M"), [("M", "dropped", "no request")]),
    "no mapping": (outcome(), [("(no mapping)", "unmatched", "taken by no mapping")]),
    "dropped": (Outcome([], [], [], dropped=True), [("(filter)", "dropped", "dropped by a filter")]),
    "opted out": (
        Outcome([], [], [], dropped=True, opted_out="integrations.All is false"),
        [("(filter)", "dropped", "opted out: integrations.All is false")],
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_each_outcome_has_its_ways(name: str) -> None:
    given_outcome, ways = WAYS[name]
    results = Results()
    results.add(7, json.dumps(TRACK).encode(), given_outcome)
    assert [(step.mapping, step.kind, step.result) for step in results.counts] == ways
    assert all(step.event == 'track "Order"' and count.lines == [7] for step, count in results.counts.items())


@pytest.mark.parametrize(
    ("event", "label"),
    [
        ({"type": "page", "name": "Home"}, 'page "Home"'),
        ({"type": "screen", "name": "Home"}, 'screen "Home"'),
        ({"type": "identify", "event": "no name of it"}, "identify"),
        ({"type": "track", "event": ""}, "track"),
        ({"type": "track", "event": ["a"]}, "track"),
        ({"type": 5}, "(no type)"),
        ({}, "(no type)"),
        ({"type": "track", "event": "a\u001b[2J"}, 'track "a\\x1b[2J"'),
    ],
)
def test_events_are_named_by_type_and_name(event: dict[str, object], label: str) -> None:
    results = Results()
    results.add(1, json.dumps(event).encode(), outcome())
    assert [step.event for step in results.counts] == [label]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        (b'{"type": "track", "event": "Order", "context": {"page": "caf\xe9"}}', 'track "Order"'),
        (b'{"type": "track", "event": "Caf\xe9"}', 'track "Caf\ufffd"'),
        (b'{"type": "track", "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "(no type)"),
    ],
)
def test_an_event_is_named_in_spite_of_parts_that_no_rule_reads(line: bytes, label: str) -> None:
    results = Results()
    results.add(1, line, outcome())
    assert [step.event for step in results.counts] == [label]


@given(st.integers(0, 300), st.binary(min_size=1, max_size=3))
def test_any_event_that_is_mapped_is_in_the_report(place: int, odd: bytes) -> None:
    line = json.dumps({**TRACK, "context": {"page": "x" * 200}}).encode()
    damaged = line[:place] + odd + line[place + 1 :]
    try:
        mapped = MAPPER.map_bytes(damaged)
    except ValueError:
        return
    Results().add(1, damaged, mapped)


def test_a_line_that_is_not_an_event_has_its_own_way() -> None:
    results = Results()
    results.add(3, b"[1", ValueError("the text ends early"))
    assert {*results.counts} == {OutcomeStep(NO_EVENT, "(no mapping)", "failed", "not an event: the text ends early")}


def test_names_and_samples_are_bounded() -> None:
    results = Results()
    for number in range(MOST_NAMES + 50):
        results.add(number, json.dumps({"type": "track", "event": f"E{number}"}).encode(), outcome())
    other = next(count for step, count in results.counts.items() if step.event == OTHER_NAMES)
    assert (len(results.counts), other.events, len(other.lines)) == (MOST_NAMES + 1, 50, MOST_SAMPLES)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*WAYS])), max_size=40), st.integers(0, 40))
def test_parts_come_to_the_same_as_the_whole(lines: list[tuple[str, str]], cut: int) -> None:
    whole, first, second = Results(), Results(), Results()
    for number, (name, way) in enumerate(lines):
        text = json.dumps({**TRACK, "event": name}).encode()
        whole.add(number, text, WAYS[way][0])
        (first if number < cut else second).add(number, text, WAYS[way][0])
    first.merge(second)
    assert first == whole
    assert sum(count.events for count in whole.counts.values()) >= whole.events == len(lines)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(RULES)
    events = [
        TRACK,
        {**TRACK, "userId": ""},
        {**TRACK, "properties": {"a": [[1]]}},
        {"type": "page", "name": "<script>alert(1)</script>", "userId": "user-1"},
        {**TRACK, "context": {"page": {"path": "/healthz"}}},
    ]
    (tmp_path / "events.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in events) + "[1\n")
    return tmp_path


def rows(page: str, title: str) -> list[list[str]]:
    """The cells of a table of the page."""
    _, _, after = page.partition(f">{title}</h2>")
    table = after.partition("</table>")[0]
    matched = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<code>(.*?)</code>", row, re.DOTALL)] for row in matched][1:]


def test_the_page_has_all_ways_failures_and_repairs(shop: Path) -> None:
    done = command("run", "shop.rules", "events.jsonl", "--report", "report.html", "-o", "out", folder=shop)
    assert done.returncode == 0
    page = (shop / "report.html").read_text()
    ways = rows(page, "Ways")
    assert ["2", 'track "Order"', "All", "a request", "line 1, line 3"] in ways
    assert ["1", 'track "Order"', "Orders", "a request, with repairs", "line 3"] in ways
    assert ["1", 'page "<script>alert(1)</script>"', "(no mapping)", "taken by no mapping", "line 4"] in ways
    assert ["1", 'track "Order"', "(filter)", "dropped by a filter", "line 5"] in ways
    assert {row[1] for row in rows(page, "Failures")} == {"Orders", "All", ""}
    assert [row[1:3] for row in rows(page, "Repairs")] == [["Orders", "event_properties.a[0]"]]
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_several_processes_write_the_same_page(shop: Path) -> None:
    for name, workers in (("one", 1), ("two", 2)):
        command(
            "run", "shop.rules", "events.jsonl", "--report", name, "--workers", str(workers), "-o", "out", folder=shop
        )
    assert (shop / "one").read_text() == (shop / "two").read_text()


def test_a_report_that_cannot_be_written_is_said(shop: Path) -> None:
    done = command("run", "shop.rules", "events.jsonl", "--report", "none/report.html", "-o", "out", folder=shop)
    assert done.returncode == 2
    assert "none/report.html" in done.stderr
    assert (shop / "out").read_text().count("\n") == 4


def test_columns_are_equally_high_and_nodes_do_not_overlap() -> None:
    fields = [f"field {number}" for number in range(20)]
    first = [Link("path", "A", 3, "value", ""), Link("path", "B", 1, "value", "")]
    second = [Link("A" if number else "B", name, 1, "value", "") for number, name in enumerate(fields)]
    diagram = layout((["path"], ["A", "B"], fields), (first, second))
    columns = [[node for node in diagram.nodes if node.column == column] for column in range(3)]
    for column in columns[1:]:
        assert column[0].y == 0
        assert column[-1].y + column[-1].height == pytest.approx(diagram.height)
    only = columns[0][0]
    assert only.y + only.height / 2 == pytest.approx(diagram.height / 2)
    for column in columns:
        for above, below in pairwise(column):
            assert below.y >= above.y + above.height + GAP

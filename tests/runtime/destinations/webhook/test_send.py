"""The body, headers, ID and order of a request come from the rules, and a header that would break it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.destinations.webhook.send import RESERVED, headers_of
from rulewright.runtime.outcome import Refused

from .messages import RULES, event, run


def test_body_method_headers_id_and_order_come_from_the_rules() -> None:
    mapper = rulewright.load(RULES)
    (made,) = mapper(event(1, context={"library": {"name": "analytics.js"}})).requests
    assert (made.method, made.url, made.json) == (
        "POST",
        "https://hooks.example.com/in",
        {"event": "Seen", "user": "u-1"},
    )
    assert made.order == "u-1"
    assert made.headers["x-library"] == "analytics.js"
    assert made.headers["webhook-id"].startswith("msg_")
    (again,) = mapper(event(1)).requests
    assert again.headers["webhook-id"] == made.headers["webhook-id"]
    assert "x-library" not in again.headers


def test_a_mapping_needs_only_a_body() -> None:
    mapper = rulewright.load('destination webhook\nmapping "A" -> send { when type = "track" body = { event: event } }')
    for outcome in (mapper({"type": "track", "event": "a"}), mapper.map_bytes(b'{"type": "track", "event": "a"}')):
        (request,) = outcome.requests
        assert (request.method, request.json, request.added_headers) == ("POST", {"event": "a"}, None)


@pytest.mark.parametrize("body", ["$", "properties", "coalesce(properties, traits)", "merge(properties, { a: 1 })"])
def test_a_body_from_the_event_is_sent_and_an_event_without_it_is_refused(body: str) -> None:
    mapper = rulewright.load(f'destination webhook\nmapping "A" -> send {{ when type = "track" body = {body} }}')
    seen = {"type": "track", "event": "a", "properties": {"a": 1}}
    for outcome in (mapper(seen), mapper.map_bytes(json.dumps(seen).encode())):
        (request,) = outcome.requests
        assert request.json == (seen if body == "$" else {"a": 1})
    if body in ("properties", "coalesce(properties, traits)"):
        for outcome in (mapper({"type": "track"}), mapper.map_bytes(b'{"type": "track"}')):
            assert [(failure.field, failure.code) for failure in outcome.failures] == [("body", "missing_field")]


def test_the_defaults_send_the_whole_event() -> None:
    mapper = rulewright.load('destination webhook\nmapping "A" -> send { when type = "track" use defaults }')
    seen = {"type": "track", "userId": "u-1", "messageId": "m-1"}
    (request,) = mapper(seen).requests
    assert (request.json, request.order) == (seen, "u-1")


def test_two_mappings_of_one_event_are_two_messages() -> None:
    second = RULES.replace("destination webhook", "").partition("mapping")[2].replace('"All"', '"Again"')
    requests = rulewright.load(f"{RULES}\nmapping{second}")(event(1)).requests
    assert len({made.headers["webhook-id"] for made in requests}) == 2


def test_a_test_of_rules_reads_body_and_headers(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    expectation = 'requests[0].json.user = "u" and requests[0].headers."x-library" = "ios"'
    rules.write_text(
        RULES + 'test "t" { given { type: "track", event: "E", userId: "u", messageId: "m", context: { library: '
        '{ name: "ios" } } } expect "All" { ' + expectation + " } }\n"
    )
    assert run("test", rules, "--laws", "5").exit_code == 0, run("test", rules, "--laws", "5").output


@pytest.mark.parametrize(
    ("headers", "code", "text"),
    [
        ({"X": "a\r\nEvil: 1"}, "bad_header", "characters that a header cannot hold"),
        ({"X": "ä"}, "bad_header", "characters that a header cannot hold"),
        ({"X": {"a": 1}}, "bad_header", "is not a text, a number or a boolean"),
        ({"X: y": "1"}, "bad_header", "is not a header's name"),
        ({"": "1"}, "bad_header", "is not a header's name"),
        ({"x": "1", "X": "2"}, "bad_header", "twice"),
        *(({name.title(): "1"}, "reserved_header", "not set by rules") for name in sorted(RESERVED)),
    ],
)
@pytest.mark.parametrize("checks", [True, False])
def test_a_header_that_would_break_the_request_is_refused(
    headers: dict[str, Any], code: str, text: str, checks: bool
) -> None:
    rules = RULES.replace('{ "X-Library": context.library.name }', "properties.headers")
    outcome = rulewright.load(rules, checks=checks)(event(1, properties={"headers": headers}))
    (failure,) = outcome.failures
    assert (failure.code, text in failure.message) == (code, True), failure
    assert failure.field is not None
    assert failure.field.startswith("headers")


@pytest.mark.parametrize(
    ("value", "text"), [(5.0, "5"), (1e21, "1e+21"), (0.1, "0.1"), (True, "true"), (" a ", "a"), (-0.0, "0")]
)
def test_a_header_writes_a_value_as_a_template_does(value: Any, text: str) -> None:
    assert headers_of({"X-A": value}) == {"x-a": text}


@given(
    st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8))
)
def test_headers_are_refused_or_safe(given_headers: dict[str, Any]) -> None:
    try:
        headers = headers_of(given_headers)
    except Refused:
        return
    for name, value in headers.items():
        assert name not in RESERVED
        assert f"{name}: {value}".isascii()
        assert f"{name}{value}".isprintable()


def test_a_body_beyond_the_limit_is_refused_with_checks_alone() -> None:
    huge = event(1, event="x" * 1_000_001)
    (failure,) = rulewright.load(RULES)(huge).failures
    assert (failure.code, failure.field) == ("body_too_large", "body")
    assert len(rulewright.load(RULES, checks=False)(huge).requests) == 1

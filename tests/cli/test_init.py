"""`rulewright init` writes a first file that is checked without findings, and `profile` counts what events hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.checking import check
from rulewright.dsl.format.formatter import format_file
from rulewright.dsl.source import Source
from rulewright.first_rules import NoMapping, rules_for_events
from rulewright.loading.catalog import catalog
from rulewright.loading.rule_files import read_rules_text
from tests.cli.running import rulewright as command
from tests.paths import ROOT

EVENTS = ROOT / "examples" / "events.jsonl"
TRACK = {"type": "track", "event": "Order Completed", "userId": "user-1", "properties": {"total": 1}}


def written(folder: Path, *events: object) -> Path:
    path = folder / "events.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    return path


def test_rules_from_events_take_what_was_recorded_and_are_formatted(tmp_path: Path) -> None:
    done = command("init", EVENTS, "-o", tmp_path / "first.rules")
    assert done.returncode == 0
    assert command("fmt", "--check", tmp_path / "first.rules").returncode == 0
    assert command("check", "--fail-on", "error", tmp_path / "first.rules").returncode == 0
    account = json.loads(command("run", tmp_path / "first.rules", EVENTS, "--format", "json").stderr)
    presets = json.loads(command("run", ROOT / "rules/amplitude/presets.rules", EVENTS, "--format", "json").stderr)
    assert account["requests"] > presets["requests"]  # alias calls are taken as well
    assert account["failed"] == presets["failed"]


def test_only_presets_that_take_an_event_are_written(tmp_path: Path) -> None:
    text = command("init", written(tmp_path, TRACK, {"type": "alias"})).stdout
    assert text.count("mapping ") == 2
    assert 'mapping "Order Completed Calls" -> logPurchase' in text
    assert 'mapping "Alias Calls" -> mapUser' in text
    (tmp_path / "first.rules").write_text(text)
    done = command("check", "first.rules", folder=tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_type_that_needs_more_than_defaults_is_named_with_what_it_needs(tmp_path: Path) -> None:
    text = command("init", written(tmp_path, TRACK, {"type": "group", "groupId": "g"}, {"type": "other\n}"})).stdout
    assert "# 1 group event of those recorded: groupIdentifyUser takes them," in text
    assert "# once a mapping says group_type and group_value." in text
    assert "# 1 other?} event of those recorded: no action takes them by default." in text
    assert 'drop when type = "group"' in text  # left out knowingly, so that `check` has nothing to say


def test_events_that_no_action_takes_by_default_are_refused_with_what_they_need(tmp_path: Path) -> None:
    done = command("init", written(tmp_path, {"type": "group", "groupId": "g"}, {"a": 1}))
    assert (done.returncode, done.stdout) == (2, "")
    said = " ".join(done.stderr.split())
    assert "groupIdentifyUser takes them, once a mapping says group_type and group_value." in said
    assert "1 untyped event of those recorded: no action takes them by default." in said
    assert said.endswith("Write the first mapping with --action")


PAGE = {"properties": st.sampled_from([{}, {"title": "T"}, {"path": "/"}]), "name": st.sampled_from(["Home", "Cart"])}
OWN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "track": {"event": st.sampled_from(["Order Completed", "Products Searched", "x"])},
    "page": PAGE,
    "screen": PAGE,
    "identify": {"traits": st.sampled_from([{}, {"plan": "pro"}])},
    "group": {"groupId": st.just("group-1")},
    "alias": {"previousId": st.just("user-0")},
    "sale": {"properties": st.just({"total": 1})},
}
"""Keys that events of a type have beside those that all have; any of them may be left out."""


@st.composite
def recorded(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(OWN)))
    optional = {"integrations": st.just({"All": False}), "context": st.just({"page": {"path": "/", "title": "T"}})}
    event = draw(st.fixed_dictionaries({}, optional={**OWN[kind], **optional}))
    return {"type": kind, "userId": "user-1", "timestamp": "2026-05-01T09:00:00Z", **event}


@given(st.lists(recorded(), min_size=1, max_size=8))
@settings(max_examples=40)
def test_check_has_nothing_to_say_of_the_rules_with_their_events(
    events: list[dict[str, Any]],
) -> None:
    try:
        text = rules_for_events(events, "amplitude")
    except NoMapping:
        assert not any(event["type"] in ("track", "page", "screen", "identify", "alias") for event in events) or all(
            "integrations" in event or event["type"] in ("group", "sale") for event in events
        )
        return
    lines = [json.dumps(event).encode() for event in events]
    findings = check(read_rules_text(text, "first.rules"), lines, "events.jsonl").findings
    assert [finding for finding in findings if finding.code not in ("RW0507", "RW0509")] == [], text
    assert format_file(Source("first.rules", text)) == (text, [])


def test_names_of_events_are_comments_whatever_they_hold(tmp_path: Path) -> None:
    text = command("init", written(tmp_path, {**TRACK, "event": 'a\nmapping "x" {'})).stdout
    assert '#   1  a?mapping "x" {' in text


@pytest.mark.parametrize("action", catalog().destinations["amplitude"].actions)
def test_rules_for_an_action_hold_each_of_its_fields(action: str) -> None:
    text = command("init", "--action", action).stdout
    for field in catalog().destinations["amplitude"].actions[action].fields:
        assert f"  {field.name} " in text or f"  # {field.name} = …" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a file of recorded events, or an action"),
        (["events.jsonl", "--action", "logEvent"], "name a file of recorded events, or an action"),
        (["--action", "logEvnt"], "there is no action `logEvnt`; there are: logEvent"),
        (["--destination", "amplitud", "--action", "x"], "there is no destination `amplitud`; there are: amplitude"),
        (["nothing.jsonl"], "no line of it is a JSON object"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "nothing.jsonl").write_text("1\n2\n")
    written(tmp_path, TRACK)
    done = command("init", *arguments, folder=tmp_path)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_file_that_exists_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.rules").write_text("mine")
    done = command("init", "--action", "logEvent", "-o", "mine.rules", folder=tmp_path)
    assert (done.returncode, (tmp_path / "mine.rules").read_text()) == (2, "mine")


def test_a_profile_has_types_names_paths_and_kinds(tmp_path: Path) -> None:
    events = [
        {"type": "track", "event": "A", "properties": {"n": 1, "list": [{"x": "a"}, {"x": None}]}},
        {"type": "track", "event": "A", "properties": {"n": "1"}},
        {"type": "track", "event": "B"},
        {"type": "page", "odd key": True},
    ]
    path = written(tmp_path, *events)
    path.write_text(path.read_text() + "not json\n\n")
    data = json.loads(command("profile", path, "--format", "json").stdout)
    assert (data["events"], data["unread"], data["types"]) == (4, 1, {"track": 3, "page": 1})
    first = data["names"][0]
    assert (first["type"], first["event"], first["events"]) == ("track", "A", 2)
    paths = {path["path"]: (path["events"], path["kinds"]) for path in first["paths"]}
    assert paths["properties.n"] == (2, {"number": 1, "string": 1})
    assert paths["properties.list[].x"] == (1, {"string": 1, "null": 1})
    text = command("profile", path).stdout
    assert text.startswith("4 events; 1 line is not an event: JSON is malformed: invalid character\n")
    assert 'track "A"  2 events' in text
    assert "odd\\ key" in text


def test_a_profile_shows_no_values_and_no_control_characters(tmp_path: Path) -> None:
    path = written(tmp_path, {"type": "track", "event": "\x1b[2J", "traits": {"email": "secret@example.com"}})
    out = command("profile", path).stdout
    assert "secret" not in out
    assert "\x1b" not in out


def test_a_profile_of_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "nothing.jsonl").write_text("\n1\n2\n")
    done = command("profile", "nothing.jsonl", folder=tmp_path)
    assert done.returncode == 2
    assert "no line of it is a JSON object" in done.stderr

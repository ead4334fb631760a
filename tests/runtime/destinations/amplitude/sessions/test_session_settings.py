"""How rules and the command line say which events have sessions, and how long sessions are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rulewright
from rulewright.dsl.rule_error import RuleError
from rulewright.loading.pipeline import check_files, read
from rulewright.runtime.destinations.amplitude.sessions.session_ids import MOBILE, SessionMapper, SessionRules, Sessions
from rulewright.runtime.semantics.dates import iso_text
from tests.cli.running import rulewright as command

Values = dict[str, Any]
NOON = 1_714_564_800_000
TRACK = """mapping "Track" -> logEventV2 {
  when type = "track" or type = "screen"
  use defaults
  event_type = coalesce(event, name)
}"""


def rules(body: str = "use defaults", trigger: str = 'type = "track"', before: str = "") -> str:
    return f'destination amplitude\n{before}\n{TRACK}\nmapping "S" -> sessionId {{ when {trigger}\n{body}\n}}\n'


def stage_of(text: str) -> Sessions:
    stage = Sessions.of(rulewright.load(text, settings={"apiKey": "KEY"}))
    assert stage is not None
    return stage


def event(time: int = NOON, **more: Any) -> Values:
    return {"type": "track", "event": "Seen", "userId": "user-1", "timestamp": iso_text(time), **more}


def session_of(enriched: Values) -> Any:
    return enriched.get("integrations", {}).get("Actions Amplitude", {}).get("session_id")


@pytest.mark.parametrize(
    ("trigger", "given", "has"),
    [
        ('type = "track"', event(), True),
        ('type = "track"', event(type="page"), False),
        ('type = "screen"', event(type="screen", name="Home"), True),
        ("properties.web = true", event(properties={"web": True}), True),
        ("properties.web = true", event(), False),
        ("true", event(type="screen", name="Home"), True),
    ],
)
def test_the_trigger_decides_which_events_have_sessions(trigger: str, given: Values, has: bool) -> None:
    assert (session_of(stage_of(rules(trigger=trigger)).enrich(given)[-1]) is not None) is has


def test_a_dropped_event_does_not_start_a_session() -> None:
    stage = stage_of(rules("use defaults\ntriggerSessionEvents = true", before='drop when event = "Ping"'))
    assert len(stage.enrich(event(event="Ping"))) == 1
    assert [enriched_event["event"] for enriched_event in stage.enrich(event())] == ["session_started", "Seen"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("sessionLength = 60000 * 5", SessionRules(length=300_000)),
        ("sessionLength = (30 - 25) * 120000 / 2", SessionRules(length=300_000)),
        ("sessionLength = -(-1000)", SessionRules(length=1000)),
        ('sessionLength = "1000"', SessionRules(length=1000)),
        ("sessionLength = null", SessionRules()),
        ('sessionStartEvent = "starts"', SessionRules(start_event="starts")),
        ("triggerSessionEvents = 1 = 1", SessionRules(announces=True)),
        ("", SessionRules()),
    ],
)
def test_what_is_the_same_for_every_event_is_folded(fields: str, expected: SessionRules) -> None:
    folded = stage_of(rules(fields)).rules
    assert (folded.length, folded.announces, folded.start_event) == (
        expected.length, expected.announces, expected.start_event,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ("sessionLength = properties.length", "RW0309", "`sessionLength` must be a constant"),
        ("sessionLength = 60000 * properties.minutes", "RW0309", "`sessionLength` must be a constant"),
        ('sessionStartEvent = "{{event}} starts"', "RW0309", "`sessionStartEvent` must be a constant"),
        ('triggerSessionEvents = type = "track"', "RW0309", "`triggerSessionEvents` must be a constant"),
        ("sessionLength = 1 / 0", "RW0309", "`sessionLength` must be a constant"),
        ("sessionLength = 0", "RW0301", "`sessionLength` takes a number greater than 0"),
        ("sessionLength = 5 - 6", "RW0301", "`sessionLength` takes a number greater than 0"),
        ('sessionLength = "-1"', "RW0301", "`sessionLength` takes a number greater than 0"),
        ('sessionLength = "soon"', "RW0301", "`sessionLength` takes a number"),
    ],
)
def test_what_cannot_be_honored_is_an_error(fields: str, code: str, message: str) -> None:
    _, diagnostics = check_files(read(rules(fields)))
    findings = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    assert [finding.code for finding in findings] == [code]
    assert message in findings[0].message
    with pytest.raises(RuleError):
        rulewright.load(rules(fields))


def test_one_mapping_counts_sessions() -> None:
    again = 'mapping "Again" -> sessionId { when type = "page" use defaults }\n'
    _, diagnostics = check_files(read(rules() + again))
    assert [diagnostic.code for diagnostic in diagnostics if diagnostic.severity == "error"] == ["RW0109"]
    _, diagnostics = check_files(read(rules() + f"disabled {again}"))
    assert [diagnostic.code for diagnostic in diagnostics if diagnostic.severity == "error"] == []


@pytest.mark.parametrize(
    ("given", "properties"),
    [
        ({"name": "Home"}, {"name": "Home"}),
        ({"name": "Home", "properties": {"a": 1}}, {"a": 1, "name": "Home"}),
        ({"name": "Home", "properties": {"name": "Own"}}, {"name": "Own"}),
        ({"name": "Home", "properties": None}, {"name": "Home"}),
        ({"name": "", "properties": {"a": 1}}, {"a": 1}),
        ({"properties": {"a": 1}}, {"a": 1}),
    ],
)
def test_mobile_copies_the_name_of_a_screen(given: Values, properties: Values) -> None:
    *_, screen = Sessions(MOBILE).enrich({**event(), "type": "screen", **given})
    assert screen["properties"] == properties
    *_, tracked = Sessions(MOBILE).enrich(event(name="Home", properties={}))
    assert tracked["properties"] == {}


# --- every way to a session ------------------------------------------------------------------------------------------

WRITTEN = """sessionLength = 5 * 60000
triggerSessionEvents = true
sessionStartEvent = "session_start"
sessionEndEvent = "session_end\""""
"""Mobile sessions, as docs/amplitude.md writes them."""


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (rules(WRITTEN, 'type = "track" or type = "screen"'), []),
        (rules(trigger='type = "track" or type = "screen"'), ["--session-rules", "mobile"]),
        (f"destination amplitude\n{TRACK}\n", ["--session-rules", "mobile"]),
    ],
)
def test_mobile_sessions_are_said_by_rules_and_on_the_command_line(
    text: str, options: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.rules").write_text(text)
    screen = event(NOON + 301_000, type="screen", name="Home", event=None)
    events = [event(), event(NOON + 300_000), screen]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    out = tmp_path / "out.jsonl"
    done = command("run", tmp_path / "a.rules", tmp_path / "events.jsonl", "-o", out, "--sessions", "-", *options)
    assert done.returncode == 0, done.stderr
    sent = [json.loads(line)["json"]["events"][0] for line in out.read_text().splitlines()]
    assert [(request["event_type"], request["session_id"]) for request in sent] == [
        ("session_start", NOON),
        ("Seen", NOON),
        ("session_end", NOON),
        ("session_start", NOON + 300_000),
        ("Seen", NOON + 300_000),
        ("Home", NOON + 300_000),
    ]
    shown = command(
        "send", tmp_path / "a.rules", "--input", tmp_path / "events.jsonl", "--dry-run", "--sessions", "-", *options
    )
    assert "6 would go out" in shown.stdout


def test_the_options_say_what_they_need(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text(f"destination amplitude\n{TRACK}\n")
    (tmp_path / "e.jsonl").write_text("")
    without = command("run", tmp_path / "a.rules", tmp_path / "e.jsonl", "--session-rules", "mobile")
    assert (without.returncode, "--sessions keeps" in without.stderr) == (2, True)
    nothing = command("run", tmp_path / "a.rules", tmp_path / "e.jsonl", "--sessions", "-")
    assert (nothing.returncode, "no mapping to sessionId" in nothing.stderr) == (2, True)


def test_explain_and_test_know_the_session_of_an_event(tmp_path: Path) -> None:
    path, given = tmp_path / "a.rules", tmp_path / "event.json"
    data = json.dumps(event())
    demand = f'expect "Track" {{ requests[0].json.events[0].session_id = {NOON} }}'
    path.write_text(f'{rules(WRITTEN)}test "a" {{ given {data} {demand} }}\n')
    given.write_text(data)
    assert command("test", path, "--laws", "0").returncode == 1
    assert command("test", path, "--laws", "0", "--sessions").returncode == 0
    assert "session_id " not in command("explain", path, given).stdout.split("Left out")[0]
    shown = command("explain", path, given, "--sessions").stdout
    assert shown.startswith("A session begins: `session_start` goes before the event.\n")
    assert re.search(rf"session_id +{NOON} ", shown)


def test_explain_gives_programs_the_events_that_go_before_the_event(tmp_path: Path) -> None:
    path, given = tmp_path / "a.rules", tmp_path / "event.json"
    path.write_text(rules(WRITTEN))
    given.write_text(json.dumps(event()))
    with_sessions = json.loads(command("explain", path, given, "--sessions", "--format", "json").stdout)
    [start] = with_sessions["session_events"]
    assert (start["type"], start["event"]) == ("track", "session_start")
    assert start["integrations"]["Actions Amplitude"]["session_id"] == NOON
    without = json.loads(command("explain", path, given, "--format", "json").stdout)
    assert without["session_events"] == []


def test_a_standalone_module_tracks_sessions(tmp_path: Path) -> None:
    module = tmp_path / "mine.py"
    module.write_text(rulewright.compile_source(rules(WRITTEN)))
    lines = json.dumps(event()) + "\n"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(module), *arguments], input=lines, capture_output=True, text=True, check=False
        )

    kept = tmp_path / "sessions.sqlite"
    first, again = run("--sessions", str(kept)), run("--sessions", str(kept))
    assert [len(done.stdout.splitlines()) for done in (run(), first, again)] == [1, 2, 1]
    assert json.loads(first.stdout.splitlines()[1])["json"]["events"][0]["session_id"] == NOON
    assert "--sessions FILE" in run("--nope").stderr


def test_a_mapper_with_sessions_has_the_settings_of_its_mapper() -> None:
    mapper = rulewright.load(rules(), settings={"apiKey": "own-key"})
    assert SessionMapper(mapper, stage_of(rules())).settings is mapper.settings

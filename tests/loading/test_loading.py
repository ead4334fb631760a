"""From rules to a running mapper, as the engineer who embeds it sees it."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rulewright
from tests.paths import ROOT

RULES = """
destination amplitude

mapping "Good" -> logEvent {
  when type = "track"
  use defaults
}

mapping "Bad" -> logEvent {
  when type = "track"
  use defaults
  revenue = number(properties.total)
}

disabled mapping "Off" -> logEvent {
  when type = "track"
  use defaults
}
"""
EVENT: dict[str, Any] = {"type": "track", "event": "Paid", "userId": "user-1", "properties": {"total": "12,50"}}


def test_a_mapping_that_fails_stops_no_other_and_names_its_line() -> None:
    outcome = rulewright.load(RULES, settings={})(EVENT)
    assert outcome.matched == ["Good", "Bad"]
    assert [request.mapping for request in outcome.requests] == ["Good"]
    (failure,) = outcome.failures
    assert (failure.mapping, failure.field, failure.code) == ("Bad", "revenue", "no_value")
    assert failure.message == '"12,50" is not a number'
    assert failure.span is not None
    assert (failure.span.line, failure.span.text) == (12, "  revenue = number(properties.total)")


def test_a_request_is_what_goes_out() -> None:
    (request, *_) = rulewright.load(RULES, settings={"apiKey": "k-1", "endpoint": "europe"})(EVENT).requests
    assert (request.method, request.url) == ("POST", "https://api.eu.amplitude.com/2/httpapi")
    assert request.json is not None
    assert request.json["api_key"] == "k-1"
    assert request.form is None
    assert request.body.startswith(b'{"api_key":"k-1","events":[{')
    assert request.headers == {"Content-Type": "application/json"}


def test_what_a_request_says_of_itself_holds_no_key() -> None:
    outcome = rulewright.load(RULES, settings={"apiKey": "very-secret"})(EVENT)
    assert outcome.requests[0].json is not None
    assert "very-secret" in str(outcome.requests[0].json)
    assert "very-secret" not in repr(outcome) + str(outcome.requests[0])
    assert "Request('Good', 'logEvent', 'POST', 'https://api2.amplitude.com/2/httpapi')" in repr(outcome)


def test_the_event_is_not_changed() -> None:
    before = copy.deepcopy(EVENT)
    rulewright.load(RULES, settings={})(EVENT)
    assert before == EVENT


def test_rules_come_from_a_file_as_well(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "all.rules").write_text('destination amplitude\ninclude "parts/one.rules"\n')
    (tmp_path / "parts" / "one.rules").write_text('mapping "One" -> mapUser { when type = "alias" use defaults }\n')
    mapper = rulewright.load(tmp_path / "all.rules", settings={})
    assert mapper.mappings == ["One"]
    assert rulewright.load(str(tmp_path / "all.rules"), settings={}).mappings == ["One"]


def test_a_circle_of_includes_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text('include "b.rules"\n')
    (tmp_path / "b.rules").write_text('include "a.rules"\n')
    with pytest.raises(rulewright.RuleError, match="RW0004"):
        rulewright.load(tmp_path / "a.rules")


def test_wrong_rules_carry_every_diagnostic() -> None:
    with pytest.raises(rulewright.RuleError) as caught:
        rulewright.load(
            'destination amplitude\nmapping "A" -> nope { when a }\nmapping "B" -> logEvent { when lower(b) }'
        )
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {"RW0203", "RW0204", "RW0302"}
    assert "no action `nope`" in str(caught.value)


def test_wrong_settings_are_an_error_without_their_values() -> None:
    with pytest.raises(ValueError, match="endpoint") as caught:
        rulewright.load(RULES, settings={"endpoint": "mars", "apiKey": "very-secret"})
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("line", [b"", b"[1]", b"null", b"{", b'{"type": "track"}}', b"\xff\xfe"])
def test_a_line_that_is_not_an_event_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError):
        rulewright.load(RULES, settings={}).map_bytes(line)


def test_a_value_that_is_not_an_object_is_not_an_event() -> None:
    with pytest.raises(TypeError, match="an event is an object"):
        rulewright.load(RULES, settings={})([1])  # type: ignore[arg-type]


def test_filters_come_before_mappings() -> None:
    mapper = rulewright.load(
        """
        destination amplitude
        drop when userId = "robot"
        drop properties.secret, traits when type = "track"
        keep context.device.id
        mapping "A" -> logEvent { when type = "track" use defaults user_properties = traits }
        """,
        settings={},
    )
    assert mapper({"type": "track", "userId": "robot"}).dropped
    event = {
        "type": "track",
        "event": "x",
        "userId": "user-1",
        "properties": {"secret": 1, "open": 2},
        "traits": {"a": 1},
        "context": {"device": {"id": "d-12345", "model": "m"}, "ip": "1.1.1.1"},
    }
    (request,) = mapper(event).requests
    assert request.json is not None
    (sent,) = request.json["events"]
    assert sent["event_properties"] == {"open": 2}
    assert "user_properties" not in sent
    assert sent["device_id"] == "d-12345"
    assert "device_model" not in sent
    assert "ip" not in sent


def test_the_compiled_module_imports_only_the_runtime(tmp_path: Path) -> None:
    text = rulewright.compile_source(RULES)
    assert text == rulewright.compile_source(RULES)
    module = tmp_path / "rules_of_mine.py"
    module.write_text(text)
    code = (
        "import sys, json, rules_of_mine\n"
        "from rulewright.runtime.mapper import Mapper\n"
        "outcome = Mapper(rules_of_mine.PROGRAM)(json.loads(sys.argv[1]))\n"
        "print(len(outcome.requests), outcome.failures[0].span.line)\n"
        "print([name for name in sys.modules if name.startswith(('rulewright.dsl', 'rulewright.compiler', 'lark'))])\n"
    )
    here = ROOT
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            '{"type": "track", "event": "x", "userId": "user-1", "properties": {"total": "x"}}',
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": f"{tmp_path}:{here}"},
    )
    assert done.stdout.splitlines() == ["1 12", "[]"]


def test_missing_is_one_thing() -> None:
    missing = rulewright.MISSING
    assert not missing
    assert repr(missing) == "MISSING"
    assert pickle.loads(pickle.dumps(missing)) is missing
    assert copy.deepcopy(missing) is missing


@pytest.fixture
def module(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the compiled rules by themselves, from another folder."""
    (tmp_path / "mine.py").write_text(rulewright.compile_source(RULES))
    (tmp_path / "elsewhere").mkdir()

    def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(tmp_path / "mine.py"), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        return subprocess.run(command, cwd=tmp_path / "elsewhere", env=environment, check=False, **streams)

    return run


def test_a_compiled_module_maps_standard_input(module: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    done = module(input=b'{"type": "none"}\nno json\n')
    assert done.returncode == 0
    assert done.stderr.startswith(b"2 events: ")
    misused = module("events.jsonl")
    assert (misused.returncode, misused.stdout) == (1, b"")
    assert misused.stderr.startswith(b"events come from standard input: `python module.py")


def test_a_compiled_module_ends_without_a_traceback(module: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    events = (ROOT / "examples" / "events.jsonl").read_bytes()
    with Path("/dev/full").open("wb") as full:
        done = module(input=events, stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith(b"mapping stopped: no space left on device\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = module(input=events, stdout=writing)
    os.close(writing)
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr

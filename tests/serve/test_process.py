"""The command: it starts, reloads, hands over to a sender, ends in order, and says what is wrong."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from rulewright.cli import events, serve
from rulewright.runtime.delivery.store.queue_status import pending, status
from rulewright.runtime.destinations.amplitude.fake.replies import Reply
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.cli.processes import environment

from .process import Server, serving_process
from .site import API_KEY, RULES, WRITE_KEY, site

OTHER = """destination webhook

settings {
  url = "https://example.com"
}

mapping "All" -> send {
  when type = "track"
  body = { user: userId }
}
"""
RULEWRIGHT = (sys.executable, "-m", "rulewright")


class AwaitedAmplitude(FakeAmplitude):
    """A fake that says when events have come, so that nobody asks again and again."""

    def __init__(self, api_key: str) -> None:
        super().__init__(api_key=api_key)
        self._news = threading.Condition()

    def handle(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = super().handle(path, headers, body)
        with self._news:
            self._news.notify_all()
        return reply

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.ledger.entries) >= count, 60)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "shop.rules"
    path.write_text(RULES)
    return path


def post(server: Server, number: int, **more: object) -> httpx.Response:
    event = {"event": "Shown", "userId": f"user-{number}", "messageId": f"m-{number}", "writeKey": WRITE_KEY, **more}
    return httpx.post(f"{server.address}/v1/track", json=event, timeout=60)


def run(*arguments: str) -> Result:
    command = serve.command if arguments[0] == "serve" else events.command
    return CliRunner(env={"AMPLITUDE_API_KEY": API_KEY}).invoke(command, arguments[1:])


def test_what_is_accepted_is_delivered_and_a_stop_ends_in_order(rules: Path, tmp_path: Path) -> None:
    queue = tmp_path / "queue.db"
    fake = AwaitedAmplitude(api_key=API_KEY)
    with serving(fake) as url, serving_process(rules, queue, base_url=url) as server:
        assert [post(server, number).status_code for number in range(5)] == [200] * 5
        assert httpx.get(f"{server.address}/readyz").json()["sending"] is True
        fake.wait_for(5)
        while status(queue, 0.0).pending:
            httpx.get(f"{server.address}/healthz").raise_for_status()
        assert server.stop() == 0
    assert sorted(str(entry.insert_id) for entry in fake.ledger.entries) == [f"m-{number}" for number in range(5)]
    assert "delivered" in run("events", "m-3", "--queue", str(queue)).output
    text = "\n".join(server.lines)
    assert API_KEY not in text and WRITE_KEY not in text


def test_a_sender_of_its_own_sends_what_is_accepted(rules: Path, tmp_path: Path) -> None:
    queue = tmp_path / "queue.db"
    fake = AwaitedAmplitude(api_key=API_KEY)
    with serving(fake) as url, serving_process(rules, queue) as server:
        sender = subprocess.Popen(
            [*RULEWRIGHT, "send", str(rules), "--queue", str(queue), "--follow", "--base-url", url],
            env=environment(AMPLITUDE_API_KEY=API_KEY),
        )
        try:
            post(server, 1).raise_for_status()
            fake.wait_for(1)
            post(server, 2).raise_for_status()
            fake.wait_for(2)
            assert server.stop() == 0
        finally:
            sender.send_signal(signal.SIGTERM)
            sender.wait(60)
    assert status(queue, 0.0).balanced


def test_changed_rules_are_used_if_they_check_clean(rules: Path, tmp_path: Path) -> None:
    queue = tmp_path / "queue.db"
    with serving_process(rules, queue) as server:
        post(server, 1).raise_for_status()
        rules.write_text(RULES.replace("logEventV2", "logEventV3"))
        server.wait_for("the new rules are not used; version .* stays in use: .*logEventV3")
        assert "logEventV3" in httpx.get(f"{server.address}/readyz").json()["rules_problem"]
        post(server, 2).raise_for_status()
        rules.write_text(RULES.replace('type = "track"', 'type = "track" and event = "Bought"'))
        version = server.wait_for(r"new rules are used: .* version (\w+)")
        answer = httpx.get(f"{server.address}/readyz").json()
        assert (answer["rules"], "rules_problem" in answer) == (version, False)
        post(server, 3).raise_for_status()
        server.process.send_signal(signal.SIGHUP)
        server.wait_for(f"the rules have not changed: version {version} stays in use")
        assert server.stop(signal.SIGINT) == 0
    found_status = status(queue, 0.0)
    assert (found_status.events, found_status.pending, found_status.unmatched) == (3, 2, 1)


SESSIONS = """
mapping "Sessions" -> sessionId {
  when type = "track"
}
"""


@pytest.mark.parametrize("file", ["sessions.db", "-"])
def test_sessions_outlive_a_change_of_rules_and_those_of_a_file_a_restart(
    rules: Path, tmp_path: Path, file: str
) -> None:
    rules.write_text(RULES + SESSIONS)
    queue, kept = tmp_path / "queue.db", file if file == "-" else str(tmp_path / file)
    with serving_process(rules, queue, "--sessions", kept) as server:
        post(server, 1, userId="user-1", timestamp="2026-03-01T12:00:00Z").raise_for_status()
        rules.write_text(RULES)
        server.wait_for("the new rules are not used; version .* stays in use: the rules have no mapping to sessionId")
        rules.write_text(RULES + SESSIONS + "\n")
        server.wait_for("new rules are used")
        post(server, 2, userId="user-1", timestamp="2026-03-01T12:10:00Z").raise_for_status()
        assert server.stop() == 0
    with serving_process(rules, queue, "--sessions", kept) as server:
        post(server, 3, userId="user-1", timestamp="2026-03-01T12:20:00Z").raise_for_status()
        post(server, 1, userId="user-1", timestamp="2026-03-01T12:00:00Z").raise_for_status()
        assert server.stop() == 0
    noon, restarted = 1_772_366_400_000, 1_772_367_600_000
    sessions = [json.loads(part.body)["session_id"] for part in pending(queue, 10)]
    assert sessions == [noon, noon, restarted if file == "-" else noon]


def test_rules_of_another_kind_need_a_restart(rules: Path, tmp_path: Path) -> None:
    with serving_process(rules, tmp_path / "queue.db") as server:
        rules.write_text(OTHER)
        server.wait_for("the queue is for `amplitude`, not for `webhook`")
        rules.write_text(RULES + 'settings {\n  endpoint = "europe"\n}\n')
        server.wait_for("the settings have changed; start the server again")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "anybody who reaches 0.0.0.0 could write: give `--write-key NAME=KEY`"),
        (["--write-key", "a-secret-without-a-name"], "expected each write key as NAME=KEY"),
        (["--write-key", "=k"], "expected each write key as NAME=KEY"),
        (["--write-key", "a=1", "--write-key", "a=2"], "the write key `a` is given twice"),
        (["--quota", "much"], "expected a size such as 500MB or 10GB"),
        (["--sessions", "-"], "the rules have no mapping to sessionId"),
        (["--session-rules", "web"], "name a file, or -"),
        (["--base-url", "http://example.com"], "would send the API key and the events unencrypted"),
    ],
)
def test_usage(rules: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    answer = run("serve", str(rules), "--queue", str(tmp_path / "q.db"), "--port", "0", *arguments)
    assert answer.exit_code == 2
    assert said in answer.output
    assert "a-secret-without-a-name" not in answer.output


def test_what_keeps_a_server_from_starting_is_said(rules: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = run("serve", str(rules), "--queue", str(tmp_path / "q.db"), "--port", port)
        assert (answer.exit_code, "cannot listen on 127.0.0.1" in answer.output) == (2, True)
    answer = run("serve", str(rules), "--queue", str(tmp_path), "--port", "0")
    assert (answer.exit_code, "it is a folder" in answer.output) == (2, True)
    rules.write_text("destination amplitude\nmapping")
    answer = run("serve", str(rules), "--queue", str(tmp_path / "q.db"), "--port", "0")
    assert answer.exit_code == 2
    assert "error[RW" in answer.output and "nothing is served" in answer.output


def test_the_fate_of_an_event(tmp_path: Path) -> None:
    with site(tmp_path) as here:
        here.post("/v1/track", {"event": "Shown", "userId": "user-1", "messageId": "m-1"})
        here.post("/v1/track", {"event": "Shown", "userId": "user-1", "messageId": "m-1"})
        here.post("/v1/track", {"event": "Shown", "messageId": "m-2", "userId": "u", "timestamp": "yesterday"})
        here.post("/v1/page", {"userId": "user-1", "messageId": "m-3"})
    queue = str(here.path)
    answer = run("events", "m-1", "--queue", queue)
    assert answer.exit_code == 0
    first, *rest = answer.output.splitlines()
    assert first.startswith("m-1: accepted from web at ")
    assert rest == [
        "  it came again 1 time, and was left out",
        "  mapped by rules of version v1",
        "  Tracks -> logEventV2",
        "  1: pending",
    ]
    (dead,) = json.loads(run("events", "m-2", "--queue", queue, "--format", "json").output)
    assert (dead["result"], dead["parts"][0]["state"], dead["parts"][0]["mapping"]) == ("failed", "dead", "Tracks")
    assert "no mapping of version v1 takes it" in run("events", "m-3", "--queue", queue).output
    assert run("events", "m-4", "--queue", queue).exit_code == 1
    assert run("events", "m-1", "--queue", str(tmp_path / "other.db")).exit_code == 2


FAULTY = """
from rulewright.runtime.delivery.acceptance.acceptor import Acceptor
from rulewright.serve.traffic import Traffic
def broken(*_, **__):
    raise AssertionError("planted")
Traffic.lines = Acceptor._change = broken
from rulewright.cli import main
main()
"""


def test_a_fault_in_one_request_is_said_and_ends_nothing(rules: Path, tmp_path: Path) -> None:
    with serving_process(rules, tmp_path / "queue.db", program=("-c", FAULTY)) as server:
        assert httpx.get(f"{server.address}/metrics").status_code == 500
        server.wait_for("this is a fault of Rulewright: AssertionError: planted")
        assert post(server, 1).status_code == 503
        server.wait_for("error: events cannot be accepted: a fault of Rulewright: AssertionError: planted")
        assert httpx.get(f"{server.address}/healthz").status_code == 200
        assert server.stop() == 0
    assert not any("Traceback" in line or WRITE_KEY in line for line in server.lines)

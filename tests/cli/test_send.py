"""`send`, `status`, `dead-letters` and `amplitude double`, as a person calls them."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

ROOT = Path(__file__).parents[2]
KEY = "a-very-secret-key"
RULES = """
destination amplitude
mapping "Track" -> logEventV2 {
  when type = "track"
  use defaults
}
"""


class Place:
    """A folder with rules, events and a queue, and a double to send to."""

    def __init__(self, folder: Path, double: FakeAmplitude, url: str) -> None:
        self.double, self.url = double, url
        self.rules, self.events, self.queue = folder / "a.rules", folder / "events.jsonl", folder / "queue.db"
        self.rules.write_text(RULES)
        self.write(range(20))

    def write(self, numbers: range, mode: str = "w") -> None:
        with self.events.open(mode) as file:
            for number in numbers:
                user = f"user-{number % 3}"
                event = {"type": "track", "event": "Seen", "userId": user, "messageId": f"m-{number:03}"}
                file.write(json.dumps(event) + "\n")

    def arguments(self, *more: str) -> list[str]:
        queue = ["--queue", str(self.queue), "--base-url", self.url]
        return ["send", str(self.rules), "--input", str(self.events), *queue, *more]

    def send(self, *more: str, key: str | None = KEY) -> Result:
        return run(*self.arguments(*more), key=key)

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run("status", "--queue", str(self.queue), "--format", "json").output)
        return found

    @property
    def delivered(self) -> list[str | None]:
        return [entry.insert_id for entry in self.double.ledger.entries]


def run(*arguments: str, key: str | None = KEY) -> Result:
    environment = {"AMPLITUDE_API_KEY": key, "AMPLITUDE_SECRET_KEY": None}
    return CliRunner(env=environment).invoke(group, list(arguments))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    double = FakeAmplitude(api_key=KEY)
    with serving(double) as url:
        yield Place(tmp_path, double, url)


def test_repairs_are_counted_and_are_not_dead_letters(place: Place) -> None:
    with place.events.open("a") as file:
        for number in range(2):
            event = {"type": "track", "event": "Seen", "userId": "user-1", "messageId": f"r-{number}"}
            file.write(json.dumps({**event, "properties": {"bio": "x" * 2000, "m": [[number]]}}) + "\n")
    said = "4 values repaired so that the rest could be sent: 2 long_string, 2 nested_list\n"
    assert said in run(*place.arguments("--dry-run")).output
    metrics = place.queue.with_name("metrics.prom")
    sent = place.send("--metrics", str(metrics))
    assert sent.exit_code == 0
    assert said in sent.output
    assert len(place.delivered) == 22
    found = place.status()
    assert found["repairs"] == {"long_string": 2, "nested_list": 2}
    assert found["dead"] == 0
    assert said in run("status", "--queue", str(place.queue)).output
    assert 'rulewright_repairs_total{code="long_string"} 2' in metrics.read_text()
    assert place.send().exit_code == 0
    assert place.status()["repairs"] == found["repairs"], "what was counted before is read again"


def test_sending_twice_sends_what_is_new(place: Place) -> None:
    assert place.send().exit_code == 0
    place.write(range(20, 30), "a")
    result = place.send()
    assert result.exit_code == 0
    assert "30 accepted, 30 delivered, 0 dead, 0 pending" in result.stderr
    assert sorted(map(str, place.delivered)) == [f"m-{number:03}" for number in range(30)]
    assert place.double.ledger.duplicates == 0
    assert {name: place.status()[name] for name in ("accepted", "delivered", "dead", "pending")} == {
        "accepted": 30,
        "delivered": 30,
        "dead": 0,
        "pending": 0,
    }


def test_dead_letters_end_with_1_and_can_be_seen_and_exported(place: Place) -> None:
    with place.events.open("a") as file:
        file.write('no \x1b[31mjson\n{"type": "track", "event": "Seen", "userId": "u"}\n')
    assert place.send().exit_code == 1
    queue = ["--queue", str(place.queue)]
    listed = run("dead-letters", "list", *queue).output
    assert "not_json" in listed
    assert r"no \x1b[31mjson" in listed
    exported = [json.loads(line) for line in run("dead-letters", "export", *queue).output.splitlines()]
    assert exported[0]["event"] == "no \x1b[31mjson"
    assert exported[0]["endpoint"] is None
    assert run("dead-letters", "export", *queue, "--events", "--code", "not_json").output == "no \x1b[31mjson\n"
    retried = run("dead-letters", "retry", *queue)
    assert retried.exit_code == 1
    assert "no request could be made of the dead letters, 2 in number" in retried.output
    assert "dead" in run("status", *queue).output
    assert (
        "there are no dead letters with the code `http_413`"
        in run("dead-letters", "list", *queue, "--code", "http_413").stderr
    )


def test_dead_letters_of_any_content_are_listed_and_exported(place: Place) -> None:
    lines = [b'{"type":"track","a":"\\ud83d"}', b"[" * 50_000, b'{"userId":1e400,"type":"track"}', b"\xff\x9b31m"]
    place.events.write_bytes(b"\n".join(lines) + b"\n")
    assert place.send().exit_code == 1
    listed = run("dead-letters", "list", "--queue", str(place.queue))
    assert listed.exit_code == 0
    assert "\x9b" not in listed.output
    exported = run("dead-letters", "export", "--queue", str(place.queue))
    assert exported.exit_code == 0
    assert len([json.loads(line, parse_constant=pytest.fail) for line in exported.output.splitlines()]) == len(lines)
    assert b'"event": {"userId":1e400,"type":"track"}' in exported.stdout_bytes
    again = run("dead-letters", "export", "--queue", str(place.queue), "--events")
    assert again.stdout_bytes.splitlines() == lines


def test_a_wrong_key_ends_with_2_shows_no_key_and_keeps_everything(place: Place) -> None:
    result = place.send("--log-format", "json", "--verbose", key="not-the-key")
    assert result.exit_code == 2
    assert "does not know the API key; nothing is lost" in result.stderr
    assert "not-the-key" not in result.output + result.stderr
    assert place.status()["pending"] == 20
    assert b"not-the-key" not in place.queue.read_bytes()
    assert place.send().exit_code == 0
    assert KEY.encode() not in b"".join(file.read_bytes() for file in place.queue.parent.glob("queue.db*"))


def test_a_queue_that_lost_its_log_ends_with_2_and_can_be_recovered(place: Place) -> None:
    assert place.send().exit_code == 0
    earlier = place.queue.read_bytes()
    place.write(range(20, 25), "a")
    assert place.send().exit_code == 0
    place.queue.write_bytes(earlier)
    result = place.send()
    assert result.exit_code == 2
    assert "transactions are missing" in result.stderr
    assert run("status", "--queue", str(place.queue)).exit_code == 1
    result = place.send("--recover")
    assert result.exit_code == 0
    assert "Going on with what is there" in result.stderr
    assert run("status", "--queue", str(place.queue)).exit_code == 0
    assert len(place.double.ledger.entries) == 25


def test_a_queue_that_others_may_read_is_said(place: Place) -> None:
    assert "other users" not in place.send().stderr
    place.queue.chmod(0o644)
    assert "`chmod 600` keeps its events from them" in place.send().stderr


def test_metrics_are_written(place: Place) -> None:
    file = place.queue.with_suffix(".prom")
    assert place.send("--metrics", str(file), "--rate", "1000").exit_code == 0
    assert "rulewright_delivered_total 20" in file.read_text()


def test_metrics_that_cannot_be_written_do_not_end_the_delivery(place: Place) -> None:
    file = place.queue.with_suffix(".json")
    file.mkdir()
    result = place.send("--metrics", str(file))
    assert result.exit_code == 0
    assert result.stderr.count("no more metrics") == 1


def test_a_dry_run_sends_nothing_and_says_what_would_be_refused(place: Place) -> None:
    result = run("send", str(place.rules), "--input", str(place.events), "--dry-run", key=None)
    assert result.exit_code == 0
    assert "20 would go out in 1 request\n" in result.output
    assert not place.queue.exists()
    assert place.delivered == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--queue names the file"),
        (["--queue", "nothing.db"], "there is no queue `nothing.db`, and no --input"),
        (["--queue", "q.db", "--input", "nothing.jsonl"], "there is no file `nothing.jsonl`"),
        (["--queue", "q.db", "--rate", "0"], "--rate"),
        (["--queue", "no/folder/q.db", "--input", "{events}"], "no such file or directory; name a file in a folder"),
        (
            ["--queue", "q.db", "--input", "{events}", "--base-url", "localhost:8080"],
            "`localhost:8080` is not an address",
        ),
        (["--queue", "q.db", "--input", "{events}", "--base-url", "ftp://host"], "`ftp://host` is not an address"),
        (
            ["--queue", "q.db", "--input", "{events}", "--base-url", "http://a:port"],
            "`http://a:port` is not an address",
        ),
        (["--queue", "q.db", "--input", "{events}", "--base-url", "http://10.0.0.1"], "or allow it (`--insecure`)"),
        (["--queue", "q.db", "--input", "{events}", "--base-url", "https://h/?a"], "has a query"),
        (["--queue", "q.db", "--input", "{events}", "--metrics", "no/m.json"], "there is no folder `no`"),
    ],
)
def test_what_is_not_understood_ends_with_2(place: Place, arguments: list[str], message: str) -> None:
    result = run("send", str(place.rules), *(text.format(events=place.events) for text in arguments))
    assert result.exit_code == 2
    assert message in result.output
    assert not Path("q.db").exists()


def test_without_a_key_nothing_begins(place: Place) -> None:
    result = place.send(key=None)
    assert result.exit_code == 2
    assert "AMPLITUDE_API_KEY is not set" in result.output
    assert not place.queue.exists()


def test_rules_with_findings_send_nothing(place: Place) -> None:
    place.rules.write_text("destination amplitude\nmapping {")
    assert place.send().exit_code == 1
    assert not place.queue.exists()


def test_a_file_that_is_no_queue_is_refused(place: Place) -> None:
    for arguments in (["status"], ["dead-letters", "list"], ["dead-letters", "retry"], ["dead-letters", "export"]):
        result = run(*arguments, "--queue", str(place.rules))
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert run(*place.arguments("--queue", str(place.rules))).exit_code == 2


def test_a_double_refuses_faults_that_it_does_not_know() -> None:
    result = run("amplitude", "double", "--faults", "earthquake")
    assert result.exit_code == 2
    assert "`earthquake` is not a fault" in result.output


def process(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rulewright", *arguments]
    environment = {**os.environ, "AMPLITUDE_API_KEY": KEY}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload,no-any-return]


def test_a_double_writes_its_ledger_when_it_is_told_to_end(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    double = process("amplitude", "double", "--port", "0", "--ledger", str(ledger), stdout=subprocess.PIPE)
    assert double.stdout is not None
    url = double.stdout.readline().decode().split()[-1]
    body = {"api_key": "k", "events": [{"user_id": "user-42", "event_type": "Seen", "insert_id": "m-1"}]}
    assert httpx.post(f"{url}/2/httpapi", json=body).status_code == 200
    double.terminate()
    _, said = double.communicate(timeout=60)
    assert (double.returncode, said) == (0, b"")
    assert '"m-1"' in ledger.read_text()


def test_following_a_file_until_sigterm_and_going_on(place: Place) -> None:
    first_request, more_requests = iter([True]), iter([True])
    sender = process(*place.arguments("--follow"))
    handle = place.double.handle
    seen: list[int] = []

    def handled(*arguments: object) -> object:
        seen.append(1)
        reply = handle(*arguments)  # type: ignore[arg-type]
        if next(first_request, False):
            place.write(range(20, 40), "a")
        elif next(more_requests, False):
            sender.send_signal(signal.SIGTERM)
        return reply

    place.double.handle = handled  # type: ignore[method-assign,assignment]
    _, said = sender.communicate(timeout=60)
    assert sender.returncode == 0, said
    assert len(place.delivered) == 40
    assert place.status()["pending"] == 0


def test_two_processes_on_one_queue(place: Place) -> None:
    answers: list[int] = []
    handle = place.double.handle

    def handled(*arguments: object) -> object:
        if not answers:
            answers.append(0)
            second = process(*place.arguments())
            _, refusal = second.communicate(timeout=60)
            assert b"one queue has one sender" in refusal
            answers[0] = second.returncode
        return handle(*arguments)  # type: ignore[arg-type]

    place.double.handle = handled  # type: ignore[method-assign,assignment]
    sender = process(*place.arguments())
    _, said = sender.communicate(timeout=60)
    assert (sender.returncode, answers) == (0, [2]), said
    assert len(place.delivered) == 20


def test_a_disk_that_is_full_is_said_and_costs_nothing(place: Place) -> None:
    place.write(range(3_000))
    files_end_at = 300_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (files_end_at, files_end_at))

    sender = process(*place.arguments(), preexec_fn=limit)
    _, said = sender.communicate(timeout=60)
    assert sender.returncode == 2
    assert b"start again" in said
    assert b"Traceback" not in said
    assert place.send().exit_code == 0
    assert len(place.delivered) == 3_000
    assert place.status()["accepted"] == 3_000


def test_standard_input(place: Place) -> None:
    arguments = ["send", str(place.rules), "--input", "-", "--queue", str(place.queue), "--base-url", place.url]
    sender = process(*arguments, stdin=subprocess.PIPE)
    _, said = sender.communicate(place.events.read_bytes(), timeout=60)
    assert sender.returncode == 0, said
    assert len(place.delivered) == 20


def test_a_named_pipe_is_read_as_it_comes(place: Place) -> None:
    pipe = place.events.with_suffix(".fifo")
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(place.events.read_bytes()), daemon=True)
    writer.start()
    assert place.send("--input", str(pipe)).exit_code == 0
    writer.join()
    assert place.status()["delivered"] == 20

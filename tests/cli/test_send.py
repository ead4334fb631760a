"""`send`, `status`, `dead-letters` and `amplitude double`, as a person calls them."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import signal
import subprocess
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
from tests.cli.processes import COMMAND, environment, shared_rules
from tests.long_cases import long_cases
from tests.paths import ROOT

KEY = "a-very-secret-key"
RULES = """
destination amplitude
mapping "Track" -> logEventV2 {
  when type = "track"
  use defaults
}
"""


class Place:
    """A folder with rules, events and a queue, and a fake to send to."""

    def __init__(self, folder: Path, fake: FakeAmplitude, url: str) -> None:
        self.fake, self.url = fake, url
        self.rules, self.events, self.queue = shared_rules(RULES), folder / "events.jsonl", folder / "queue.db"
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
        return [entry.insert_id for entry in self.fake.ledger.entries]


def run(*arguments: str, key: str | None = KEY) -> Result:
    keys = {"AMPLITUDE_API_KEY": key, "AMPLITUDE_SECRET_KEY": None}
    return CliRunner(env={**environment(), **keys}).invoke(group, list(arguments))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        yield Place(tmp_path, fake, url)


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
    counts = place.status()
    assert counts["repairs"] == {"long_string": 2, "nested_list": 2}
    assert counts["dead"] == 0
    assert said in run("status", "--queue", str(place.queue)).output
    assert 'rulewright_repairs_total{code="long_string"} 2' in metrics.read_text()
    assert place.send().exit_code == 0
    assert place.status()["repairs"] == counts["repairs"], "what was counted before is read again"


def test_sending_twice_sends_what_is_new(place: Place) -> None:
    assert place.send().exit_code == 0
    place.write(range(20, 30), "a")
    result = place.send()
    assert result.exit_code == 0
    assert "30 accepted, 30 delivered, 0 dead, 0 pending" in result.stderr
    assert sorted(map(str, place.delivered)) == [f"m-{number:03}" for number in range(30)]
    assert place.fake.ledger.duplicates == 0
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
    as_json = run("dead-letters", "list", *queue, "--format", "json")
    assert [json.loads(line) for line in as_json.stdout.splitlines()] == exported
    assert "\x1b" not in as_json.stdout
    limited = run("dead-letters", "list", *queue, "--format", "json", "--limit", "1")
    assert (len(limited.stdout.splitlines()), "more than 1" in limited.stderr) == (1, True)
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


def test_status_ends_with_1_when_more_is_dead_or_waits_than_is_allowed(place: Place) -> None:
    with place.events.open("a") as file:
        file.write("not json\n")
    assert place.send().exit_code == 1
    queue = ["--queue", str(place.queue)]
    assert run("status", *queue, "--max-dead", "1", "--max-age", "0").exit_code == 0
    result = run("status", *queue, "--max-dead", "0", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["dead"]) == (1, 1)
    assert "1 are dead, and 0 are allowed" in result.stderr


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
    assert len(place.fake.ledger.entries) == 25


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
        (["--queue", "q.db", "--input", "nothing.jsonl"], "`nothing.jsonl` cannot be read: no such file"),
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


@pytest.mark.parametrize("text", [None, "destination amplitude\nmapping {", "\xff", ""])
def test_rules_that_cannot_be_used_end_with_2_for_1_means_dead_letters(place: Place, text: str | None) -> None:
    place.rules = place.events.with_name("a.rules")
    if text is not None:
        place.rules.write_bytes(text.encode("latin-1"))
    result = place.send()
    assert result.exit_code == 2
    assert "nothing was sent" in result.output
    assert not place.queue.exists()


def test_a_file_that_is_not_a_queue_is_refused(place: Place) -> None:
    other = place.events.with_name("a.rules")
    other.write_text(RULES)
    for arguments in (["status"], ["dead-letters", "list"], ["dead-letters", "retry"], ["dead-letters", "export"]):
        result = run(*arguments, "--queue", str(other))
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert run(*place.arguments("--queue", str(other))).exit_code == 2


def test_a_part_that_is_always_refused_is_named_and_can_be_buried(place: Place) -> None:
    handle = place.fake.handle

    def refusing(path: str, headers: dict[str, str], body: bytes) -> object:
        return type(handle(path, headers, b""))(403, b"<html>Forbidden \x1b[31m</html>")

    place.fake.handle = refusing  # type: ignore[method-assign,assignment]
    place.write(range(1))
    queue = ["--queue", str(place.queue)]
    result = place.send()
    assert result.exit_code == 2
    assert f"`rulewright dead-letters bury --queue {place.queue} 1` makes it a dead letter" in result.stderr
    assert "stopped: the destination answered 403: <html>Forbidden \\x1b[31m</html>; nothing is lost" in result.stderr
    shown = run("status", *queue, "--pending", "5").output
    assert re.search(r'^1  events, for \d+ seconds?: {"user_id":"user-0"', shown, re.MULTILINE)
    (part,) = json.loads(run("status", *queue, "--pending", "5", "--format", "json").output)["pending_parts"]
    assert (part["seq"], json.loads(part["body"])["insert_id"]) == (1, "m-000")
    assert "no pending part has the number 7" in run("dead-letters", "bury", *queue, "7").output
    assert run("dead-letters", "bury", *queue, "1").exit_code == 0
    assert "1  buried: made a dead letter by hand" in run("dead-letters", "list", *queue).output
    assert place.send().exit_code == 1
    place.fake.handle = handle  # type: ignore[method-assign]
    assert run("dead-letters", "retry", *queue, "--code", "buried").exit_code == 0
    assert place.send().exit_code == 0


def test_half_an_event_at_the_end_of_a_growing_file_is_said_and_read_later(place: Place) -> None:
    whole = place.events.read_bytes()
    place.events.write_bytes(whole[:-30])
    result = place.send()
    assert result.exit_code == 0
    assert "are left for the next run" in result.stderr
    place.events.write_bytes(whole)
    result = place.send()
    assert (result.exit_code, result.stderr.count("left for")) == (0, 0)
    assert place.status()["delivered"] == 20


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (MemoryError(), "there is not enough memory; nothing that was accepted is lost"),
        (OSError(24, "Too many open files"), "too many open files; nothing that was accepted is lost"),
        (OSError(5, "Input/output error", "a\x1bb"), "`a\\x1bb`: input/output error; nothing"),
        (RecursionError("too\ndeep"), "a fault of Rulewright: RecursionError: too\\ndeep; nothing that was accepted"),
    ],
)
@pytest.mark.parametrize("trial", [[], ["--dry-run"]])
def test_whatever_ends_a_delivery_is_said_and_does_not_end_with_1(
    place: Place, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str, trial: list[str]
) -> None:
    def ending(*arguments: object, **more: object) -> object:
        raise raised

    monkeypatch.setattr("rulewright.cli.send.deliver", ending)
    result = place.send(*trial)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output + result.stderr


def test_a_trial_of_an_input_that_cannot_be_read_ends_with_2(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("rulewright.runtime.delivery.input.file_input.FileInput.__call__", broken)
    for trial in ([], ["--dry-run"]):
        result = place.send(*trial)
        assert result.exit_code == 2
        assert "the input could not be read to its end" in result.output + result.stderr


def test_names_of_files_are_shown_as_escapes(place: Place) -> None:
    queue = place.queue.with_name("q\x1b[31m\n::error::.db")
    events = place.events.with_name("e\x9b\n.jsonl")
    place.events.rename(events)
    with events.open("a") as file:
        file.write("no json\n")
    arguments = [str(events), "--queue", str(queue), "--base-url", place.url]
    for result in (
        run("send", str(place.rules), "--input", *arguments),
        run("send", str(place.rules), "--input", "no\nfile", *arguments[1:]),
        run("status", "--queue", str(queue)),
        run("status", "--queue", str(queue) + "\x1b"),
        run("dead-letters", "list", "--queue", str(queue) + "\x1b"),
        run("dead-letters", "list", "--queue", str(queue), "--code", "\x1b[31m"),
    ):
        assert "\x1b" not in result.output + result.stderr
        assert "\x9b" not in result.output + result.stderr
        assert "\n::error" not in result.output + result.stderr


def test_a_fake_refuses_faults_that_it_does_not_know() -> None:
    result = run("amplitude", "double", "--faults", "earthquake")
    assert result.exit_code == 2
    assert "`earthquake` is not a fault" in result.output


def process(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    known = environment(AMPLITUDE_API_KEY=KEY)
    return subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, env=known, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload,no-any-return]


def test_a_fake_writes_its_ledger_when_it_is_told_to_end(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    fake = process("amplitude", "double", "--port", "0", "--ledger", str(ledger), stdout=subprocess.PIPE)
    assert fake.stdout is not None
    url = fake.stdout.readline().decode().split()[-1]
    body = {"api_key": "k", "events": [{"user_id": "user-42", "event_type": "Seen", "insert_id": "m-1"}]}
    assert httpx.post(f"{url}/2/httpapi", json=body).status_code == 200
    fake.terminate()
    _, said = fake.communicate(timeout=60)
    assert (fake.returncode, said) == (0, b"")
    assert '"m-1"' in ledger.read_text()


def test_following_a_file_until_sigterm_and_going_on(place: Place) -> None:
    first_request, more_requests = iter([True]), iter([True])
    sender = process(*place.arguments("--follow"))
    handle = place.fake.handle
    seen: list[int] = []

    def handled(*arguments: object) -> object:
        seen.append(1)
        reply = handle(*arguments)  # type: ignore[arg-type]
        if next(first_request, False):
            place.write(range(20, 40), "a")
        elif next(more_requests, False):
            sender.send_signal(signal.SIGTERM)
        return reply

    place.fake.handle = handled  # type: ignore[method-assign,assignment]
    _, said = sender.communicate(timeout=60)
    assert sender.returncode == 0, said
    assert len(place.delivered) == 40
    assert place.status()["pending"] == 0


def test_a_stop_in_the_middle_of_a_slow_request_ends_after_a_grace(place: Place) -> None:
    """The request stays pending; it was taken, so the next run's attempt is recognized by its insert ids."""
    going_on = threading.Event()
    handle = place.fake.handle
    sender = process(*place.arguments("--grace", "0.2"))

    def slow(*arguments: object) -> object:
        reply = handle(*arguments)  # type: ignore[arg-type]
        sender.send_signal(signal.SIGTERM)
        going_on.wait(60)
        return reply

    place.fake.handle = slow  # type: ignore[method-assign,assignment]
    _, said = sender.communicate(timeout=30)
    going_on.set()
    assert sender.returncode == 143, said
    assert b"stopped; run the same command to resume" in said
    assert place.status()["pending"] == 20
    place.fake.handle = handle  # type: ignore[method-assign]
    assert place.send().exit_code == 0
    assert (len(place.delivered), place.fake.ledger.duplicates) == (20, 20)


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_two_processes_on_one_queue_through_a_link(place: Place, kind: str) -> None:
    codes: list[int] = []
    handle = place.fake.handle

    def handled(*arguments: object) -> object:
        if not codes:
            link = place.queue.with_name("link.db")
            link.symlink_to(place.queue) if kind == "symbolic" else link.hardlink_to(place.queue)
            second = process(*place.arguments("--queue", str(link)))
            _, refusal = second.communicate(timeout=60)
            assert b"one queue has one sender" in refusal
            codes.append(second.returncode)
        return handle(*arguments)  # type: ignore[arg-type]

    place.fake.handle = handled  # type: ignore[method-assign,assignment]
    sender = process(*place.arguments())
    _, said = sender.communicate(timeout=60)
    assert (sender.returncode, codes) == (0, [2]), said
    assert (len(place.delivered), place.fake.ledger.duplicates) == (20, 0)


def shell(place: Place, redirection: str, *more: str) -> tuple[int, bytes]:
    """The sender with its streams as a shell redirects them."""
    command = " ".join(map(shlex.quote, [*COMMAND, *place.arguments(*more)]))
    known = environment(AMPLITUDE_API_KEY=KEY)
    done = subprocess.run(f"{command} {redirection}", shell=True, cwd=ROOT, env=known, capture_output=True)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "redirection",
    ["<&- >&- 2>&-", "2>/dev/full", ">/dev/full", "2>&1 | true", *long_cases("<&-", ">&-", "2>&-")],
)
def test_closed_and_full_streams_do_not_change_what_is_delivered(place: Place, redirection: str) -> None:
    code, said = shell(place, redirection)
    assert code == 0, said
    assert b"Traceback" not in said
    assert place.status()["delivered"] == 20
    assert b"".join(file.read_bytes() for file in place.queue.parent.glob("queue.db*")).count(b"delivered, ") == 0


@pytest.mark.parametrize("redirection", ["2>&-", *long_cases("2>/dev/full")])
def test_dead_letters_end_with_1_where_nobody_can_be_told(place: Place, redirection: str) -> None:
    place.events.write_bytes(b'{"type": "page"}\nno json\n')
    assert shell(place, redirection)[0] == 1


def test_standard_input_that_is_closed_ends_with_2(place: Place) -> None:
    code, said = shell(place, "<&-", "--input", "-")
    assert code == 2
    assert b"standard input is closed" in said
    assert not place.queue.exists()


@pytest.mark.parametrize("left", [40, 6, *long_cases(12, 10, 8)])
def test_too_few_descriptors_end_with_2_or_not_at_all(place: Place, left: int) -> None:
    """Whatever is opened last: the cause is said, nothing waits for ever, and nothing is lost."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (left, left))

    sender = process(*place.arguments(), preexec_fn=limit)
    _, said = sender.communicate(timeout=60)
    assert sender.returncode in (0, 2), said
    assert sender.returncode == 0 or b"more files" in said or b"too many open files" in said.lower(), said
    assert b"Traceback" not in said
    assert place.send().exit_code == 0
    assert len(place.delivered) == 20


def test_two_processes_on_one_queue(place: Place) -> None:
    answers: list[int] = []
    handle = place.fake.handle

    def handled(*arguments: object) -> object:
        if not answers:
            answers.append(0)
            second = process(*place.arguments())
            _, refusal = second.communicate(timeout=60)
            assert b"one queue has one sender" in refusal
            answers[0] = second.returncode
        return handle(*arguments)  # type: ignore[arg-type]

    place.fake.handle = handled  # type: ignore[method-assign,assignment]
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

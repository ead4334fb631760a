"""A destination of an installed package goes from rule to delivered request, with nothing else changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

import rulewright
from rulewright.cli import group
from rulewright.reference_pages import main as reference_pages
from rulewright.runtime.destinations import BUILT_IN, DESTINATIONS, BrokenDestination

from .toy import MODULE, install

RULES = """
destination notes
mapping "Notes" -> note {
  when type = "track"
  use defaults
}

test "a note is taken" {
  given { type: "track", event: "Hello", userId: "ada", properties: { topic: "greetings" } }
  expect "Notes" { requests[0].json.text = "Hello" and requests[0].json.author = "ada" }
}
"""


def event(text: str, topic: str = "greetings") -> dict[str, Any]:
    return {"type": "track", "event": text, "userId": "ada", "messageId": text, "properties": {"topic": topic}}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with rules and events, where the package `notes_destination` is installed."""
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    monkeypatch.setenv("NOTES_TOKEN", "a-secret-token")
    (tmp_path / "notes.rules").write_text(RULES)
    events = [event("Hello"), event("World"), event("x", "unwanted"), event("y" * 101)]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(each) + "\n" for each in events))
    yield tmp_path
    sys.modules.pop("notes_destination", None)


@pytest.fixture
def notes() -> Iterator[tuple[str, list[tuple[str | None, list[Any]]]]]:
    """A server of notes on this machine: its address, and the token and notes of each request that it took."""
    taken: list[tuple[str | None, list[Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            unwanted = [at for at, note in enumerate(body) if note["topic"] == "unwanted"]
            if not unwanted:
                taken.append((self.headers["Token"], body))
            answer = json.dumps(unwanted).encode()
            self.send_response(422 if unwanted else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
        server.shutdown()
        thread.join()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def test_rules_are_checked(installed: Path) -> None:
    result = run("check", installed / "notes.rules")
    assert (result.exit_code, "RW" in result.output) == (0, False), result.output
    (installed / "bad.rules").write_text(
        'destination notes\nmapping "N" -> note { when type = "track" text = event }\n'
    )
    wrong = run("check", installed / "bad.rules")
    assert wrong.exit_code == 1
    assert "`topic`" in wrong.output
    (installed / "bad.rules").write_text("destination nots\n")
    assert "did you mean `notes`?" in run("check", installed / "bad.rules").output


def test_rules_are_tested_and_explained(installed: Path) -> None:
    assert run("test", installed / "notes.rules", "--laws", "5").exit_code == 0
    (installed / "event.json").write_text(json.dumps(event("Hello")))
    explained = run("explain", installed / "notes.rules", installed / "event.json")
    assert explained.exit_code == 0, explained.output
    assert "greetings" in explained.output
    assert "a-secret-token" not in explained.output


def test_events_become_requests(installed: Path) -> None:
    result = run("run", installed / "notes.rules", installed / "events.jsonl")
    requests = [json.loads(line) for line in result.stdout.splitlines()]
    assert [request["json"]["text"] for request in requests] == ["Hello", "World", "x"]
    assert {request["url"] for request in requests} == {"https://notes.example/v1"}
    assert "text: has more than 100 characters" in result.stderr


def test_a_compiled_module_runs(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = run("compile", installed / "notes.rules").stdout
    names: dict[str, Any] = {"__name__": "compiled_notes"}
    exec(compile(source, "compiled_notes.py", "exec"), names)  # noqa: S102 (the module that was just compiled)
    (request,) = names["mapper"]()(event("Hello")).requests
    assert request.json == {"text": "Hello", "topic": "greetings", "author": "ada"}


def test_requests_are_delivered_with_a_queue_and_dead_letters(
    installed: Path, notes: tuple[str, list[tuple[str | None, list[Any]]]]
) -> None:
    url, taken = notes
    queue = installed / "queue.db"
    files = (installed / "notes.rules", "--input", installed / "events.jsonl", "--queue", queue)
    sent = run("send", *files, "--base-url", url, "--verbose")
    assert sent.exit_code == 1, sent.output
    assert "4 events read: 4 accepted, 2 delivered, 2 dead, 0 pending" in sent.output
    assert [note["text"] for _, body in taken for note in body] == ["Hello", "World"]
    assert {token for token, _ in taken} == {"a-secret-token"}
    letters = [json.loads(line) for line in run("dead-letters", "export", "--queue", queue).stdout.splitlines()]
    assert sorted(letter["code"] for letter in letters) == ["long_note", "unwanted"]
    status = json.loads(run("status", "--queue", queue, "--format", "json").stdout)
    assert (status["destination"], status["delivered"], status["pending"]) == ("notes", 2, 0)
    assert b"a-secret-token" not in queue.read_bytes()
    assert "a-secret-token" not in sent.output


def test_a_dry_run_asks_the_fake(installed: Path) -> None:
    tried = run("send", installed / "notes.rules", "--input", installed / "events.jsonl", "--dry-run")
    assert "2  notes" in tried.output
    assert "dead: unwanted: the topic is unwanted" in tried.output


def test_the_public_function_delivers(installed: Path, notes: tuple[str, list[tuple[str | None, list[Any]]]]) -> None:
    url, taken = notes
    mapper = rulewright.load(installed / "notes.rules")
    report = rulewright.deliver(mapper, [event("Hello")], queue=installed / "queue.db", base_url=url)
    assert (report.totals.delivered, len(taken)) == (1, 1)
    with pytest.raises(ValueError, match="the rules of the mapper are for `notes`, not for `amplitude`"):
        rulewright.deliver(mapper, [], queue=installed / "q.db", destination="amplitude")


def test_a_missing_key_is_said(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTES_TOKEN")
    sent = run("send", installed / "notes.rules", "--input", installed / "events.jsonl", "--queue", installed / "q.db")
    assert (sent.exit_code, "NOTES_TOKEN is not set" in sent.output) == (2, True)
    doctor = run("doctor").output
    assert "NOTES_TOKEN" in doctor


def test_the_reference_page_is_made(installed: Path) -> None:
    page = CliRunner().invoke(reference_pages, ["--destination", "notes"]).output
    assert "# Notes" in page
    assert "| `token` | secret, never in a file | `NOTES_TOKEN` |  |" in page
    assert "| `topic` | string, **required** | `properties.topic` |" in page
    assert "| `long_note` | a note has at most 100 characters |" in page


def test_fields_and_first_rules_are_written(installed: Path) -> None:
    assert "note  Note: Note something." in run("functions", "--fields", "note").output
    assert "topic  = properties.topic" in run("init", "--destination", "notes", "--action", "note").output
    no_presets = run("init", installed / "events.jsonl", "--destination", "notes")
    assert (no_presets.exit_code, "notes has no presets" in no_presets.output) == (2, True)


def test_sessions_are_refused_by_name(installed: Path) -> None:
    result = run("run", installed / "notes.rules", installed / "events.jsonl", "--sessions", "-")
    assert (result.exit_code, "notes has no sessions" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("module", "name", "reason"),
    [
        ("import nowhere_to_be_found", "notes", "cannot be imported: ModuleNotFoundError: No module named"),
        (
            "DESTINATION = 1",
            "notes",
            "`broken_destination:DESTINATION` of broken_destination 1.0: expected a Destination",
        ),
        (MODULE, "memos", "gives a destination with the name `notes`"),
        ("", "notes", "cannot be imported: AttributeError"),
    ],
)
def test_a_package_that_cannot_be_used_is_an_error_in_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str, reason: str
) -> None:
    monkeypatch.syspath_prepend(install(tmp_path / "site", name, module, "broken_destination"))
    monkeypatch.delitem(sys.modules, "broken_destination", raising=False)
    with pytest.raises(BrokenDestination, match=reason.replace("(", r"\(")):
        DESTINATIONS[name]
    (tmp_path / "a.rules").write_text(f"destination {name}\n")
    result = run("check", tmp_path / "a.rules")
    assert result.exit_code == 1
    assert "RW0206" in result.output
    assert reason in result.output
    assert (run("doctor").exit_code, name in DESTINATIONS) == (1, True)
    sys.modules.pop("broken_destination", None)


def test_two_packages_with_one_name_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(install(tmp_path / "one"))
    monkeypatch.syspath_prepend(install(tmp_path / "two", package="other_notes"))
    with pytest.raises(BrokenDestination, match=r"declared by notes_destination 1\.0 and other_notes 1\.0"):
        DESTINATIONS["notes"]


def test_a_package_does_not_replace_a_destination_that_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(install(tmp_path / "site", "amplitude"))
    assert DESTINATIONS["amplitude"].title == "Amplitude"
    assert [*DESTINATIONS] == [*BUILT_IN]

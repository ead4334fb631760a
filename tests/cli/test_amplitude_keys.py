"""`rulewright amplitude check-keys` and `delete-user` against a server on this machine, and `run --sessions`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

KEYS = {"AMPLITUDE_API_KEY": "the-api-key", "AMPLITUDE_SECRET_KEY": "the-secret-key", "AMPLITUDE_ENDPOINT": ""}


class Answering(BaseHTTPRequestHandler):
    """Takes every request, or refuses those of a project `wrong`; remembers what bodies came."""

    bodies: list[bytes]

    def do_GET(self) -> None:
        refused = "d3Jvbmc6" in self.headers.get("Authorization", "")
        self.send_response(401 if refused else 200)
        self.end_headers()

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def log_message(self, format: str, *values: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    bodies: list[bytes] = []
    handler = type("Handler", (Answering,), {"bodies": bodies})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as answering:
        Thread(target=answering.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{answering.server_port}", bodies
        answering.shutdown()


def run(*arguments: str, given: str | None = None, **environment: str) -> Result:
    return CliRunner().invoke(group, list(arguments), input=given, env={**KEYS, **environment})


@pytest.mark.parametrize("region", ["north_america", "europe"])
def test_the_fake_answers_for_both_regions(region: str) -> None:
    fake = FakeAmplitude(api_key="the-api-key", secret_key="the-secret-key")
    with serving(fake) as url:
        to_fake = ("--base-url", url, "--endpoint", region)
        assert run("amplitude", "check-keys", *to_fake).output == "the keys are valid\n"
        assert run("amplitude", "check-keys", *to_fake, AMPLITUDE_SECRET_KEY="other").exit_code == 1
        assert run("amplitude", "delete-user", "user-0001", "--yes", *to_fake).exit_code == 0
        assert run("amplitude", "delete-user", "user-0002", "--yes", *to_fake, AMPLITUDE_API_KEY="x").exit_code == 2
    assert [json.loads(bytes(entry.call or b"")) for entry in fake.ledger.entries] == [
        {"user_ids": ["user-0001"], "requester": "rulewright"}
    ]


def test_right_keys_are_right(server: tuple[str, list[bytes]]) -> None:
    done = run("amplitude", "check-keys", "--base-url", server[0])
    assert (done.exit_code, done.output) == (0, "the keys are valid\n")


def test_wrong_keys_end_with_1_and_are_not_shown(server: tuple[str, list[bytes]]) -> None:
    done = run("amplitude", "check-keys", "--base-url", server[0], "--endpoint", "europe", AMPLITUDE_API_KEY="wrong")
    assert done.exit_code == 1
    assert done.output == (
        "Amplitude refuses the keys (401); they are of one project and of one region, and the region is europe\n"
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AMPLITUDE_API_KEY": ""}, "both keys are needed, and AMPLITUDE_API_KEY is not set\n"),
        ({"AMPLITUDE_ENDPOINT": "asia"}, "settings of amplitude: AMPLITUDE_ENDPOINT: "),
    ],
)
def test_what_is_missing_is_named(environment: dict[str, str], said: str) -> None:
    done = run("amplitude", "check-keys", **environment)
    assert done.exit_code == 2
    assert done.output.startswith(said)


def test_users_are_deleted_once_that_is_meant(server: tuple[str, list[bytes]], tmp_path: Path) -> None:
    base_url, bodies = server
    more = tmp_path / "users.txt"
    more.write_text("user-2\n\nuser-3\n")
    command = ("amplitude", "delete-user", "user-1", "--input", str(more), "--base-url", base_url)
    declined = run(*command, given="n\n")
    assert (declined.exit_code, declined.output.splitlines()[-1]) == (
        1,
        "no deletion is requested; `--yes` requests it without a question",
    )
    assert bodies == []
    done = run(*command, given="y\n")
    assert done.exit_code == 0
    assert "delete 3 users from Amplitude?" in done.output
    assert "3 of 3 asked for" in done.output
    assert [json.loads(body)["user_ids"] for body in bodies] == [["user-1", "user-2", "user-3"]]


def test_nobody_to_delete_is_a_mistake() -> None:
    done = run("amplitude", "delete-user", "--yes")
    assert done.exit_code == 2
    assert "name the users" in done.output


def test_a_list_that_is_not_text_deletes_nobody(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("us\u00e9r-2\n", encoding="latin-1")
    done = run("amplitude", "delete-user", "--yes", "--input", str(tmp_path / "more.txt"))
    assert done.exit_code == 2
    assert "is not UTF-8 text" in done.output


RULES = """destination amplitude
mapping "Track" -> logEventV2 { when type = "track" use defaults }
mapping "Sessions" -> sessionId { when type = "track" use defaults }
"""
EVENT = {"type": "track", "event": "Test", "anonymousId": "anon-1", "timestamp": "2024-05-01T12:00:00.000Z"}


def test_run_gives_sessions_that_outlive_it(tmp_path: Path) -> None:
    rules, kept, requests = tmp_path / "shop.rules", tmp_path / "sessions.sqlite", tmp_path / "requests.jsonl"
    rules.write_text(RULES)
    events = tmp_path / "events.jsonl"
    starts = []
    for time in ("2024-05-01T12:00:00.000Z", "2024-05-01T12:29:59.999Z"):
        events.write_text(json.dumps({**EVENT, "timestamp": time}))
        done = run("run", str(rules), str(events), "-o", str(requests), "--sessions", str(kept))
        assert done.exit_code == 0, done.output
        starts.append(json.loads(requests.read_text())["json"]["events"][0]["session_id"])
    assert starts == [1714564800000, 1714564800000]


def test_sessions_need_a_mapping_that_says_how(tmp_path: Path) -> None:
    rules = tmp_path / "shop.rules"
    rules.write_text(RULES.replace("-> sessionId", "-> logEventV2"))
    done = run("run", str(rules), "-", "--sessions", "-", given="")
    assert done.exit_code == 2
    assert "no mapping to sessionId" in done.output
    rules.write_text(RULES)
    (tmp_path / "text").write_text("no database" * 100)
    done = run("run", str(rules), "-", "--sessions", str(tmp_path / "text"), given="")
    assert done.exit_code == 2
    assert "cannot keep sessions" in done.output

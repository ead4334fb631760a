"""A page in another tab, another name of this machine, and a guess of the token reach nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rulewright.studio.app import new_token
from rulewright.studio.page_api import studio

from .conftest import TOKEN, Page, served

FOREIGN = "https://hostile.example"


def with_port(headers: dict[str, str], port: int) -> dict[str, str]:
    """Headers with the port of the studio in them."""
    return {name: value.replace("PORT", str(port)) for name, value in headers.items()}


def test_the_page_is_served_to_who_has_the_address(page: Page) -> None:
    answer = page.client.get(f"/{TOKEN}/")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 404),
        ("/api/session", {}, 404),
        (f"/{TOKEN[:-1]}/", {}, 404),
        (f"/{TOKEN}x/", {}, 404),
        (f"/{TOKEN}", {}, 404),
        (f"/{TOKEN}ü/", {}, 404),
        (f"/{TOKEN}/", {"Host": "hostile.example:PORT"}, 403),
        (f"/{TOKEN}/", {"Host": "127.0.0.1"}, 403),
        (f"/{TOKEN}/", {"Host": "127.0.0.1.hostile.example:PORT"}, 403),
        (f"/{TOKEN}/", {"Origin": FOREIGN}, 403),
        (f"/{TOKEN}/", {"Origin": "null"}, 403),
        (f"/{TOKEN}/assets/studio.js", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        (f"/{TOKEN}/assets/studio.js", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ],
)
def test_nobody_else_is_answered(page: Page, path: str, headers: dict[str, str], status: int) -> None:
    answer = page.client.get(path, headers=with_port(headers, page.port))
    assert answer.status_code == status
    assert "mapping" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("headers", [{}, {"Origin": FOREIGN}, {"Origin": "http://127.0.0.1:1"}])
def test_questions_come_from_the_page_alone(page: Page, headers: dict[str, str]) -> None:
    answer = page.client.post(f"/{TOKEN}/api/session", json={}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:PORT"}, 101),
        ({}, 403),
        ({"Origin": FOREIGN}, 403),
        ({"Origin": "http://127.0.0.1:PORT", "Host": "hostile.example:PORT"}, 403),
    ],
)
def test_the_language_server_answers_the_page_alone(page: Page, headers: dict[str, str], status: int) -> None:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        **with_port(headers, page.port),
    }
    answer = page.client.get(f"/{TOKEN}/language", headers=handshake)
    assert answer.status_code == status


@pytest.mark.parametrize("name", ["../page_api.py", "%2e%2e%2fpage_api.py", "index.html", "guard.py", "/etc/passwd"])
def test_only_the_files_of_the_page_are_served(page: Page, name: str) -> None:
    assert page.client.get(f"/{TOKEN}/assets/{name}").status_code == 404


def test_a_question_that_cannot_be_read_is_refused_with_a_sentence(page: Page) -> None:
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 100_000):
        answer = page.client.post(f"/{TOKEN}/api/session", content=body, headers={"Origin": page.home})
        assert answer.status_code == 400
        assert json.loads(answer.content)["error"].startswith("the question cannot be read: ")
    assert page.ask("nonsense", 404) == {"error": "there is no question `nonsense`"}


def test_each_studio_has_a_token_of_its_own() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 32


def test_no_key_is_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", "key-of-the-environment")
    rules = tmp_path / "hook.rules"
    rules.write_text(
        'destination amplitude\n\nmapping "All" -> logEventV2 {\n  when type = "track"\n  use defaults\n}\n'
    )
    with served(studio(rules, [b'{"type": "track", "event": "A", "userId": "user-1"}'])) as page:
        page.texts = {"hook.rules": rules.read_text()}
        told = json.dumps([page.ask("session"), page.ask("evaluate", event=0), page.ask("survey")])
    assert "events[0]" in told
    assert "key-of-the-environment" not in told
    assert "HIDDEN" not in told

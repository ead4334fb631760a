"""The webhook: requests from rules, batches, signatures, answers, and a queue that shows no secret."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import rulewright
from rulewright.cli import group
from rulewright.runtime.delivery.adapter import Answer, Part
from rulewright.runtime.delivery.disposition import Delivered, Retry, Stop, TooLarge, Unexplained
from rulewright.runtime.destinations.webhook.adapter import WebhookAdapter
from rulewright.runtime.destinations.webhook.answers import disposition
from rulewright.runtime.destinations.webhook.delivery_factory import adapter
from rulewright.runtime.destinations.webhook.fake import FakeWebhook, serving
from rulewright.runtime.destinations.webhook.send import RESERVED, headers_of
from rulewright.runtime.destinations.webhook.settings import WebhookSettings, settings_of
from rulewright.runtime.destinations.webhook.signature import Signer
from rulewright.runtime.outcome import Refused, Request

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://hooks.example.com/services/T0123/very-secret-path?token=also-secret"
RULES = """
destination webhook
settings { url = "https://hooks.example.com/in" }
mapping "All" -> send {
  when type = "track"
  use defaults
  body = { event: event, user: userId }
  headers = { "X-Library": context.library.name }
}
"""


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEBHOOK_URL", "WEBHOOK_SIGNING_SECRET", "WEBHOOK_AUTHORIZATION"):
        monkeypatch.delenv(name, raising=False)


def event(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": f"u-{number % 3}", "messageId": f"m-{number}", **more}


def request(body: dict[str, Any], **more: Any) -> Request:
    return Request("All", "send", "POST", URL, body, None, **more)


def parts_of(sender: WebhookAdapter, *bodies: dict[str, Any], **more: Any) -> list[Part]:
    return [part for at, body in enumerate(bodies) for part in sender.parts(request(body, **more), f"q-{at}")]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


# Requests


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


# Settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"urll": "https://a.example"}, "did you mean `url`"),
        ({"url": "hooks.example.com"}, "expected an address"),
        ({"url": "ftp://a.example"}, "expected an address"),
        ({"url": "https://a:b@c.example"}, "use `authorization`"),
        ({"url": "https://a.example/#x"}, "fragment"),
        ({"batch_size": 5}, "did you mean `batchSize`"),
        ({5: "a"}, "expected a name that is a string"),
        ({"batchSize": 0}, "from 1 to 1,000"),
        ({"batchSize": 1.5}, "from 1 to 1,000"),
        ({"batchSize": True}, "from 1 to 1,000"),
        ({"authorization": "a\nb"}, "printable ASCII"),
        ({"signingSecret": 5}, "expected a string"),
    ],
)
def test_settings_that_cannot_be_are_refused_without_their_value(settings: dict[Any, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        settings_of(settings)
    assert "a:b" not in str(raised.value)


def test_a_wrong_setting_of_the_environment_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "hooks.example.com")
    with pytest.raises(ValueError, match="settings of webhook: WEBHOOK_URL: expected an address"):
        settings_of()
    assert settings_of({"url": "https://hooks.example.com"}).url == "https://hooks.example.com"


def test_sending_needs_an_address_and_a_real_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="WEBHOOK_URL is not set"):
        adapter(settings_of())
    with pytest.raises(ValueError, match="would get the events unencrypted"):
        adapter(WebhookSettings(url="http://hooks.example.com/"))
    adapter(WebhookSettings(url="http://hooks.example.com/"), insecure=True)
    adapter(WebhookSettings(url="http://127.0.0.1:8080/"))
    with pytest.raises(ValueError, match="not base64") as raised:
        adapter(WebhookSettings(url=URL, signingSecret="whsec_not base64!"))
    assert "not base64!" not in str(raised.value)
    monkeypatch.setenv("WEBHOOK_SIGNING_SECRET", SECRET)
    (part,) = parts_of(sender := adapter(WebhookSettings(url=URL, signingSecret="API_KEY")), {"a": 1})
    assert "webhook-signature" in sender.join(part.route, [part.body]).headers


# Signature and batches


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks' own test suites."""
    signed = Signer(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200), st.integers(0, 2**40))
def test_a_signature_holds_for_its_message_alone(key: bytes, body: bytes, timestamp: int) -> None:
    signer = Signer(base64.b64encode(key).decode())
    signature = signer.sign("msg_1", timestamp, body)
    assert signer.verifies(f"v1,other {signature}", "msg_1", timestamp, body)
    assert not signer.verifies(signature, "msg_2", timestamp, body)
    assert not signer.verifies(signature, "msg_1", timestamp + 1, body)
    assert not signer.verifies(signature, "msg_1", timestamp, body + b" ")


def test_each_attempt_has_the_same_id_and_bytes_and_a_signature_of_its_own_time() -> None:
    now = [1_000.0]
    sender = WebhookAdapter(WebhookSettings(url=URL, batchSize=10, signingSecret=SECRET), now=lambda: now[0])
    parts = parts_of(sender, {"a": 1}, {"a": 2})
    first = sender.join(parts[0].route, [part.body for part in parts])
    now[0] = 1_030.0
    second = sender.join(parts[0].route, [part.body for part in parts])
    assert first.body == second.body == b'[{"a":1},{"a":2}]'
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert first.url == URL


@pytest.mark.parametrize(("size", "body"), [(1, b'{"a":1}'), (2, b'[{"a":1}]')])
def test_a_request_is_a_body_or_a_list_of_bodies_by_the_setting(size: int, body: bytes) -> None:
    sender = adapter(WebhookSettings(url=URL, batchSize=size))
    (part,) = parts_of(sender, {"a": 1})
    assert sender.join(part.route, [part.body]).body == body
    assert sender.limits(part.route).count == size


def test_bodies_share_a_request_only_with_the_same_headers() -> None:
    sender = adapter(WebhookSettings(url=URL, batchSize=10))
    routes = {parts_of(sender, {}, added_headers={"x": value})[0].route for value in ("1", "1", "2")}
    assert len(routes) == 2


def test_the_route_holds_no_secret_and_never_decides_where_requests_go() -> None:
    sender = adapter(WebhookSettings(url=URL, authorization="Bearer abc-def-ghi"))
    (part,) = parts_of(sender, {"a": 1})
    assert part.route.url == "https://hooks.example.com"
    elsewhere = type(part.route)(part.route.kind, "POST", "https://evil.example/")
    assert sender.accepts(elsewhere)
    assert sender.join(elsewhere, [part.body]).url == URL
    assert "abc" not in repr(sender.join(part.route, [part.body]))


# Answers


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, Delivered) for status in (200, 201, 202, 204, 299)),
        *((status, Retry) for status in (301, 302, 307, 308, 404, 405, 408, 425, 429, 500, 502, 503, 504, 599)),
        *((status, Stop) for status in (401, 403, 407, 410)),
        (413, TooLarge),
        *((status, Unexplained) for status in (400, 402, 406, 409, 415, 418, 422, 451)),
    ],
)
def test_what_each_status_asks_for(status: int, expected: type) -> None:
    assert type(disposition(Answer(status, {}, b"no"))) is expected


@pytest.mark.parametrize(
    ("answer", "retry"),
    [
        (Answer(429, {"retry-after": "7"}, b""), {"after": 7.0, "overload": True, "maybe_accepted": False}),
        (Answer(503, {"retry-after": "7"}, b""), {"after": 7.0, "overload": True, "maybe_accepted": False}),
        (Answer(500, {"retry-after": "7"}, b""), {"after": 7.0, "maybe_accepted": True, "fatal": False}),
        (Answer(404, {}, b""), {"fatal": True, "maybe_accepted": False}),
        (Answer(302, {"location": "https://other.example"}, b""), {"fatal": True}),
        (Answer(0, {}, b"", "timeout"), {"overload": True, "maybe_accepted": True}),
        (Answer(0, {}, b"", "no connection"), {"overload": False}),
    ],
)
def test_how_an_answer_is_retried(answer: Answer, retry: dict[str, Any]) -> None:
    decision = disposition(answer)
    assert isinstance(decision, Retry)
    assert {name: getattr(decision, name) for name in retry} == retry


def test_an_answer_that_repeats_a_secret_is_redacted() -> None:
    sender = adapter(WebhookSettings(url=URL, authorization="Bearer abc-def-ghi", signingSecret=SECRET))
    words = f"no route for /services/T0123/very-secret-path, token=also-secret, {SECRET}, Bearer abc-def-ghi"
    (part,) = parts_of(sender, {"a": 1})
    decision = sender.disposition(part.route, [part.body], Answer(400, {}, words.encode()))
    assert isinstance(decision, Unexplained)
    for secret in ("very-secret-path", "also-secret", SECRET, "abc-def-ghi"):
        assert secret not in decision.reason.message


# Delivery


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.rules").write_text(RULES.replace('settings { url = "https://hooks.example.com/in" }', ""))
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(event(number)) + "\n" for number in range(9)))
    monkeypatch.setenv("WEBHOOK_SIGNING_SECRET", SECRET)
    return tmp_path


def send(place: Path, *more: object) -> Result:
    files = (place / "a.rules", "--input", place / "events.jsonl", "--queue", place / "q.db")
    return run("send", *files, "--verbose", *more)


def test_events_are_delivered_signed_and_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWebhook(SECRET)
    with serving(fake) as url:
        monkeypatch.setenv("WEBHOOK_URL", f"{url}/services/secret-path")
        assert send(place).exit_code == 0
        again = run("send", place / "a.rules", "--input", place / "events.jsonl", "--queue", place / "second.db")
    assert "9 delivered, 0 dead, 0 pending" in again.output
    assert sorted(body["user"] for body in fake.bodies) == sorted(f"u-{number % 3}" for number in range(9))
    assert fake.duplicates == 9
    assert b"secret-path" not in (place / "q.db").read_bytes()
    assert SECRET.encode() not in (place / "q.db").read_bytes()


def test_a_body_that_is_refused_among_others_is_a_dead_letter(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Picky(FakeWebhook):
        def handle(self, headers: Any, body: bytes) -> tuple[int, bytes]:
            return (422, b"unwanted event") if b'"u-1"' in body and b"Bad" in body else super().handle(headers, body)

    with (place / "events.jsonl").open("a") as file:
        file.write(json.dumps(event(1, event="Bad")) + "\n")
    rules = (
        (place / "a.rules")
        .read_text()
        .replace("destination webhook", "destination webhook\nsettings { batchSize = 4 }")
    )
    (place / "a.rules").write_text(rules)
    fake = Picky(SECRET)
    with serving(fake) as url:
        monkeypatch.setenv("WEBHOOK_URL", url)
        sent = send(place)
    assert len(fake.bodies) == 9, sent.output
    status = json.loads(run("status", "--queue", place / "q.db", "--format", "json").output)
    assert status["delivered"] == 9
    assert status["dead"] + status["pending"] == 1


def test_a_wrong_credential_stops_the_sender_and_loses_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWebhook("whsec_b3RoZXIgc2VjcmV0IGFsdG9nZXRoZXI=")
    with serving(fake) as url:
        monkeypatch.setenv("WEBHOOK_URL", url)
        sent = send(place)
    assert sent.exit_code == 2
    assert "refuses the credentials" in sent.output
    status = json.loads(run("status", "--queue", place / "q.db", "--format", "json").output)
    assert (status["delivered"], status["dead"]) == (0, 0)
    assert status["pending"] > 0


def test_a_dry_run_needs_no_address(place: Path) -> None:
    tried = run("send", place / "a.rules", "--input", place / "events.jsonl", "--dry-run")
    assert (tried.exit_code, "9  bodies" in tried.output) == (0, True), tried.output


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 415),
        ({"content-type": "application/json"}, b"{}", 400),
        ({"content-type": "application/json", "webhook-id": "m", "webhook-timestamp": "1"}, b"{}", 400),
        ({"content-type": "application/json", "webhook-id": "m", "webhook-timestamp": "5000"}, b"{}", 401),
    ],
)
def test_the_fake_is_strict(headers: dict[str, str], body: bytes, status: int) -> None:
    assert FakeWebhook(SECRET, now=lambda: 5_000.0).handle(headers, body)[0] == status


def test_the_fake_meets_scripted_faults() -> None:
    fake = FakeWebhook(faults=[503], now=lambda: 5_000.0)
    headers = {"content-type": "application/json", "webhook-id": "m", "webhook-timestamp": "5000"}
    assert [fake.handle(headers, b"nonsense")[0], fake.handle(headers, b"nonsense")[0]] == [503, 400]
    assert [fake.handle(headers, b"{}")[0], fake.handle(headers, b"{}")[0]] == [204, 200]

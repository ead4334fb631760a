"""Keys are checked and users deleted as Amplitude wants it asked, and no key is ever shown."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode

import httpx
import pytest

from rulewright.runtime.destinations.amplitude.administration import Administration, AdministrationError
from rulewright.runtime.destinations.amplitude.settings import AmplitudeSettings, settings_of
from tests.runtime.delivery.transport.raw_server import answering, response

KEYS = {"apiKey": "the-api-key", "secretKey": "the-secret-key"}


class Amplitude:
    """Answers with one status, and remembers what it was asked and how long the asker waited."""

    def __init__(
        self, status: int = 200, settings: AmplitudeSettings | None = None, base_url: str | None = None
    ) -> None:
        self.asked: list[httpx.Request] = []
        self.waited: list[float] = []
        self.status = status
        self.administration = Administration(
            settings or settings_of(KEYS),
            base_url=base_url,
            transport=httpx.MockTransport(self.answer),
            sleep=self.waited.append,
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(self.status, text="no reason")


def test_keys_are_checked_by_a_search() -> None:
    amplitude = Amplitude()
    amplitude.administration.check_keys()
    (request,) = amplitude.asked
    assert (request.method, str(request.url)) == (
        "GET",
        "https://amplitude.com/api/2/usersearch?user=testUser%40example.com",
    )
    assert request.headers["Authorization"] == "Basic " + b64encode(b"the-api-key:the-secret-key").decode()
    amplitude.administration.close()


def test_each_region_and_each_fake_has_its_host() -> None:
    europe = Amplitude(settings=settings_of({**KEYS, "endpoint": "europe"}))
    europe.administration.check_keys()
    assert europe.asked[0].url.host == "analytics.eu.amplitude.com"
    fake = Amplitude(base_url="http://127.0.0.1:8080/")
    fake.administration.check_keys()
    assert str(fake.asked[0].url).startswith("http://127.0.0.1:8080/api/2/usersearch?")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Amplitude refuses the keys (401)"),
        (403, "the region is north_america"),
        (500, "Amplitude answers 500: no reason"),
        (302, "Amplitude answers 302"),
    ],
)
def test_what_is_wrong_is_said_without_the_keys(status: int, said: str) -> None:
    with pytest.raises(AdministrationError) as error:
        Amplitude(status).administration.check_keys()
    assert said in str(error.value)
    assert "the-api-key" not in str(error.value)
    assert "the-secret-key" not in str(error.value)


def test_a_host_that_does_not_answer_is_named() -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    administration = Administration(settings_of(KEYS), transport=httpx.MockTransport(unreachable))
    with pytest.raises(AdministrationError, match=r"^amplitude\.com cannot be reached: connection refused$"):
        administration.check_keys()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (response(b"Invalid key the-api-key\x1b[31m\n", status="400 No"), r"400: Invalid key \[key\]\\x1b\[31m$"),
        (response(bytes(50_000_000), status="500 No"), r"500: (\\x00)+$"),
        (response(gzip.compress(bytes(9_999)), "Content-Encoding: gzip", status="500 No"), "500: an encoded answer"),
        (b"", "cannot be reached: connection broken"),
    ],
    ids=["key", "endless", "encoded", "nothing"],
)
def test_an_answer_is_bounded_and_shows_no_key_and_steers_no_terminal(answer: bytes, said: str) -> None:
    with answering(answer) as server:
        administration = Administration(settings_of(KEYS), base_url=server.url)
        with pytest.raises(AdministrationError, match=said) as error:
            administration.check_keys()
        administration.close()
    assert len(str(error.value)) < 300
    assert b"accept-encoding: identity" in server.asked[0].lower()


def test_a_base_url_that_would_send_the_keys_in_clear_is_refused() -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        Administration(settings_of(KEYS), base_url="http://proxy.example.com")


@pytest.mark.parametrize(("given", "name"), [({}, "AMPLITUDE_API_KEY"), ({"apiKey": "k"}, "AMPLITUDE_SECRET_KEY")])
def test_both_keys_are_needed(given: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AMPLITUDE_API_KEY", "AMPLITUDE_SECRET_KEY"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(AdministrationError, match=f"{name} is not set"):
        Administration(settings_of(given))


def test_users_are_deleted_a_hundred_a_request_and_a_request_a_second() -> None:
    amplitude = Amplitude()
    ids = [f"user-{number}" for number in range(250)]
    assert [len(some) for some in amplitude.administration.delete_users(ids)] == [100, 100, 50]
    bodies = [json.loads(request.content) for request in amplitude.asked]
    assert [body["requester"] for body in bodies] == ["rulewright"] * 3
    assert [name for body in bodies for name in body["user_ids"]] == ids
    assert amplitude.waited == [1.0, 1.0]
    assert str(amplitude.asked[0].url) == "https://amplitude.com/api/2/deletions/users"


def test_nobody_is_deleted_by_an_empty_list() -> None:
    amplitude = Amplitude()
    assert list(amplitude.administration.delete_users([])) == []
    assert amplitude.asked == []

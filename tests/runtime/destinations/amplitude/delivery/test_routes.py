"""How requests to Amplitude come apart for the queue and go together for the wire."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rulewright.runtime.delivery.adapter import Answer, Route
from rulewright.runtime.delivery.disposition import Unexplained
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys, KeysMissing
from rulewright.runtime.destinations.amplitude.delivery.routes import LIMITS, AmplitudeDelivery
from rulewright.runtime.outcome import Request
from tests.runtime.delivery.simulation import HTTP_API, IDENTIFY

ADAPTER = AmplitudeDelivery(Keys("key-1", "secret-1"))
DELETIONS = "https://amplitude.com/api/2/deletions/users"


def request(url: str, body: dict[str, Any] | None = None, form: dict[str, str] | None = None) -> Request:
    return Request("m", "a", "POST", url, body, form)


def test_events_come_apart_and_go_together_with_the_key() -> None:
    first, second = ({"user_id": f"user-{n}", "event_type": "é", "insert_id": str(n)} for n in (1, 2))
    body = {"api_key": "placeholder", "events": [first, second], "options": {"min_id_length": 3}}
    parts = ADAPTER.parts(request(HTTP_API, body), "q-1")
    assert [part.order for part in parts] == ["uuser-1", "uuser-2"]
    assert all("placeholder" not in str(part) for part in parts)
    outgoing = ADAPTER.join(parts[0].route, [part.body for part in parts])
    assert json.loads(outgoing.body) == {**body, "api_key": "key-1"}
    assert outgoing.url == HTTP_API


def test_parts_with_other_options_do_not_share_a_request() -> None:
    plain = request(HTTP_API, {"events": [{"user_id": "user-1"}]})
    short = request(HTTP_API, {"events": [{"user_id": "user-1"}], "options": {"min_id_length": 1}})
    assert ADAPTER.parts(plain, "s")[0].route != ADAPTER.parts(short, "s")[0].route
    assert ADAPTER.parts(plain, "s")[0].route == ADAPTER.parts(plain, "t")[0].route


def test_an_insert_id_is_made_only_if_it_is_missing() -> None:
    events = [{"user_id": "user-1", "insert_id": "mine"}, {"user_id": "user-1"}]
    mine, made = ADAPTER.parts(request(HTTP_API, {"events": events}), "queue-7")
    assert json.loads(mine.body)["insert_id"] == "mine"
    assert json.loads(made.body)["insert_id"] == "queue-7-1"


@pytest.mark.parametrize("calls", [{"user_id": "user-1"}, [{"user_id": "user-1"}, {"device_id": "device-1"}]])
def test_form_calls_go_in_lists(calls: Any) -> None:
    form = {"api_key": "", "identification": json.dumps(calls), "options": '{"min_id_length":2}'}
    parts = ADAPTER.parts(request(IDENTIFY, form=form), "s")
    outgoing = ADAPTER.join(parts[0].route, [part.body for part in parts] * 2)
    sent = {name: values[0] for name, values in parse_qs(outgoing.body.decode()).items()}
    expected = (calls if isinstance(calls, list) else [calls]) * 2
    assert json.loads(sent["identification"]) == expected
    assert (sent["api_key"], sent["options"]) == ("key-1", '{"min_id_length":2}')


@pytest.mark.parametrize(
    ("call", "order"),
    [
        ({"user_id": "u", "device_id": "d"}, "uu"),
        ({"user_id": None, "device_id": "d"}, "dd"),
        ({"user_id": 7}, "u7"),
        ({"group_type": "company", "group_value": "Acme"}, "gcompany\0Acme"),
        ({}, ""),
    ],
)
def test_order_goes_by_user_then_device_then_group(call: dict[str, Any], order: str) -> None:
    url = "https://api2.amplitude.com/groupidentify"
    form = {"identification": json.dumps(call)}
    assert ADAPTER.parts(request(url, form=form), "s")[0].order == order


def test_user_mappings_have_a_list_of_their_own() -> None:
    form = {"mapping": '[{"user_id":"old-1","global_user_id":"new-1"}]'}
    (part,) = ADAPTER.parts(request("https://api.amplitude.com/usermap", form=form), "s")
    assert b"mapping=%5B%7B" in ADAPTER.join(part.route, [part.body]).body
    assert part.order == "uold-1"


def test_deletions_are_whole_and_carry_both_keys_in_the_header() -> None:
    (part,) = ADAPTER.parts(request(DELETIONS, {"user_ids": ["user-1"], "requester": "a"}), "s")
    outgoing = ADAPTER.join(part.route, [part.body])
    assert json.loads(outgoing.body) == {"user_ids": ["user-1"], "requester": "a"}
    assert outgoing.headers["Authorization"] == "Basic a2V5LTE6c2VjcmV0LTE="
    assert ADAPTER.limits(part.route).requests == 1.0


def test_an_unknown_address_gets_its_request_as_it_is() -> None:
    whole = request("https://example.com/hook?a=1", form={"a": "b c"})
    (part,) = ADAPTER.parts(whole, "s")
    outgoing = AmplitudeDelivery(Keys("k"), "http://127.0.0.1:1/").join(part.route, [part.body])
    assert outgoing.body == b"a=b+c"
    assert outgoing.url == "http://127.0.0.1:1/hook?a=1"
    assert outgoing.headers == {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_trial_is_not_paced() -> None:
    (part,) = ADAPTER.parts(request(HTTP_API, {"events": [{"user_id": "user-1"}]}), "s")
    assert ADAPTER.limits(part.route) == LIMITS["events"]
    assert AmplitudeDelivery(Keys("k"), paced=False).limits(part.route).rate is None


def test_keys_come_from_the_environment_and_are_never_shown() -> None:
    keys = Keys.from_environment({"AMPLITUDE_API_KEY": " key-1 ", "AMPLITUDE_SECRET_KEY": "secret-1"})
    assert (keys.api_key, keys.secret_key) == ("key-1", "secret-1")
    assert "key-1" not in repr(keys)
    assert "secret-1" not in repr(keys)
    with pytest.raises(KeysMissing, match="AMPLITUDE_API_KEY"):
        Keys.from_environment({"AMPLITUDE_API_KEY": ""})


def test_a_key_that_the_answer_repeats_goes_no_further() -> None:
    (part,) = ADAPTER.parts(request(HTTP_API, {"events": [{"user_id": "user-1"}]}), "s")
    disposition = ADAPTER.disposition(part.route, [part.body], Answer(400, {}, b"what is key-1 or secret-1?"))
    assert isinstance(disposition, Unexplained)
    assert disposition.reason.message.endswith("what is [key] or [key]?")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/2/httpapi",
        "https://api2.amplitude.com.evil.example/identify",
        "https://api2.amplitude.com@evil.example/batch",
        "http://api2.amplitude.com/2/httpapi",
        "https://api2.amplitude.com:8443/2/httpapi",
        "https://evil.example/api/2/deletions/users",
    ],
)
def test_the_key_goes_to_amplitudes_own_hosts_alone(url: str) -> None:
    (part,) = ADAPTER.parts(request(url, {"api_key": "API_KEY", "events": [{"user_id": "user-1"}]}), "s")
    outgoing = ADAPTER.join(part.route, [part.body])
    assert outgoing.url == url
    assert b"key-1" not in outgoing.body
    assert "Authorization" not in outgoing.headers
    forged = Route(urlsplit(url).path.strip("/").split("/")[-1].replace("httpapi", "events"), "POST", url, "")
    assert ADAPTER.accepts(part.route)
    assert not ADAPTER.accepts(forged)
    assert not ADAPTER.accepts(Route("nonsense", "POST", HTTP_API))


def test_what_goes_out_does_not_show_its_keys() -> None:
    for url in (HTTP_API, DELETIONS):
        (part,) = ADAPTER.parts(request(url, {"events": [{"user_id": "user-1"}]}), "s")
        shown = repr(ADAPTER.join(part.route, [part.body]))
        assert shown.startswith(f"Outgoing('POST', '{url}', ")
        assert "key-1" not in shown + repr(ADAPTER)
        assert ADAPTER._pair not in shown
    assert repr(Answer(200, {"x": "key-1"}, b"key-1")) == "Answer(200, 5 bytes)"


def test_a_base_url_that_would_leak_is_refused() -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        AmplitudeDelivery(Keys("k"), "http://proxy.example.com")
    assert AmplitudeDelivery(Keys("k"), "http://proxy.example.com", insecure=True)

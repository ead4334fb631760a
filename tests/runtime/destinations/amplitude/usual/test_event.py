"""The request of an event that C makes is the one that Python makes, and C leaves to Python what is not usual."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude.actions import log_event_v2
from rulewright.runtime.destinations.amplitude.event_requests import PLATFORMS
from rulewright.runtime.destinations.amplitude.limits import LONGEST_STRING
from rulewright.runtime.destinations.amplitude.user_agent import AGENTS
from rulewright.runtime.native import native
from rulewright.runtime.outcome import Refused
from rulewright.runtime.semantics.dates import FIRST_NUMBER, LAST_NUMBER
from tests.native_part import needs_native

from .usual_requests import PHONE, TEXTS, VALUES, Odd, UsualCalls, constants_of

pytestmark = needs_native

NAMES = (
    "payload session_id time library library2 use_batch_endpoint userAgent userAgentParsing includeRawUserAgent "
    "userAgentData min_id_length setOnce setAlways add"
).split()
"""As in the enum of usual/event.c."""
USUAL: dict[str, Any] = {
    "payload": {
        "user_id": "user-12345",
        "event_type": "Signed Up",
        "platform": "ios",
        "event_properties": {"plan": "pro", "tags": ["a", "b"], "é": 1.5, "deep": {"a": None}},
    },
    "session_id": 1715755003106,
    "time": "2024-05-20T23:42:03.123Z",
    "library": "analytics.js",
    "library2": {"behavior": "use_mapping", "mapping": "analytics.js"},
    "use_batch_endpoint": False,
    "userAgent": PHONE,
    "userAgentParsing": True,
    "includeRawUserAgent": False,
    "userAgentData": {},
    "min_id_length": None,
    "setOnce": {"initial_referrer": "https://a.example", "initial_utm_source": ""},
    "setAlways": {"referrer": "https://a.example"},
    "add": None,
}
CALLS = UsualCalls(log_event_v2.ACTION, NAMES, USUAL)

CASES: dict[str, tuple[bool, Odd]] = {
    "usual": (False, {}),
    "no platform of a web library": (False, {"payload": {"platform": None}}),
    "no platform of another library": (False, {"payload": {"platform": None}, "library": "analytics-ios"}),
    "no library": (False, {"payload": {"platform": None}, "library": None, "library2": {"behavior": "use_mapping"}}),
    "neither session nor time": (False, {"session_id": None, "time": None}),
    "first session": (False, {"session_id": FIRST_NUMBER}),
    "last session": (False, {"session_id": LAST_NUMBER}),
    "no touches": (False, {"setOnce": {}, "setAlways": None}),
    "empty touches": (False, {"setOnce": {"initial_referrer": ""}, "setAlways": {"referrer": ""}}),
    "plain properties": (False, {"payload": {"user_properties": {"a$": 1}}, "setOnce": None, "setAlways": {}}),
    "empty properties": (False, {"payload": {"user_properties": {}}}),
    "batch": (False, {"use_batch_endpoint": True}),
    "no user agent": (False, {"userAgent": None}),
    "user agent not parsed": (False, {"userAgentParsing": False}),
    "raw user agent": (False, {"includeRawUserAgent": True}),
    "long user agent": (False, {"userAgent": PHONE.ljust(300, "x")}),
    "client hints": (False, {"userAgentData": {"platformVersion": "14", "model": "Pixel"}}),
    "client hint of the model": (False, {"userAgentData": {"model": "Pixel"}}),
    "client hints of nothing": (False, {"userAgentData": {"platformVersion": None, "mobile": True}}),
    "client hint that is not text": (False, {"userAgentData": {"model": 7}}),
    "client hints and no parsing": (False, {"userAgentParsing": False, "userAgentData": {"model": "Pixel"}}),
    "client hints and the raw user agent": (False, {"includeRawUserAgent": True, "userAgentData": {"model": "Pixel"}}),
    "own system": (False, {"payload": {"os_name": "Own"}}),
    "device ID alone": (False, {"payload": {"user_id": None, "device_id": "device-12345"}}),
    "longest text": (False, {"payload": {"city": "x" * LONGEST_STRING}}),
    "too long text": (True, {"payload": {"city": "x" * (LONGEST_STRING + 1)}}),
    "too long text in properties": (True, {"payload": {"event_properties": {"a": "x" * (LONGEST_STRING + 1)}}}),
    "too long library": (True, {"library2": {"behavior": "use_mapping", "mapping": "x" * (LONGEST_STRING + 1)}}),
    "too long touch": (True, {"setAlways": {"referrer": "x" * (LONGEST_STRING + 1)}}),
    "too long raw user agent": (True, {"userAgent": "x" * 1025, "includeRawUserAgent": True}),
    "too long hint": (True, {"userAgentData": {"model": "x" * 1025}}),
    "half of a character": (True, {"payload": {"city": "\ud800"}}),
    "half of a character in a library": (True, {"library2": {"behavior": "use_mapping", "mapping": "\ud800"}}),
    "large number": (True, {"payload": {"event_properties": {"a": 2**64}}}),
    "not a number": (True, {"payload": {"location_lat": float("nan")}}),
    "list in a list": (True, {"payload": {"event_properties": {"a": [[1]]}}}),
    "large body": (True, {"payload": {"event_properties": {str(number): "x" * 1000 for number in range(1100)}}}),
    "session before 2000": (True, {"session_id": FIRST_NUMBER - 1}),
    "session after all": (True, {"session_id": LAST_NUMBER + 1}),
    "huge session": (True, {"session_id": 2**70}),
    "no session of Amplitude": (True, {"session_id": -1}),
    "session as text": (True, {"session_id": "1715755003106"}),
    "session as truth value": (True, {"session_id": True}),
    "time as number": (True, {"time": 1715755003106}),
    "time before 1970": (True, {"time": "1969-12-31T23:59:59.999Z"}),
    "time in another form": (True, {"time": "2024-05-20T23:42:03Z"}),
    "operation in properties": (
        True,
        {"payload": {"user_properties": {"$set": {"a": 1}}}, "setOnce": {}, "setAlways": {}},
    ),
    "properties beside touches": (True, {"payload": {"user_properties": {"a": 1}}}),
    "one touch alone": (True, {"setOnce": None}),
    "another property set": (True, {"setAlways": {"plan": "pro"}}),
    "property that is not text": (True, {"setAlways": {"referrer": 1}}),
    "added": (True, {"add": {"visits": 1}}),
    "nothing added": (False, {"add": {}}),
    "reserved name": (True, {"payload": {"event_type": "[Amplitude] Revenue"}}),
    "group": (True, {"payload": {"groups": {"company": "a"}}}),
    "short ID": (True, {"payload": {"user_id": "1234"}}),
    "forbidden ID": (True, {"payload": {"user_id": "anonymous"}}),
    "ID that begins with zero": (False, {"payload": {"user_id": "0f3b1c2d-aaaa"}}),
    "short ID that begins with zero": (True, {"payload": {"user_id": "012345678"}}),
    "ID that begins with zeros": (True, {"payload": {"user_id": "00abcdef-aaaa"}}),
    "ID of nobody": (True, {"payload": {"user_id": "00000000-0000-0000-0000-000000000000"}}),
    "no ID": (True, {"payload": {"user_id": None}}),
    "shortest ID": (True, {"min_id_length": 1}),
    "library of its own": (True, {"library2": {"behavior": "auto"}}),
    "no settings of the library": (True, {"library2": None}),
}


@pytest.mark.parametrize("name", CASES)
def test_what_c_makes_is_what_python_makes(name: str) -> None:
    is_odd, odd = CASES[name]
    CALLS.assert_alike(odd, is_odd)


def test_the_positions_in_c_are_those_of_build() -> None:
    CALLS.assert_positions()


def test_client_hints_change_nothing_that_is_remembered() -> None:
    build = CALLS.build_of()
    remembered = dict(AGENTS[PHONE])
    odd = {"userAgentData": {"platformVersion": "14", "model": "Pixel"}}
    for _ in range(2):
        event = build(*CALLS.arguments(odd))[0].json["events"][0]
        assert (event["os_version"], event["device_model"]) == ("14", "Pixel")
    assert AGENTS[PHONE] == remembered
    assert "model" not in event


def test_a_platform_is_left_to_python_once() -> None:
    build = CALLS.build_of()
    PLATFORMS.pop("tvOS", None)
    odd = {"payload": {"platform": "tvOS"}}
    assert CALLS.is_left_to_python(build, odd)
    build(*CALLS.arguments(odd))
    assert not CALLS.is_left_to_python(build, odd)


def test_arguments_may_be_left_out_as_in_python() -> None:
    build = CALLS.build_of()
    payload = {"user_id": "user-12345", "event_type": "a"}
    for count in range(1, len(NAMES) + 1):
        given_here = [{**payload}, *CALLS.arguments({})[1:count]]
        assert repr(build(*deepcopy(given_here))[0].json) == repr(build.__wrapped__(*given_here)[0].json)
    by_name = build({**payload}, time="2024-05-20T23:42:03.123Z")
    assert by_name[0].json["events"][0]["time"] == 1716248523123
    with pytest.raises(TypeError):
        build()
    with pytest.raises(TypeError):
        build(*CALLS.arguments({}), None)


def test_what_is_raised_is_raised_by_python() -> None:
    constants = constants_of(CALLS.build_of())
    with pytest.raises(TypeError):
        native.UsualRequest(print)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        native.UsualRequest(print, constants[:-1])
    with pytest.raises(TypeError):
        native.UsualRequest(print, constants, build=print)  # type: ignore[call-arg]

    def fail(*given: Any) -> Any:
        raise Refused("odd", "is odd")

    unreadable = tuple(
        fail if callable(constant) and getattr(constant, "__name__", "") == "device_of" else constant
        for constant in constants
    )
    with pytest.raises(Refused, match="is odd"):
        native.UsualRequest(fail, unreadable)(*CALLS.arguments({"includeRawUserAgent": True}))


def test_nothing_is_kept_longer_than_its_event() -> None:
    CALLS.assert_nothing_is_kept(odd for _, odd in CASES.values())


ONCE = st.sampled_from(["initial_referrer", "initial_utm_source", "referrer", "plan", "$x"])
ALWAYS = st.sampled_from(["referrer", "utm_source", "initial_referrer", "plan", "$x"])
ODD = st.fixed_dictionaries(
    {
        "payload": st.fixed_dictionaries(
            {},
            optional={
                "user_id": st.none() | TEXTS,
                "device_id": TEXTS,
                "platform": st.sampled_from(["ios", "an Android", "Web", "", "x" * 1025]),
                "user_properties": st.dictionaries(TEXTS, VALUES, max_size=3),
                "event_properties": st.dictionaries(TEXTS, VALUES, max_size=3),
                "groups": st.dictionaries(TEXTS, TEXTS, max_size=3),
                "event_type": st.sampled_from(["$identify", "[Amplitude] Revenue", "a"]) | TEXTS.filter(bool),
                "os_name": TEXTS,
            },
        )
    },
    optional={
        "session_id": st.none() | st.integers() | st.integers(FIRST_NUMBER, LAST_NUMBER) | TEXTS,
        "time": st.none() | st.integers() | st.datetimes().map(lambda time: f"{time.isoformat('T', 'milliseconds')}Z"),
        "library": st.none() | TEXTS,
        "library2": st.none()
        | st.fixed_dictionaries(
            {"behavior": st.sampled_from(["use_mapping", "auto"])}, optional={"mapping": st.none() | TEXTS}
        ),
        "use_batch_endpoint": st.none() | st.booleans(),
        "userAgent": st.none() | TEXTS | st.sampled_from([PHONE, PHONE.ljust(300, "x")]),
        "userAgentParsing": st.none() | st.booleans(),
        "includeRawUserAgent": st.none() | st.booleans(),
        "userAgentData": st.none()
        | st.dictionaries(st.sampled_from(["model", "platformVersion", "mobile"]), TEXTS | st.none() | st.integers()),
        "min_id_length": st.none() | st.integers(-1, 9),
        "setOnce": st.none() | st.dictionaries(ONCE, TEXTS | st.none() | st.integers(), max_size=3),
        "setAlways": st.none() | st.dictionaries(ALWAYS, TEXTS | st.none() | st.integers(), max_size=3),
        "add": st.none() | st.dictionaries(TEXTS, st.none() | st.integers() | TEXTS, max_size=2),
    },
)


@given(ODD, st.booleans(), st.sampled_from(["reject", "fold", "split"]))
@example({"payload": {}, "setOnce": {"initial_referrer": ""}}, True, "fold")
def test_any_event_is_sent_as_python_sends_it(odd: Odd, checks: bool, conflict: str) -> None:
    CALLS.assert_raises_alike(odd, checks=checks, conflict=conflict)

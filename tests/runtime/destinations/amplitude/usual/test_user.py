"""The request of a user that C makes is the one that Python makes, and C leaves to Python what is not usual."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude.actions import identify_user
from rulewright.runtime.destinations.amplitude.limits import LONGEST_STRING
from rulewright.runtime.destinations.amplitude.user_properties import LAST_TOUCH
from rulewright.runtime.native import native
from tests.native_part import needs_native

from .usual_requests import PHONE, TEXTS, VALUES, Odd, UsualCalls, constants_of

pytestmark = needs_native

NAMES = (
    "payload userAgent userAgentParsing includeRawUserAgent utm_properties referrer min_id_length library "
    "userAgentData setOnce setAlways add"
).split()
"""As in the enum of usual/user.c."""
USUAL: dict[str, Any] = {
    "payload": {
        "user_id": "user-12345",
        "platform": "ios",
        "city": "Zürich",
        "user_properties": {"plan": "pro", "tags": ["a", "b"], "é": 1.5, "deep": {"a": None}},
    },
    "userAgent": PHONE,
    "userAgentParsing": True,
    "includeRawUserAgent": False,
    "utm_properties": {"utm_source": "google", "utm_campaign": "spring"},
    "referrer": "https://a.example",
    "min_id_length": None,
    "library": "analytics.js",
    "userAgentData": {},
    "setOnce": None,
    "setAlways": None,
    "add": None,
}
CALLS = UsualCalls(identify_user.ACTION, NAMES, USUAL)


def properties(**given_: Any) -> Odd:
    return {"payload": {"user_properties": given_}}


CASES: dict[str, tuple[bool, Odd]] = {
    "usual": (False, {}),
    "no platform of a web library": (False, {"payload": {"platform": None}}),
    "no platform, no library": (False, {"payload": {"platform": None}, "library": None}),
    "no properties": (False, {"payload": {"user_properties": None}}),
    "empty properties": (False, {"payload": {"user_properties": {}}}),
    "no campaign": (False, {"utm_properties": {}}),
    "no referrer": (False, {"referrer": None}),
    "empty referrer": (False, {"referrer": ""}),
    "properties alone": (False, {"utm_properties": None, "referrer": None}),
    "no properties and no touches": (
        False,
        {"payload": {"user_properties": None}, "utm_properties": {}, "referrer": ""},
    ),
    "whole campaign": (False, {"utm_properties": dict.fromkeys(LAST_TOUCH[1:], "x")}),
    "empty parameter": (False, {"utm_properties": {"utm_source": ""}}),
    "no user agent": (False, {"userAgent": None}),
    "client hints": (False, {"userAgentData": {"platformVersion": "14", "model": "Pixel"}}),
    "raw user agent": (False, {"includeRawUserAgent": True}),
    "own system": (False, {"payload": {"os_name": "Own"}}),
    "library": (False, {"payload": {"library": "own"}}),
    "device ID alone": (False, {"payload": {"user_id": None, "device_id": "device-12345"}}),
    "nothing set": (False, {"setOnce": {}, "setAlways": {}, "add": {}}),
    "longest text": (False, properties(a="x" * LONGEST_STRING)),
    "property named as a touch of no value": (False, {**properties(utm_term="x", initial_utm_term="y")}),
    "property named as the last touch": (True, properties(utm_source="x")),
    "property named as the first touch": (True, properties(initial_utm_source="x")),
    "property named as the last referrer": (True, properties(referrer="x")),
    "property named as the last referrer, and none": (True, {**properties(referrer="x"), "referrer": None}),
    "property named as the first referrer": (True, properties(initial_referrer="x")),
    "property named as the campaign": (True, properties(utm_properties={"utm_source": "x"})),
    "operation in properties": (True, properties(**{"$add": {"a": 1}})),
    "operation alone": (True, {**properties(**{"$add": {"a": 1}}), "utm_properties": None, "referrer": None}),
    "set once": (True, {"setOnce": {"a": 1}}),
    "set always": (True, {"setAlways": {"a": 1}}),
    "added": (True, {"add": {"visits": 1}}),
    "too long text": (True, {"payload": {"city": "x" * (LONGEST_STRING + 1)}}),
    "too long property": (True, properties(a="x" * (LONGEST_STRING + 1))),
    "too long touch": (True, {"referrer": "x" * (LONGEST_STRING + 1)}),
    "too long raw user agent": (True, {"userAgent": "x" * 1025, "includeRawUserAgent": True}),
    "half of a character": (True, properties(a="\ud800")),
    "large number": (True, properties(a=2**64)),
    "not a number": (True, properties(a=float("nan"))),
    "list in a list": (True, properties(a=[[1]])),
    "large body": (True, properties(**{str(number): "x" * 1000 for number in range(1100)})),
    "group": (True, {"payload": {"groups": {"company": "a"}}}),
    "short ID": (True, {"payload": {"user_id": "1234"}}),
    "ID of nobody": (True, {"payload": {"user_id": "00000000-0000-0000-0000-000000000000"}}),
    "no ID": (True, {"payload": {"user_id": None}}),
    "shortest ID": (True, {"min_id_length": 1}),
}


@pytest.mark.parametrize("name", CASES)
def test_what_c_makes_is_what_python_makes(name: str) -> None:
    is_odd, odd = CASES[name]
    CALLS.assert_alike(odd, is_odd)


@pytest.mark.parametrize("conflict", ["reject", "split"])
@pytest.mark.parametrize(("given_", "is_odd"), [({}, True), ({"payload": {"user_properties": {}}}, False)])
def test_only_a_policy_that_folds_folds(conflict: str, given_: Odd, is_odd: bool) -> None:
    CALLS.assert_alike(given_, is_odd, conflict=conflict)


def test_the_positions_in_c_are_those_of_build() -> None:
    CALLS.assert_positions()


def test_without_checks_what_is_not_surely_written_is_left_to_python() -> None:
    for odd, is_odd in [({}, False), (properties(a=2**64), True), ({"payload": {"user_id": "1"}}, False)]:
        CALLS.assert_alike(odd, is_odd, checks=False)


@pytest.mark.parametrize("name", ["plan", "referrer", "initial_utm_source"])
def test_parameters_that_no_campaign_has_are_left_to_python(name: str) -> None:
    assert CALLS.is_left_to_python(CALLS.build_of(), {"utm_properties": {name: "x"}})


def test_the_campaign_of_the_caller_is_not_changed_when_python_is_asked() -> None:
    seen: list[Any] = []
    given_ = CALLS.arguments(properties(initial_referrer="x"))
    native.UsualRequest(lambda *all_: seen.extend(deepcopy(all_)), constants_of(CALLS.build_of()))(*given_)
    assert seen == CALLS.arguments(properties(initial_referrer="x"))


def test_names_of_touches_are_as_many_texts() -> None:
    constants = list(constants_of(CALLS.build_of()))
    place = next(number for number, constant in enumerate(constants) if constant == LAST_TOUCH)
    for names in ((), LAST_TOUCH[1:], (*LAST_TOUCH[1:], 1)):
        with pytest.raises(TypeError, match="as many names"):
            native.UsualRequest(print, (*constants[:place], names, *constants[place + 1 :]))


def test_nothing_is_kept_longer_than_its_user() -> None:
    CALLS.assert_nothing_is_kept(odd for _, odd in CASES.values())


PROPERTIES = TEXTS | st.sampled_from(
    ["referrer", "initial_referrer", "utm_source", "initial_utm_source", "utm_properties"]
)
TOUCHES = st.sampled_from([*LAST_TOUCH, "plan", "$x"])
ODD = st.fixed_dictionaries(
    {
        "payload": st.fixed_dictionaries(
            {},
            optional={
                "user_id": st.none() | TEXTS,
                "device_id": TEXTS,
                "platform": st.sampled_from(["ios", "an Android", "Web", "", "x" * 1025]),
                "user_properties": st.none() | st.dictionaries(PROPERTIES, VALUES, max_size=4),
                "groups": st.dictionaries(TEXTS, TEXTS, max_size=3),
                "insert_id": TEXTS.filter(bool),
                "os_name": TEXTS,
            },
        )
    },
    optional={
        "userAgent": st.none() | TEXTS | st.sampled_from([PHONE, PHONE.ljust(300, "x")]),
        "userAgentParsing": st.none() | st.booleans(),
        "includeRawUserAgent": st.none() | st.booleans(),
        "utm_properties": st.none() | st.dictionaries(TOUCHES, TEXTS | st.none() | st.integers(), max_size=3),
        "referrer": st.none() | TEXTS,
        "min_id_length": st.none() | st.integers(-1, 9),
        "library": st.none() | TEXTS | st.just("analytics.js"),
        "userAgentData": st.none()
        | st.dictionaries(st.sampled_from(["model", "platformVersion", "mobile"]), TEXTS | st.none() | st.integers()),
        "setOnce": st.none() | st.dictionaries(TEXTS, VALUES, max_size=2),
        "setAlways": st.none() | st.dictionaries(TEXTS, VALUES, max_size=2),
        "add": st.none() | st.dictionaries(TEXTS, st.none() | st.integers() | TEXTS, max_size=2),
    },
)


@given(ODD, st.booleans(), st.sampled_from(["reject", "fold", "split"]))
@example({"payload": {"user_properties": {"initial_referrer": "b"}}, "referrer": "a"}, True, "fold")
def test_any_user_is_sent_as_python_sends_it(odd: Odd, checks: bool, conflict: str) -> None:
    CALLS.assert_raises_alike(odd, checks=checks, conflict=conflict)

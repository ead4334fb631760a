"""A whole number in an event keeps all its digits wherever it becomes text, in both forms of an event."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.mapping import copy_table as copies

RULES = """destination amplitude
mapping "Digits" -> logEventV2 {
  when type = "track"
  use defaults
  user_id      = coalesce(userId, anonymousId)
  city         = "{{properties.id}}"
  region       = string(properties.id)
  country      = sha256(properties.id)
  dma          = md5(properties.id)
  carrier      = uuid5(properties.id, "dns")
  language     = json_encode({ id: properties.id })
  os_name      = concat("n", properties.id)
  os_version   = lowercase(properties.id)
  device_model = join([properties.id, properties.id], "-")
  device_brand = liquid("{{ properties.id }}", $)
  app_version  = replace(properties.id, "x", "y")
  ip           = default("{{properties.gone}}", properties.id)
  event_id     = string(properties.id)
  event_properties = {
    id: properties.id, text: [properties.id], number: number(string(properties.id)),
    next: properties.id + 1, twice: properties.id * 2, less: properties.id - 1,
    same: string(properties.id) = properties.text, equal: properties.id = properties.other
  }
}
mapping "Digits of a Group" -> groupIdentifyUser {
  when type = "track"
  user_id     = userId
  insert_id   = messageId
  group_type  = properties.id
  group_value = properties.id
}
"""

whole_numbers = st.one_of(st.integers(), st.integers(2**53, 2**64 - 1), st.integers(-(2**63), -(2**53)))
"""Those of 64 bits, on both sides of what a double holds, and larger ones."""


@pytest.fixture(scope="module", params=["in C", "in Python"])
def mapper(request: pytest.FixtureRequest) -> rulewright.Mapper:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in Python":
            patch.setattr(copies, "native", None)
        return rulewright.load(RULES, settings={"apiKey": "KEY"}, checks=False)


def event_of(number: int) -> dict[str, Any]:
    properties = {"id": number, "text": str(number), "other": number}
    return {"type": "track", "event": number, "userId": number, "messageId": number, "properties": properties}


def expected_of(number: int) -> dict[str, Any]:
    digits = str(number)
    return {
        "user_id": digits,
        "event_type": digits,
        "insert_id": digits,
        "city": digits,
        "region": digits,
        "country": hashlib.sha256(digits.encode()).hexdigest(),
        "dma": hashlib.md5(digits.encode()).hexdigest(),
        "carrier": str(uuid.uuid5(uuid.NAMESPACE_DNS, digits)),
        "language": f'{{"id":{digits}}}',
        "os_name": f"n{digits}",
        "os_version": digits,
        "device_model": f"{digits}-{digits}",
        "device_brand": digits,
        "app_version": digits,
        "ip": digits,
        "event_id": number,
        "event_properties": {
            "id": number,
            "text": [number],
            "number": number,
            "next": number + 1,
            "twice": number * 2,
            "less": number - 1,
            "same": True,
            "equal": True,
        },
    }


@settings(max_examples=150, deadline=None)
@given(whole_numbers)
@example(157963456373623809)
@example(10**21)
@example(2**70)
def test_a_whole_number_keeps_its_digits_wherever_it_becomes_text(mapper: rulewright.Mapper, number: int) -> None:
    event = event_of(number)
    for outcome in (mapper(event), mapper.map_bytes(json.dumps(event))):
        assert outcome.failures == []
        logged, associated, group = outcome.requests
        assert json.loads(logged.body)["events"] == [expected_of(number)]
        assert associated.form is not None
        assert group.form is not None
        (person,) = json.loads(associated.form["identification"])
        digits = str(number)
        assert (person["user_id"], person["insert_id"], person["groups"]) == (digits, digits, {digits: digits})
        (kept,) = json.loads(group.form["identification"])
        assert (kept["group_type"], kept["group_value"]) == (digits, digits)


def test_two_users_stay_two(mapper: rulewright.Mapper) -> None:
    ids = {
        mapper(event_of(number)).requests[0].json["events"][0]["user_id"]  # type: ignore[index]
        for number in range(157963456373623800, 157963456373623820)
    }
    assert len(ids) == 20


@pytest.mark.parametrize(
    ("number", "text"),
    [("5.0", "5"), ("-0.0", "0"), ("1e3", "1000"), ("157963456373623809.0", "157963456373623800"), ("1e21", "1e+21")],
)
def test_a_number_with_a_point_or_an_exponent_is_a_double(mapper: rulewright.Mapper, number: str, text: str) -> None:
    line = json.dumps(event_of(0)).replace('"userId": 0', f'"userId": {number}')
    for outcome in (mapper.map_bytes(line), mapper(json.loads(line))):
        assert outcome.requests[0].json["events"][0]["user_id"] == text  # type: ignore[index]


def test_a_literal_of_the_rules_keeps_its_digits() -> None:
    for number in (157963456373623809, 10**21):
        assert rulewright.compile_expression(f'"{{{{ {number} }}}}"')({}) == str(number)
        assert rulewright.compile_expression(f"string({number})")({}) == str(number)


def test_a_quotient_is_a_double() -> None:
    assert rulewright.compile_expression("n / 1")({"n": 157963456373623809}) == 157963456373623808.0
    assert rulewright.compile_expression("n + 0.5")({"n": 2**53 + 1}) == float(2**53)

"""IDs, names, referrers and campaigns: blank text is no value, and the next alternative of a `coalesce` is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.mapping import copy_table
from rulewright.runtime.semantics.blank import is_blank

from .action_requests import people
from .reference_requests import PRESETS

RULES = """destination amplitude
mapping "track" -> logEventV2 {
  when type = "track"
  use defaults
}
mapping "purchase" -> logPurchase {
  when type = "track"
  use defaults
}
mapping "old" -> logEvent {
  when type = "track"
  use defaults
}
mapping "identify" -> identifyUser {
  when type = "track"
  use defaults
}
mapping "group" -> groupIdentifyUser {
  when type = "track"
  use defaults
  group_type  = coalesce(properties.group_type, "company")
  group_value = coalesce(groupId, context.groupId)
}
mapping "alias" -> mapUser {
  when type = "track"
  user_id        = coalesce(previousId, anonymousId)
  global_user_id = coalesce(userId, traits.id)
}
mapping "own" -> logEventV2 {
  when type = "track"
  event_type = coalesce(event, if(type = "track", coalesce(properties.name, "{{name}}"), "Other"), "Unnamed")
  user_id    = coalesce("{{userId}}", traits.id)
  insert_id  = coalesce(" ", messageId)
  android_id = coalesce(context.device.id, context.device.advertisingId)
  setOnce    = {
    initial_referrer: coalesce(context.page.referrer, properties.referrer), note: context.page.referrer, kind: "web"
  }
}
"""
EVENT: dict[str, Any] = {"type": "track", "event": "Test", "userId": "user-1", "anonymousId": "anon-1"}
BLANKS = ["", " ", "\t\n", "\u00a0", "\u200b", [""], [None], [" "], None]


@pytest.fixture(scope="module", params=["in C", "in Python"])
def mapper(request: pytest.FixtureRequest) -> rulewright.Mapper:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in Python":
            patch.setattr(copy_table, "native", None)
        return rulewright.load(RULES, settings={"apiKey": "KEY"})


def sent(outcome: rulewright.Outcome) -> dict[str, Any]:
    """The first event, person, group or pair of users that each mapping sends."""
    by_mapping: dict[str, Any] = {}
    for request in outcome.requests:
        body = json.loads(request.body)["events"] if request.form is None else people(request)
        by_mapping.setdefault(request.mapping, body if isinstance(body, dict) else body[0])
    return by_mapping


def both(mapper: rulewright.Mapper, event: dict[str, Any]) -> tuple[rulewright.Outcome, rulewright.Outcome]:
    return mapper(event), mapper.map_bytes(json.dumps(event))


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_blank_device_is_passed_over(mapper: rulewright.Mapper, blank: Any) -> None:
    event = {**EVENT, "userId": blank, "context": {"device": {"id": blank, "advertisingId": blank, "idfa": "idfa-1"}}}
    for outcome in both(mapper, event):
        for name in ("track", "purchase", "old", "identify"):
            person = sent(outcome)[name]
            assert (person.get("user_id"), person["device_id"]) == (None, "anon-1")
            assert "idfv" not in person
            if name != "identify":
                assert (person["idfa"], person["adid"]) == ("idfa-1", "idfa-1")


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_blank_alternative_is_passed_over_wherever_it_stands(mapper: rulewright.Mapper, blank: Any) -> None:
    event = {**EVENT, "event": blank, "properties": {"name": blank, "referrer": "https://b.test"}, "name": blank}
    event |= {
        "userId": blank,
        "traits": {"id": "traits-1"},
        "messageId": "m-1",
        "context": {"page": {"referrer": blank}},
    }
    for outcome in both(mapper, event):
        own = sent(outcome)["own"]
        assert (own["event_type"], own["user_id"], own["insert_id"]) == ("Unnamed", "traits-1", "m-1")
        assert own["user_properties"]["$setOnce"]["initial_referrer"] == "https://b.test"
        alias = sent(outcome)["alias"]
        assert (alias["user_id"], alias["global_user_id"]) == ("anon-1", "traits-1")


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_required_name_that_is_blank_is_refused(mapper: rulewright.Mapper, blank: Any) -> None:
    event = {**EVENT, "event": blank, "groupId": blank, "context": {"groupId": blank}}
    for outcome in both(mapper, event):
        failed = {failure.mapping: (failure.field, failure.code) for failure in outcome.failures}
        assert failed == {
            **dict.fromkeys(("track", "purchase", "old"), ("event_type", "missing_field")),
            "group": ("group_value", "missing_field"),
        }


def test_a_group_has_a_type_and_a_value(mapper: rulewright.Mapper) -> None:
    for blank in BLANKS:
        event = {**EVENT, "groupId": blank, "context": {"groupId": "acme"}, "properties": {"group_type": blank}}
        for outcome in both(mapper, event):
            assert sent(outcome)["group"]["groups"] == {"company": "acme"}


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_blank_referrers_and_campaigns_lock_no_first_touch(mapper: rulewright.Mapper, blank: Any) -> None:
    campaign = dict.fromkeys(("source", "medium", "name", "term"), blank)
    event = {**EVENT, "context": {"page": {"referrer": blank}, "campaign": {**campaign, "content": "link"}}}
    for outcome in both(mapper, event):
        for name in ("track", "purchase", "old", "identify"):
            assert sent(outcome)[name]["user_properties"] == {
                "$set": {"utm_content": "link"},
                "$setOnce": {"initial_utm_content": "link"},
            }
    del event["context"]["campaign"]["content"]
    for outcome in both(mapper, event):
        assert all("user_properties" not in sent(outcome)[name] for name in ("track", "purchase", "old", "identify"))


def test_other_texts_may_be_empty(mapper: rulewright.Mapper) -> None:
    event = {**EVENT, "properties": {"a": "", "b": " "}, "traits": {"c": ""}, "context": {"page": {"referrer": ""}}}
    for outcome in both(mapper, event):
        track = sent(outcome)["track"]
        assert (track["event_properties"], track["user_properties"]) == ({"a": "", "b": " "}, {"c": ""})
        assert sent(outcome)["own"]["user_properties"] == {"$setOnce": {"kind": "web", "note": ""}}


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_a_product_is_known_by_its_other_id(mapper: rulewright.Mapper, blank: Any) -> None:
    products = [{"productId": blank, "product_id": "p-1", "price": 1, "quantity": 1}, {"productId": blank, "price": 1}]
    event = {**EVENT, "properties": {"products": products, "productId": blank, "product_id": "p-1", "revenue": 5}}
    for outcome in both(mapper, event):
        (request,) = [request for request in outcome.requests if request.mapping == "purchase"]
        order, first, second = json.loads(request.body)["events"]
        assert order["productId"] == first["event_properties"]["productId"] == "p-1"
        assert "productId" not in second["event_properties"]


def test_text_that_is_left_out_although_it_is_not_empty_is_said(mapper: rulewright.Mapper) -> None:
    event = {**EVENT, "messageId": "\u200b ", "userId": [" "], "context": {"campaign": {"source": "\t"}}}
    for outcome in both(mapper, event):
        said = [(repair.field, repair.code, repair.message) for repair in outcome.warnings if repair.mapping == "track"]
        assert said == [
            ("user_id", "blank_text", '[" "] is blank and is left out'),
            ("insert_id", "blank_text", '"\u200b " is blank and is left out'),
            ("setOnce.initial_utm_source", "blank_text", '"\\t" is blank and is left out'),
            ("setAlways.utm_source", "blank_text", '"\\t" is blank and is left out'),
        ]
    for outcome in both(mapper, {**EVENT, "messageId": "", "context": {"campaign": {"source": ""}}}):
        assert outcome.warnings == []


def test_an_id_keeps_its_spaces(mapper: rulewright.Mapper) -> None:
    event = {**EVENT, "event": " Test ", "userId": "\u3000ユーザー1 ", "anonymousId": "\u00a0anon-1"}
    for outcome in both(mapper, event):
        track = sent(outcome)["track"]
        assert (track["event_type"], track["user_id"], track["device_id"]) == (
            " Test ",
            "\u3000ユーザー1 ",
            "\u00a0anon-1",
        )


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_imported_subscriptions_pass_over_a_blank_device(blank: Any) -> None:
    mapper = rulewright.load(rulewright.import_subscriptions(PRESETS), settings={"apiKey": "KEY"})
    event = {**EVENT, "userId": None, "context": {"device": {"id": blank}}}
    for outcome in both(mapper, event):
        assert outcome.failures == []
        assert sent(outcome)["Track Calls"]["device_id"] == "anon-1"


ID_FIELDS = (
    "user_id device_id event_type insert_id idfa idfv adid android_id productId group_type group_value global_user_id"
).split()
odd: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([*BLANKS, "user-12345", "日本のユーザー", 12345, 2**60, True, {}, []]),
    st.text(alphabet=" \t\u200b\u00a0ab", max_size=6),
)


@given(
    st.fixed_dictionaries(dict.fromkeys(("event", "userId", "anonymousId", "messageId", "groupId", "name"), odd)), odd
)
@example({"event": [""], "userId": "", "anonymousId": "anon-1"}, "")
@example({"event": "Test", "userId": "user-1"}, "")
def test_nothing_blank_is_ever_sent_as_an_id_or_a_name(event: dict[str, Any], blank: Any) -> None:
    device = {"id": blank, "advertisingId": blank, "idfa": event.get("anonymousId")}
    context = {"device": device, "page": {"referrer": blank}, "campaign": {"source": blank}, "groupId": blank}
    event = {"type": "track", "properties": {"productId": blank}, **event, "context": context}
    for outcome in both(LAW, event):
        for request in outcome.requests:
            items = request.json["events"] if request.json else people(request)
            for item in items if isinstance(items, list) else [items]:
                assert [
                    name for name in ID_FIELDS if name in item and item[name] is not None and is_blank(item[name])
                ] == []
                for operation in ("$set", "$setOnce"):
                    touches = item.get("user_properties", {}).get(operation, {})
                    assert [key for key in touches if key != "note" and is_blank(touches[key])] == []


LAW = rulewright.load(RULES, settings={"apiKey": "KEY"}, checks=False)

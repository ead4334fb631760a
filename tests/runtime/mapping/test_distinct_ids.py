"""Each mapping that sends for one event has insert IDs of its own: Amplitude drops an ID that it has seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.outcome import Outcome, Request

EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Signed Up",
    "userId": "user-1",
    "messageId": "m-1",
    "properties": {"products": [{"price": 5}, {"price": 6}]},
}
RULES = """destination amplitude

mapping "Aliases" -> mapUser {
  when properties.aliases = true
  user_id = userId
  global_user_id = "other-1"
}

mapping "Tracks" -> logEventV2 {
  when properties.tracks = true
  use defaults
  time = properties.time
}

mapping "Sessions" -> sessionId {
  when properties.sessions = true
  use defaults
}

mapping "Leads" -> logEventV2 {
  when properties.leads = true
  use defaults
  event_type = "Lead"
}

mapping "People" -> identifyUser {
  when properties.people = true
  use defaults
  user_properties = { a: 1, "$add": { n: 1 } }
  on conflict split
}

mapping "Orders" -> logPurchase {
  when properties.orders = true
  use defaults
}
"""
NAMES = ("aliases", "tracks", "sessions", "leads", "people", "orders")


@pytest.fixture(scope="module")
def mapper(tmp_path_factory: pytest.TempPathFactory) -> Mapper:
    path: Path = tmp_path_factory.mktemp("further") / "several.rules"
    path.write_text(RULES)
    return rulewright.load(path)


def event(*names: str, **properties: Any) -> dict[str, Any]:
    """The event, taken by some of the mappings."""
    return {**EVENT, "properties": {**EVENT["properties"], **dict.fromkeys(names, True), **properties}}


def insert_ids(requests: list[Request]) -> list[str]:
    """The IDs of all parts, in their order."""
    ids = []
    for request in requests:
        parts = request.json["events"] if request.json else json.loads((request.form or {}).get("identification", "[]"))
        ids += [part["insert_id"] for part in (parts if isinstance(parts, list) else [parts])]
    return ids


def outcomes(mapper: Mapper, given_event: dict[str, Any]) -> list[Outcome]:
    """As an object, and as text."""
    return [mapper(given_event), mapper.map_bytes(json.dumps(given_event))]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["tracks"], ["m-1"]),
        (["leads"], ["m-1"]),
        (["orders"], ["m-1", "m-1-2", "m-1-3"]),
        (["tracks", "leads"], ["m-1", "m-1:Leads"]),
        (["tracks", "orders"], ["m-1", "m-1:Orders", "m-1:Orders-2", "m-1:Orders-3"]),
        (["tracks", "leads", "people"], ["m-1", "m-1:Leads", "m-1:People-plain", "m-1:People"]),
        # neither a mapping without the field nor one that sends nothing takes the ID
        (["aliases", "leads"], ["m-1"]),
        (["sessions", "leads"], ["m-1"]),
        (
            ["aliases", "sessions", "people", "orders"],
            ["m-1-plain", "m-1", "m-1:Orders", "m-1:Orders-2", "m-1:Orders-3"],
        ),
    ],
    ids=lambda value: " ".join(value),
)
def test_further_mappings_have_insert_ids_of_their_own(mapper: Mapper, names: list[str], ids: list[str]) -> None:
    for outcome in outcomes(mapper, event(*names)):
        assert insert_ids(outcome.requests) == ids
        assert outcome.warnings == []


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ({"Tracks": "messageId"}, ["m-1", "m-1:Leads"]),
        ({"Leads": "messageId"}, ["m-1", "m-1"]),
        ({"Leads": '"lead-{{messageId}}"'}, ["m-1", "lead-m-1"]),
        ({"Tracks": "messageId", "Leads": "messageId"}, ["m-1", "m-1"]),
    ],
    ids=str,
)
def test_an_id_that_a_mapping_writes_is_sent_as_written(written: dict[str, str], ids: list[str]) -> None:
    rules = RULES
    for name, value in written.items():
        opening = f'mapping "{name}" -> logEventV2 {{'
        rules = rules.replace(opening, f"{opening}\n  insert_id = {value}")
    for outcome in outcomes(rulewright.load(rules), event("tracks", "leads")):
        assert insert_ids(outcome.requests) == ids


def test_an_id_is_the_same_whether_the_first_mapping_fails(mapper: Mapper) -> None:
    for outcome in outcomes(mapper, event("tracks", "leads", time="soon")):
        assert [failure.mapping for failure in outcome.failures] == ["Tracks"]
        assert insert_ids(outcome.requests) == ["m-1:Leads"]


def test_without_an_insert_id_there_is_none_of_a_further_mapping(mapper: Mapper) -> None:
    without = {**event("tracks", "leads"), "messageId": None}
    for outcome in outcomes(mapper, without):
        assert all("insert_id" not in request.json["events"][0] for request in outcome.requests if request.json)


@given(st.sets(st.sampled_from(NAMES)))
def test_no_two_parts_of_one_event_share_an_insert_id(mapper: Mapper, names: set[str]) -> None:
    for outcome in outcomes(mapper, event(*sorted(names))):
        ids = insert_ids([request for request in outcome.requests if request.mapping != "Aliases"])
        assert len(set(ids)) == len(ids)

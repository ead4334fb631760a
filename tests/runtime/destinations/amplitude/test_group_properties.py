"""A request sets at most 1,024 properties of groups: more go out in several requests, and the queue joins no more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.schedule.partitions import Partitions, QueuedPart
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.large_bodies import count_of_properties
from rulewright.runtime.destinations.amplitude.limits import MOST_GROUP_PROPERTIES
from tests.runtime.destinations.amplitude.action_requests import people, refusal, repaired

GROUP = {"group_type": "company", "group_value": "Acme"}
CODE = "too_many_properties"


def properties(count: int, prefix: str = "p") -> dict[str, Any]:
    return {f"{prefix}{number}": number for number in range(count)}


def sent(values: dict[str, Any], **options: Any) -> tuple[list[dict[str, Any]], list[tuple[str | None, str, str]]]:
    """The properties of each request, and the repairs."""
    requests, repairs = repaired("groupIdentifyUser", {**GROUP, "group_properties": values}, **options)
    return [people(request)[0]["group_properties"] for request in requests], repairs


@pytest.mark.parametrize(
    ("given_properties", "counts"),
    [
        (properties(1), [1]),
        (properties(1024), [1024]),
        (properties(1025), [1024, 1]),
        (properties(2049), [1024, 1024, 1]),
        ({"$set": properties(1024)}, [1024]),
        ({"$set": properties(1020), "$add": properties(10, "n")}, [1024, 6]),
        ({"$setOnce": properties(2000), "$unset": properties(100, "u")}, [1024, 1024, 52]),
    ],
)
def test_more_properties_than_a_request_takes_go_out_in_several(given_properties: Any, counts: list[int]) -> None:
    parts, repairs = sent(given_properties)
    assert [count_of_properties(part) for part in parts] == counts
    total = f"the {sum(counts):,} properties are sent in {len(counts)} requests"
    assert repairs == ([("group_properties", CODE, total)] if len(counts) > 1 else [])


def test_many_properties_are_refused_where_that_is_the_setting() -> None:
    refuse = {"largeBodies": "refuse"}
    failure = refusal("groupIdentifyUser", {**GROUP, "group_properties": properties(1025)}, settings=refuse)
    assert (failure.code, failure.field, failure.message) == (
        CODE,
        "group_properties",
        "has 1,025 properties and may have 1,024",
    )
    assert sent(properties(1024), settings=refuse)[1] == []


def test_many_properties_are_sent_as_they_are_with_checks_off() -> None:
    assert sent(properties(1025), checks=False) == ([properties(1025)], [])


@given(st.dictionaries(st.sampled_from(["$set", "$setOnce", "$unset"]), st.integers(1, 1500), min_size=1))
def test_no_property_is_lost_or_sent_twice(sizes: dict[str, int]) -> None:
    values = {name: properties(size, name.removeprefix("$")) for name, size in sizes.items()}
    parts, _ = sent(values)
    assert all(count_of_properties(part) <= MOST_GROUP_PROPERTIES for part in parts)
    joined: dict[str, Any] = {}
    for part in parts:
        for name, members in part.items():
            assert joined.setdefault(name, {}).keys().isdisjoint(members)
            joined[name] |= members
    assert joined == values


@given(st.lists(st.integers(0, 1200), max_size=12))
def test_the_queue_joins_no_more_properties_than_a_request_takes(sizes: list[int]) -> None:
    adapter = AmplitudeDelivery(Keys("key-1", None))
    partitions = Partitions()
    parts = []
    for number, size in enumerate(sizes):
        (request,), _ = repaired("groupIdentifyUser", {**GROUP, "group_properties": properties(size)}, checks=False)
        (part,) = adapter.parts(request, "stamp")
        parts.append(part)
        partitions.add([QueuedPart(number, number, 1, part.body)])
    counts = dict(enumerate(sizes))
    taken = []
    while partitions.waiting:
        batch = partitions.take(1, adapter.limits(parts[0].route), 0.0)
        assert len(batch) == 1 or sum(counts[item.seq] for item in batch) <= MOST_GROUP_PROPERTIES
        taken += batch
    assert sorted(item.seq for item in taken) == list(counts)

"""Filters on properties: what is dropped or kept, and that the given event never changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.mapping.filters import FilterSteps, drop_paths, keep_paths
from rulewright.runtime.semantics.missing import MISSING
from rulewright.runtime.semantics.property_access import read

Event = dict[str, Any]
EVENT: Event = {
    "type": "track",
    "properties": {"plan": "pro", "total": 5, "card": {"number": "4111", "brand": "visa"}},
    "context": {"ip": "8.8.8.8", "page": None},
}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([("context",)], {"type": "track", "properties": EVENT["properties"]}),
        (
            [("properties", "card", "number")],
            {**EVENT, "properties": {"plan": "pro", "total": 5, "card": {"brand": "visa"}}},
        ),
        ([("context", "ip"), ("context", "page")], {**EVENT, "context": {}}),
        ([("context", "page", "url"), ("nowhere", "at", "all"), ("type", "x")], EVENT),
    ],
)
def test_dropping_takes_the_paths_out(paths: list[FilterSteps], expected: Event) -> None:
    before = copy.deepcopy(EVENT)
    assert drop_paths(EVENT, paths) == expected
    assert before == EVENT


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([("properties", "plan")], {**EVENT, "properties": {"plan": "pro"}}),
        (
            [("properties", "plan"), ("context", "ip")],
            {**EVENT, "properties": {"plan": "pro"}, "context": {"ip": "8.8.8.8"}},
        ),
        ([("properties", "card", "brand")], {**EVENT, "properties": {"card": {"brand": "visa"}}}),
        (
            [("properties", "card"), ("properties", "card", "brand")],
            {**EVENT, "properties": {"card": EVENT["properties"]["card"]}},
        ),
        ([("properties",)], {"properties": EVENT["properties"]}),
        ([("properties",), ("context", "ip")], {"properties": EVENT["properties"], "context": {"ip": "8.8.8.8"}}),
        ([("type",), ("nowhere",)], {"type": "track"}),
        ([()], EVENT),
        ([("properties", "none")], {**EVENT, "properties": {}}),
        ([("context", "page", "url"), ("nowhere", "x")], {**EVENT, "context": {"page": None}}),
    ],
)
def test_keeping_leaves_nothing_beside_the_paths_in_their_objects(paths: list[FilterSteps], expected: Event) -> None:
    before = copy.deepcopy(EVENT)
    assert keep_paths(EVENT, paths) == expected
    assert before == EVENT


ITEM = {"name": "hat", "email": "a@b.c", "tags": ["x", {"email": 1, "n": 2}]}
LISTS: Event = {"p": [ITEM, None, "text", [ITEM, [ITEM, 5]], {"email": None}], "o": {"0": {"a": 1, "b": 2}, "x y": 3}}
BARE = {"name": "hat", "tags": ITEM["tags"]}
DROPPED: dict[str, Any] = {
    "p.email": {"p": [BARE, None, "text", [BARE, [BARE, 5]], {}]},
    "p.tags.email": {
        "p": [
            {**ITEM, "tags": ["x", {"n": 2}]},
            None,
            "text",
            [{**ITEM, "tags": ["x", {"n": 2}]}, [{**ITEM, "tags": ["x", {"n": 2}]}, 5]],
            {"email": None},
        ]
    },
    "p[0].email": {"p": [BARE, *LISTS["p"][1:]]},
    "p[0].email, p.tags": {
        "p": [
            {"name": "hat"},
            None,
            "text",
            [{"name": "hat", "email": "a@b.c"}, [{"name": "hat", "email": "a@b.c"}, 5]],
            {"email": None},
        ]
    },
    "p[3][0].name": {"p": [*LISTS["p"][:3], [{"email": "a@b.c", "tags": ITEM["tags"]}, [ITEM, 5]], {"email": None}]},
    "p[1]": {"p": [ITEM, *LISTS["p"][2:]]},
    "p[0], p[1], p[3]": {"p": ["text", {"email": None}]},
    "p[9].email, p[9], p.length, p.nowhere": {},
    'p."0"': {"p": LISTS["p"][1:]},
    'p."00"': {},
    "o[0].a": {"o": {"0": {"b": 2}, "x y": 3}},
    'o."x y", o."0"': {"o": {}},
    "p, o": {"p": ..., "o": ...},
    "p.email.deeper, p[2].x": {},
}
KEPT: dict[str, Any] = {
    "p.email": {
        "p": [{"email": "a@b.c"}, None, "text", [{"email": "a@b.c"}, [{"email": "a@b.c"}, 5]], {"email": None}]
    },
    "p[0].email": {"p": [{"email": "a@b.c"}]},
    "p[0], p[2]": {"p": [ITEM, "text"]},
    "p[0], p.name": {"p": [ITEM, None, "text", [{"name": "hat"}, [{"name": "hat"}, 5]], {}]},
    "p[3][1][1]": {"p": [[[5]]]},
    "p[9]": {"p": []},
    "o[0].a": {"o": {"0": {"a": 1}}},
    'o."x y"': {"o": {"x y": 3}},
    "o": {"p": ...},
    "o, p[1]": {"p": [None]},
    "nowhere": {"p": ..., "o": ...},
    "nowhere.deeper": {},
    "$": {},
}


CASES = [
    (kind, paths, changes) for kind, cases in (("drop", DROPPED), ("keep", KEPT)) for paths, changes in cases.items()
]


@pytest.mark.parametrize(("kind", "paths", "changes"), CASES)
def test_paths_go_through_lists(kind: str, paths: str, changes: Event) -> None:
    """`changes` are the keys of the event that come out differently, with `...` for one that is gone."""
    statement = f"{kind} {paths}"
    (step,) = rulewright.load(
        f'destination amplitude\n{statement}\nmapping "A" -> mapUser {{ when true }}'
    ).program.filters
    before = copy.deepcopy(LISTS)
    after = (drop_paths if step.kind == "strip" else keep_paths)(LISTS, step.paths)
    assert after == {key: value for key, value in {**LISTS, **changes}.items() if value is not ...}
    assert before == LISTS


NAMES = st.sampled_from(["a", "b", "0"])
EVENTS = st.dictionaries(
    NAMES,
    st.recursive(
        st.sampled_from([0, 1, None, "x"]), lambda inner: st.dictionaries(NAMES, inner) | st.lists(inner), max_leaves=8
    ),
)
PLAIN_STEPS = NAMES | st.integers(0, 2)
STEPS = PLAIN_STEPS | st.sampled_from([(), ("*",), ("a*",)])
PATHS = st.lists(st.lists(STEPS, max_size=3).map(tuple), max_size=3)


def _indexes(paths: list[FilterSteps]) -> bool:
    return any(step == () or str(step).isdigit() for steps in paths for step in steps)


@settings(max_examples=300, deadline=None)
@given(EVENTS, PATHS)
def test_a_filter_changes_no_event_and_does_all_at_once(event: Event, paths: list[FilterSteps]) -> None:
    before = copy.deepcopy(event)
    for filtered in (drop_paths, keep_paths):
        once = filtered(event, paths)
        assert event == before
        # An item that is taken out of a list moves those behind it, so that an index means another one then.
        assert _indexes(paths) or filtered(once, paths) == once


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.lists(PLAIN_STEPS, min_size=1, max_size=3).map(tuple))
def test_what_is_dropped_is_read_nowhere_and_what_is_kept_is_read_as_before(
    event: Event, steps: tuple[str | int, ...]
) -> None:
    assert (read(keep_paths(event, [steps]), steps) == read(event, steps)) or _indexes([steps])
    before, after = read(event, steps[:-1]), read(drop_paths(event, [steps]), steps)
    assert after is MISSING or not isinstance(before, dict)


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.lists(STEPS, max_size=2).map(tuple), st.lists(PLAIN_STEPS, min_size=1, max_size=2).map(tuple))
def test_a_pattern_for_any_key_names_each_key(event: Event, before: FilterSteps, behind: FilterSteps) -> None:
    """Only the keys of objects are named by a pattern: an index in their place is one of a list."""
    pattern = (*before, ("*",), *behind)
    each = [(*before, key, *behind) for key in ("a", "b")]
    if "0" not in str(event):
        assert drop_paths(event, [pattern]) == drop_paths(event, each)


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("drop traits.*email*", {"traits": {"plan": "pro", "Email": 3}}),
        ("drop traits.\\*email*", {}),
        ("drop *.*email*", {"traits": {"plan": "pro", "Email": 3}}),
        ("keep traits.*email*", {"traits": {"email": 1, "work_email": 2}}),
        ("drop p.products[].card", {"p": {"products": [{"sku": 1}, [{"sku": 2}], None]}}),
        ("drop p.products[].*", {"p": {"products": [{}, [{}], None]}}),
        ("keep p.products[].card", {"p": {"products": [{"card": 1}, [{"card": 2}], None]}}),
        ("drop p[].products", {"p": {}}),
        ("drop traits[].plan", {"traits": {"email": 1, "work_email": 2, "Email": 3}}),
        ("drop p.products[][].card", {"p": {"products": [{"sku": 1}, [{"sku": 2}], None]}}),
        ("keep *", {}),
        ("keep t*", {"p": ...}),
    ],
)
def test_patterns_and_items_in_the_path_of_a_filter(filter_: str, expected: Event) -> None:
    """`expected` are the keys of the event that come out differently, with `...` for one that is gone."""
    event: Event = {
        "traits": {"email": 1, "work_email": 2, "Email": 3, "plan": "pro"},
        "p": {"products": [{"card": 1, "sku": 1}, [{"card": 2, "sku": 2}], None]},
    }
    (step,) = rulewright.load(
        f'destination amplitude\n{filter_}\nmapping "A" -> mapUser {{ when true }}'
    ).program.filters
    after = (drop_paths if step.kind == "strip" else keep_paths)(event, step.paths)
    assert after == {key: value for key, value in {**event, **expected}.items() if value is not ...}


def test_filters_stand_before_the_mappings() -> None:
    mapper = rulewright.load(
        """destination amplitude
        drop when context.page.path = "/healthz"
        drop context.ip when type = "track"
        keep properties.plan
        mapping "Track" -> logEventV2 { when type = "track" use defaults }
        """,
        settings={},
    )
    event = {**EVENT, "userId": "user-1", "event": "Test"}
    (request,) = mapper(event).requests
    assert request.json is not None
    (sent,) = request.json["events"]
    assert sent["event_properties"] == {"plan": "pro"}
    assert "ip" not in sent
    assert mapper({**event, "context": {"page": {"path": "/healthz"}}}).dropped

"""The differential run calls a difference explained only where Segment's own answer bears the explanation out."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from differential import divergences
from differential.comparison import compare_mapping, compare_trigger
from differential.recorded import NotRecorded, Recorded, calls, cases
from differential.reference import Reference
from differential.request_divergences import as_amplitude_takes, explain_request
from differential.requests import compare_requests
from tests.long_cases import long_cases


class Answers(Reference):
    """Stands in for Segment's packages: gives what a test says that they give."""

    def __init__(self, answer: Any, alone: Any = None) -> None:
        self.answer, self.alone = answer, alone

    def matches(self, trigger: str, events: list[Any]) -> list[bool | None]:
        return [self.answer for _ in events]

    def outputs(self, mapping: Any, events: list[Any]) -> list[dict[str, Any]]:
        return [self.alone if mapping.keys() == {"part"} else self.answer for _ in events]


ERROR: Any = {"error": "…"}
VALUE: Any = {"value": {}}
REFUSED = {"f": [{"@case": {"operator": "upper", "value": 5}}]}
BROKEN_LIQUID = {"f": {"@liquid": "{{ a | nosuch }}"}}
NO_FORM = {"f": {"@path": {"@path": "$.a"}}}


@pytest.mark.parametrize(
    ("mapping", "answer", "alone", "explanations"),
    [
        # both refuse
        (REFUSED, ERROR, ERROR, []),
        # Segment takes the mapping, and refuses the part by itself: it does not look into lists
        (REFUSED, VALUE, ERROR, [divergences.REFUSED_BY_SEGMENT]),
        # Segment takes both: the refusal is ours, and nothing explains it
        (REFUSED, VALUE, VALUE, [None]),
        (NO_FORM, VALUE, VALUE, [divergences.NO_FORM]),
        # check refuses what Segment renders, or fails on too
        (BROKEN_LIQUID, VALUE, VALUE, [divergences.BROKEN_LIQUID]),
        (BROKEN_LIQUID, ERROR, ERROR, []),
        # Segment refuses what import takes
        ({"f": {"@path": "$.a"}}, ERROR, ERROR, [None]),
        ({"f": {"@path": "$.a"}}, VALUE, VALUE, []),
        ({"f": {"@path": "$.a"}}, {"value": {"f": 1}}, VALUE, [None]),
    ],
)
def test_a_refusal_of_ours_is_not_called_segments_without_its_answer(
    mapping: Any, answer: Any, alone: Any, explanations: list[str | None]
) -> None:
    differences = compare_mapping(Answers(answer, alone), mapping, [{}])
    assert [difference.explanation for difference in differences] == explanations


@pytest.mark.parametrize(
    ("trigger", "event", "answer", "explanations"),
    [
        ('type = "track"', {"type": "track"}, True, []),
        ('type = "track"', {"type": "track"}, False, [None, None]),
        # misread, as its witness says
        ("properties.vip", {"properties": {"vip": True}}, False, [divergences.MISREAD]),
        # Segment takes the witness, the port of its parser does not
        ("properties.vip", {"properties": {"vip": True}}, True, [None, None]),
        # not FQL: what import writes instead must send what Segment sends
        ("((", {"type": "track"}, False, []),
        ("((", {"type": "track"}, True, [None, None]),
    ],
)
def test_a_trigger_is_called_misread_only_where_segment_bears_its_witness_out(
    trigger: str, event: Any, answer: Any, explanations: list[str | None]
) -> None:
    differences = compare_trigger(Answers(answer), trigger, [event])
    assert [difference.explanation for difference in differences] == explanations


@pytest.mark.parametrize("step", [4, *long_cases(1)])
def test_the_recorded_cases_have_no_difference_that_nothing_explains(step: int) -> None:
    segment = Recorded()
    differences = []
    for trigger, mapping, events in islice(cases(), step - 1, None, step):
        differences += compare_trigger(segment, trigger, events)
        differences += compare_mapping(segment, mapping, events)
    assert [difference for difference in differences if difference.explanation is None] == []
    assert {divergences.MISREAD, divergences.REFUSED_BY_SEGMENT} <= {
        difference.explanation for difference in differences
    }


def test_a_question_that_was_not_recorded_says_how_to_record_it() -> None:
    with pytest.raises(NotRecorded, match=r"^Segment was not asked this: run `.* -m differential\.record`") as caught:
        Recorded().outputs({"new": {"@path": "$." + "a" * 1_000}}, [{}])
    assert len(str(caught.value)) < 120


def test_the_recorded_calls_have_no_difference_that_nothing_explains() -> None:
    differences = compare_requests(Recorded(), calls())
    assert [difference for difference in differences if difference.explanation is None] == []
    assert len({difference.explanation for difference in differences}) > 5


EVENT = "[0].json.events[0]"


@pytest.mark.parametrize(
    ("payload", "path", "segment", "ours", "explained"),
    [
        ({"user_id": 1}, f"{EVENT}.user_id", "157963456373623800", "157963456373623809", True),
        ({"user_id": 1}, f"{EVENT}.user_id", "157963456373623800", "257963456373623809", False),
        ({"user_id": " "}, f"{EVENT}.user_id", " ", "absent", True),
        ({"groups": {}}, f"{EVENT}.groups.-9007199254740992", "a", "absent", True),
        ({"user_id": "\ud83d"}, f"{EVENT}.user_id", "\ud83d", "\ufffd", True),
        ({"groups": {"\ud83d": "a"}}, f"{EVENT}.groups.\ud83d", "a", "absent", True),
        ({"groups": {"\ud83d": "a"}}, f"{EVENT}.groups.\ufffd", "absent", "a", True),
        ({"user_id": "user-1"}, f"{EVENT}.user_id", "user-1", "absent", False),
        ({"device_id": ""}, f"{EVENT}.device_id", "absent", "anonymous-1", True),
        ({"time": "yesterday"}, f"{EVENT}.time", 1, "absent", True),
        ({"time": "2024-05-01T12:34:56Z"}, f"{EVENT}.time", 1, 2, False),
        ({"platform": "kiosk"}, f"{EVENT}.platform", "kiOSk", "kiosk", True),
        ({"platform": "web"}, f"{EVENT}.platform", "web", "Web site", False),
        ({"location_lat": " "}, f"{EVENT}.location_lat", 0, "absent", True),
        ({"location_lat": 0}, f"{EVENT}.location_lat", 0, "absent", False),
        ({"price": 5}, f"{EVENT}.revenue", "absent", 5, True),
        ({"price": 5, "quantity": 2}, f"{EVENT}.revenue", 10, 5, False),
        ({"user_properties": {"$set": {}}}, f"{EVENT}.user_properties.$set.a", 1, 2, True),
        ({"user_properties": {"a": 1}}, f"{EVENT}.user_properties.a", 1, 2, False),
        ({"event_type": ""}, "", [], {"error": "event_type: is required and has no value"}, True),
        ({"event_type": "x"}, "", [], {"error": "event_type: is required and has no value"}, False),
        ({"event_type": "x"}, "", {"error": "…"}, [], False),
        ({"products": [{"price": ""}]}, "", {"error": "…"}, [], True),
    ],
)
def test_a_different_value_is_explained_only_by_what_the_event_gives(
    payload: Any, path: str, segment: Any, ours: Any, explained: bool
) -> None:
    assert (explain_request(payload, path, segment, ours) is not None) is explained


def test_a_request_of_segments_is_made_right_before_it_is_compared() -> None:
    mixed = {"plan": "pro", "n": 1, "$set": {"utm_source": ""}, "$setOnce": {"n": 2}}
    request = {"url": "…", "json": {"events": [{"use_batch_endpoint": False, "user_properties": mixed}]}}
    folded = {"$setOnce": {"n": 2}, "$set": {"plan": "pro"}}
    assert as_amplitude_takes(request)["json"] == {"events": [{"user_properties": folded}]}

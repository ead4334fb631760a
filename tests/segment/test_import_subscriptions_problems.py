"""A subscription that cannot be imported is named with its place, and stops no other."""

from __future__ import annotations

from typing import Any

import pytest

import rulewright
from rulewright import import_subscriptions
from rulewright.segment.import_subscriptions import import_file
from rulewright.segment.problems import SegmentFormatError

from .subscriptions import Row, subscription

NONE_FOUND = "no subscriptions found: expected a list, or an object that holds one under `subscriptions`"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (5, NONE_FOUND),
        ([], NONE_FOUND),
        ({}, NONE_FOUND),
        ({"subscriptions": []}, NONE_FOUND),
        ({"data": {"subscriptions": []}}, NONE_FOUND),
        ({"data": {}}, NONE_FOUND),
        ({"subscriptions": 5}, "subscriptions: no subscriptions found: expected a list, found a number"),
        ({"subscriptions": None}, "subscriptions: no subscriptions found: expected a list, found null"),
        (
            {"data": {"answer": subscription()}},
            f"{NONE_FOUND}; `data.answer` looks like one, but import does not look there",
        ),
        ([5], f"{NONE_FOUND}\n[0]: expected a subscription, found a number"),
        (
            [{"partnerAction": "logEventV2"}, {"subscribe": "x"}],
            f"{NONE_FOUND}\n[0]: a subscription needs `subscribe`\n[1]: a subscription needs `partnerAction`",
        ),
        ([subscription(partnerAction="nope")], "[0].partnerAction: Amplitude has no action `nope`"),
        ([subscription(partnerAction=5)], "[0].partnerAction: expected text, found a number; Segment sends nothing"),
    ],
)
def test_what_is_not_a_subscription_is_refused_with_its_place(document: Any, message: str) -> None:
    with pytest.raises(SegmentFormatError) as caught:
        import_subscriptions(document)
    assert str(caught.value) == message


SENDS_NOTHING = "Segment sends nothing"
ODD: tuple[tuple[Row, str, str], ...] = (
    # what is odd, the finding, and how the mapping's first line begins
    ({"subscribe": ""}, "[0].subscribe: expected text, found an empty text; Segment sends nothing", "disabled mapping"),
    ({"subscribe": None}, "[0]: a subscription needs `subscribe`; Segment sends nothing", "disabled mapping"),
    ({"subscribe": 5}, "[0].subscribe: expected text, found a number; Segment sends nothing", "disabled mapping"),
    ({"subscribe": "   "}, "the trigger is not FQL", "disabled mapping"),
    ({"enabled": "no"}, "[0].enabled: expected true or false, found text; the mapping is switched off",
     "disabled mapping"),
    ({"enabled": None}, "[0].enabled: expected true or false, found null; the mapping is switched off",
     "disabled mapping"),
    ({"name": 5}, "[0].name: expected text, found a number", "mapping"),
    ({"mapping": "text"}, '[0].mapping: expected an object, found "text"; Segment takes it as a mapping without fields',
     "# mapping"),
    ({"mapping": None}, "[0].mapping: expected an object, found null; Segment takes it as a mapping without fields",
     "# mapping"),
    ({"mapping": []}, "[0].mapping: expected an object, found a list; Segment takes it as a mapping without fields",
     "# mapping"),
    ({"mapping": {}}, "the mapping is commented out: logEventV2 needs `event_type`, and nothing sets it", "# mapping"),
    ({"mapping": {"event_type": "x", "user_id": {"@literal": {"a": 1}}}},
     "the mapping is commented out: `user_id` takes a string", "# mapping"),
    ({"mapping": {"event_type": "x", "time": {"@nope": 1}}},
     "[0].mapping.time.@nope: Segment has no directive `@nope`", "disabled mapping"),
    ({"mapping": {"event_type": "x", "time": {"@path": {"@path": "$.a"}}}},
     "[0].mapping.time.@path: a text that comes out of the event has no form in the language here", "disabled mapping"),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence", "head"), ODD, ids=[str(changes) for changes, _, _ in ODD])
def test_one_odd_subscription_is_named_and_stops_no_other(changes: Row, sentence: str, head: str) -> None:
    imported = import_file([subscription(name="Odd") | changes, subscription()])
    assert any(finding.sentence.startswith(sentence) for finding in imported.findings)
    [line] = [line for line in imported.text.splitlines() if "mapping" in line and line.endswith("{")][:-1]
    assert line.startswith(f"{head} ")
    mapper = rulewright.load(imported.text, checks=False)
    sent = [request.mapping for request in mapper({"type": "track", "event": "x", "userId": "u-12345"}).requests]
    assert sent == ([line.split('"')[1]] if head == "mapping" else []) + ["Track"]


def test_all_problems_are_listed_and_the_rest_is_imported() -> None:
    odd = {"event_type": {"@path": "$.event"}, "time": {"@nope": 1}, "user_id": {"@case": {"operator": "title"}}}
    odd |= {"device_id": {"@path": 5}}
    imported = import_file([5, subscription(name="Odd", mapping=odd, enabled=1), subscription(partnerAction="nope")])
    assert [finding.sentence for finding in imported.findings] == [
        "[0]: expected a subscription, found a number",
        "[1].enabled: expected true or false, found a number; the mapping is switched off",
        "[1].mapping.time.@nope: Segment has no directive `@nope`",
        "[1].mapping.device_id.@path: expected text or a directive, found a number",
        "[2].partnerAction: Amplitude has no action `nope`",
    ]
    assert imported.text.split("destination amplitude\n\n")[1] == (
        '# "[0]" could not be imported.\n'
        "# [0]: expected a subscription, found a number.\n"
        "\n"
        "# [1].enabled: expected true or false, found a number; the mapping is switched off.\n"
        "# [1].mapping.time.@nope: Segment has no directive `@nope`.\n"
        "# [1].mapping.device_id.@path: expected text or a directive, found a number.\n"
        'disabled mapping "Odd" -> logEventV2 {\n'
        '  when type = "track"\n'
        "  event_type = event\n"
        "  on conflict fold\n"
        "}\n"
        "\n"
        '# "Track" could not be imported.\n'
        "# [2].partnerAction: Amplitude has no action `nope`.\n"
    )

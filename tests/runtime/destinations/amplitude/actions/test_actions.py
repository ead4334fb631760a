"""Actions are declared as Segment's are: names, triggers, fields and titles; and each names itself in its requests."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from rulewright.runtime.action import ActionPages, Binding
from rulewright.runtime.destinations import DESTINATIONS
from tests.paths import ROOT
from tests.runtime.destinations.amplitude.action_requests import send
from tests.runtime.destinations.amplitude.reference_requests import DATA

ACTIONS = DESTINATIONS["amplitude"].actions
FIELDS: dict[str, Any] = json.loads((DATA / "fields.json").read_text())


def test_all_actions_of_segment_are_here_with_their_titles_and_triggers() -> None:
    assert {name: (action.title, action.trigger) for name, action in ACTIONS.items() if not action.ours} == {
        name: (described["title"], described["trigger"]) for name, described in FIELDS.items()
    }


@pytest.mark.parametrize("name", FIELDS)
def test_an_action_has_segments_fields(name: str) -> None:
    def facts(fields: Any) -> dict[str, Any]:
        return {
            key: (
                field["type"],
                bool(field.get("required")),
                bool(field.get("allowNull")),
                bool(field.get("multiple")),
                tuple(choice["value"] for choice in field.get("choices", ())),
                facts(field.get("properties", {})),
            )
            for key, field in fields.items()
        }

    def declared(fields: Any) -> dict[str, Any]:
        return {
            field.name: (
                field.type,
                field.required,
                field.nullable,
                field.multiple,
                field.choices,
                declared(field.fields),
            )
            for field in fields
        }

    own = [field for field in ACTIONS[name].fields if not field.ours]
    segments = facts(FIELDS[name]["fields"])
    if name == "groupIdentifyUser":
        # Segment declares text, and then reads milliseconds as a year; every time here is a time.
        segments["time"] = ("datetime", *segments["time"][1:])
    assert declared(own) == segments
    for field in own:
        described = FIELDS[name]["fields"][field.name]
        assert field.label == described["label"].removeprefix("HIDDEN: ")
        assert field.description
        if field.fields:
            assert field.open == bool(described.get("additionalProperties"))


def test_the_fields_that_segment_does_not_have_are_marked_as_ours() -> None:
    ours = [(name, field.name) for name, action in ACTIONS.items() for field in action.fields if field.ours]
    assert ours == [("identifyUser", "setOnce"), ("identifyUser", "setAlways"), ("identifyUser", "add")]
    assert not any(field in FIELDS[name]["fields"] for name, field in ours)


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("logEvent", {"event_type": "Test"}),
        ("logEventV2", {"event_type": "Test"}),
        ("logPurchase", {"event_type": "Test", "products": [{"price": 1}]}),
        ("identifyUser", {"user_properties": {"a": 1}}),
        ("groupIdentifyUser", {"group_type": "team", "group_value": "red", "group_properties": {"a": 1}}),
        ("mapUser", {"global_user_id": "user-2"}),
    ],
)
def test_a_request_names_its_mapping_and_its_action(action: str, values: dict[str, Any]) -> None:
    requests = send(action, {"user_id": "user-1", **values})
    assert {(request.mapping, request.action, request.method) for request in requests} == {("mapping", action, "POST")}


def test_the_session_plugin_sends_nothing() -> None:
    assert send("sessionId", {"sessionLength": 1000}) == []


def test_the_action_that_contributing_shows_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code, its_test = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[:2]
    shown: dict[str, Any] = {"__name__": "rulewright.runtime.destinations.amplitude.actions.ping"}
    shown["__package__"] = "rulewright.runtime.destinations.amplitude.actions"
    exec(compile(code, "CONTRIBUTING.md", "exec"), shown)  # noqa: S102 -- our own page
    build = shown["ACTION"].bind(Binding("mapping", DESTINATIONS["amplitude"].settings({})))
    (request,) = build({"user_id": "user-1"})
    assert request.json["events"] == [{"user_id": "user-1", "event_type": "Ping", "library": "segment"}]
    (field,) = shown["ACTION"].fields
    assert (field.name, field.required) == ("user_id", True)
    action_of = ActionPages.__getitem__
    monkeypatch.setattr(
        ActionPages, "__getitem__", lambda pages, name: shown["ACTION"] if name == "ping" else action_of(pages, name)
    )
    tests: dict[str, Any] = {}
    exec(compile(its_test, "CONTRIBUTING.md", "exec"), tests)  # noqa: S102 -- our own page
    tests["test_a_ping_is_an_event_of_its_user"]()


@pytest.mark.parametrize("name", ACTIONS)
def test_a_module_has_the_name_of_its_action(name: str) -> None:
    assert ACTIONS[name].name == name


def test_an_unknown_action_is_not_found() -> None:
    assert "unknown" not in ACTIONS
    with pytest.raises(KeyError):
        ACTIONS["unknown"]


@pytest.mark.parametrize("name", ACTIONS)
def test_control_fields_are_parameters_in_the_order_of_the_fields(name: str) -> None:
    action = ACTIONS[name]
    build = action.bind(Binding("mapping", DESTINATIONS["amplitude"].settings({})))
    assert tuple(inspect.signature(build).parameters) == ("payload", *action.control_fields)

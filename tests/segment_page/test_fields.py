"""Each field that the page lists for an action is sent by it, under Amplitude's name."""

from __future__ import annotations

from typing import Any

import pytest

from .sending import Row, event, mapping, objects, sent

PLAIN = {
    "App Version": ("app_version", "3.1"),
    "OS Name": ("os_name", "Android"),
    "OS Version": ("os_version", "14"),
    "Device Brand": ("device_brand", "Acme"),
    "Device Manufacturer": ("device_manufacturer", "Acme"),
    "Device Model": ("device_model", "One"),
    "Carrier": ("carrier", "KPN"),
    "Country": ("country", "NL"),
    "Region": ("region", "Utrecht"),
    "City": ("city", "Amersfoort"),
}
OF_AN_EVENT: dict[str, tuple[str, Any]] = {
    "User ID": ("user_id", "user-7"),
    "Device ID": ("device_id", "device-7"),
    "Event Type": ("event_type", "Bought"),
    "Session ID": ("session_id", 1767323045000),
    "Timestamp": ("time", 1767323045000),
    "Event Properties": ("event_properties", {"a": 1, "b": ["x", "y"]}),
    "User Properties": ("user_properties", {"plan": "pro"}),
    "Groups": ("groups", {"company": "acme"}),
    "Platform": ("platform", "Roku"),
    **PLAIN,
}
OF_A_USER: dict[str, tuple[str, Any]] = {
    "User ID": ("user_id", "user-7"),
    "Device ID": ("device_id", "device-7"),
    "User Properties": ("user_properties", {"plan": "pro"}),
    "Groups": ("groups", {"company": "acme"}),
    "Platform": ("platform", "Roku"),
    **PLAIN,
    "Designated Market Area": ("dma", "Utrecht"),
    "Language": ("language", "nl"),
    "Is Paying": ("paying", True),
    "Initial Version": ("start_version", "1.0"),
    "Insert ID": ("insert_id", "m-1"),
}
FIELDS = {
    "logEvent": OF_AN_EVENT,
    "logEventV2": OF_AN_EVENT,
    "logPurchase": OF_AN_EVENT,
    "identifyUser": OF_A_USER,
    "mapUser": {"User ID": ("user_id", "user-7"), "Global User ID": ("global_user_id", "user-8")},
}
NEEDED = {
    "logEvent": {"user_id": '"user-42"', "event_type": '"Seen"'},
    "logEventV2": {"user_id": '"user-42"', "event_type": '"Seen"'},
    "logPurchase": {"user_id": '"user-42"', "event_type": '"Seen"'},
    "identifyUser": {"user_id": '"user-42"'},
    "mapUser": {"user_id": '"user-42"', "global_user_id": '"user-43"'},
}
CASES = [(action, label, *field) for action, fields in FIELDS.items() for label, field in fields.items()]


@pytest.mark.parametrize(
    ("action", "label", "key", "value"), CASES, ids=[f"{action}: {label}" for action, label, *_ in CASES]
)
def test_a_field_of_the_page_is_sent(action: str, label: str, key: str, value: Any) -> None:
    del label
    lines = [f"{name} = {given}" for name, given in NEEDED[action].items() if name != key]
    (sent,) = objects(mapping(action, *lines, f"{key} = properties.value"), event(properties={"value": value}))
    assert sent[key] == value


GROUP = ("user_id = userId", 'group_type = "company"', "group_value = groupId")
OF_A_GROUP: dict[str, tuple[str, int, str, Any]] = {
    "User ID": ("user_id = properties.value", 0, "user_id", "user-7"),
    "Device ID": ("device_id = properties.value", 0, "device_id", "device-7"),
    "Insert ID": ("insert_id = properties.value", 0, "insert_id", "m-1"),
    "Timestamp": ("time = properties.value", 0, "time", 1767323045000),
    "Group Properties": ("group_properties = properties.value", 1, "group_properties", {"size": 5}),
    "Group Type": ("group_type = properties.value", 1, "group_type", "team"),
    "Group Value": ("group_value = properties.value", 1, "group_value", "blue"),
}


@pytest.mark.parametrize("label", OF_A_GROUP)
def test_a_field_of_a_group_is_sent(label: str) -> None:
    line, request, key, value = OF_A_GROUP[label]
    lines = [given for given in GROUP if given.split(" = ")[0] != key]
    sent = objects(mapping("groupIdentifyUser", *lines, line), event(groupId="acme", properties={"value": value}))
    assert sent[request][key] == value


@pytest.mark.parametrize(
    ("action", "lines"),
    [
        ("mapUser", ("user_id = userId", "global_user_id = previousId")),
        ("groupIdentifyUser", GROUP),
        ("logEventV2", ("user_id = userId", "event_type = event")),
    ],
)
def test_the_minimum_length_of_ids_can_be_lowered(action: str, lines: tuple[str, ...]) -> None:
    given: Row = {**event(userId="u1", previousId="u2", groupId="acme")}
    for body in sent(mapping(action, *lines, "min_id_length = 2"), given):
        assert body["options"] == {"min_id_length": 2}

"""What counts as an edit: what rules mean, and not how they are written."""

from __future__ import annotations

import pytest

from rulewright.diff.edits import Edit

from .rules import TRACK, compared, mapping

NAME = 'event_type = "Viewed {{name}}"'
SAME = [
    ("the text itself", mapping(NAME), mapping(NAME)),
    ("blanks and comments", mapping(NAME), "# a comment\n" + mapping('event_type    =   "Viewed {{ name }}"  # here')),
    ("the order of mappings", mapping() + mapping(name="B"), mapping(name="B") + mapping()),
    ("the order of fields", mapping(NAME, "city = name"), mapping("city = name", NAME)),
    ("a trigger in other words", mapping(), mapping(when='"track" = type and type != "page"')),
    ("what is disabled", mapping(NAME, prefix="disabled "), mapping("city = name", prefix="disabled ")),
    ("a policy that was the default", mapping(), mapping("on conflict reject")),
]


@pytest.mark.parametrize(("old", "new"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_an_equivalent_change_is_not_an_edit(old: str, new: str) -> None:
    assert compared(old, new).edits == []
    assert not compared(old, new).different


EDITS = [
    ("a field", mapping(NAME), mapping("event_type = name"),
     Edit("A", "field", "event_type", '"Viewed {{name}}"', "name")),
    ("a field that came", mapping(), mapping("city = name"), Edit("A", "field", "city", None, "name")),
    ("a field that went", mapping("city = name"), mapping(), Edit("A", "field", "city", "name", None)),
    ("true and 1", mapping("event_properties = { x: true }"), mapping("event_properties = { x: 1 }"),
     Edit("A", "field", "event_properties", "{ x: true }", "{ x: 1 }")),
    ("a policy", mapping("on conflict fold"), mapping("on conflict split"), Edit("A", "conflict", "", "fold", "split")),
    ("an action", mapping(action="logEventV2"), mapping(action="logEvent"),
     Edit("A", "action", "", "logEventV2", "logEvent")),
    ("disabled", mapping(), mapping(prefix="disabled "), Edit("A", "disabled")),
    ("enabled", mapping(prefix="disabled "), mapping(), Edit("A", "enabled")),
    ("wider", mapping(when=f'{TRACK} and event = "x"'), mapping(),
     Edit("A", "wider", gained={"type": "track", "event": "Order Completed"})),
    ("a setting", mapping(), 'settings { endpoint = "europe" }\n' + mapping(),
     Edit(None, "setting", "endpoint", None, '"europe"')),
    ("a filter of paths", "drop traits.email\n" + mapping(), "drop traits.phone\n" + mapping(),
     Edit(None, "filter", "", "drop traits.email", "drop traits.phone")),
    ("another name", mapping(NAME), mapping(NAME, name="B"), Edit("B", "renamed", "", "A", "B")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "edit"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
def test_an_edit(old: str, new: str, edit: Edit) -> None:
    comparison = compared(old, new)
    assert comparison.edits == [edit]
    assert comparison.different


def test_a_new_mapping_and_one_that_is_gone() -> None:
    edits = compared(mapping(name="Old"), mapping(name="New", when='type = "page"')).edits
    assert [(edit.mapping, edit.kind, edit.gained, edit.lost) for edit in edits] == [
        ("New", "new", {"type": "page"}, None),
        ("Old", "gone", None, {"type": "track"}),
    ]


def test_a_renamed_mapping_is_still_compared() -> None:
    edits = compared(mapping(NAME), mapping("event_type = name", name="B")).edits
    assert [(edit.mapping, edit.kind, edit.name) for edit in edits] == [
        ("B", "renamed", ""),
        ("B", "field", "event_type"),
    ]


def test_two_mappings_that_could_be_the_renamed_one_are_new() -> None:
    edits = compared(mapping(NAME), mapping("city = name", name="B") + mapping("country = name", name="C")).edits
    assert [(edit.mapping, edit.kind) for edit in edits] == [("B", "new"), ("C", "new"), ("A", "gone")]

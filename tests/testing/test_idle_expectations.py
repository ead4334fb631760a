"""Expectations that can never fail are shown beside the results of `test`, as `check` reports them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import rulewright

RULES = """destination amplitude

mapping "Users" -> mapUser {{
  when {trigger}
  user_id = userId
}}

test "none" {{
  given {event}
  {expect}
}}
"""
ALIAS = 'type = "alias"'
NO_TYPE = "the event has no `type`, so no mapping takes it and this always holds"
CASES: dict[str, tuple[str, str, str, str]] = {
    "no event at all": (ALIAS, "{ }", "expect nothing", NO_TYPE),
    "no match of it": (ALIAS, "{ userId: 1 }", 'expect no "Users"', NO_TYPE),
    "a type that is a number": (ALIAS, "{ type: 1 }", "expect nothing", "the event has the type 1, which Segment"),
    "of several types": ('type in ["alias", "page"]', "{ }", "expect nothing", NO_TYPE),
    "of every type but one": ('type != "alias"', "{ }", "expect nothing", ""),
    "no condition on the type": ("userId != null", "{ }", "expect nothing", ""),
    "a type that rules take, and Segment does not have": ('type = "order"', '{ type: "order" }', 'expect "Users"', ""),
    "another type that it does not have": ('type = "order"', '{ type: "sale" }', "expect nothing", ""),
    "another type of Segment": (ALIAS, '{ type: "page" }', "expect nothing", ""),
    "a type in other letters, which RW0412 reports": (ALIAS, '{ type: "Page" }', "expect nothing", ""),
    "what fails": (ALIAS, "{ }", 'expect "Users"', ""),
    "no such value": (ALIAS, '{ type: "page" }', "expect no value of traits.email in requests", "no value at `traits"),
    "a value of null": (
        ALIAS, '{ type: "page", traits: { email: null } }', "expect no value of traits.email in requests", "no value",
    ),
    "a value": (ALIAS, '{ type: "page", traits: { email: 1 } }', "expect no value of traits.email in requests", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_can_never_fail_is_shown(tmp_path: Path, name: str) -> None:
    trigger, event, expect, said = CASES[name]
    path = tmp_path / "shop.rules"
    path.write_text(RULES.format(trigger=trigger, event=event, expect=expect))
    for command in (("test", "--laws", "0"), ("check",)):
        done = rulewright(*command, path)
        told = done.stdout + done.stderr
        assert ("RW0708" in told, said in told) == (bool(said), True), told


MISSPELLED: dict[str, tuple[str, str, str]] = {
    "a key of a given event": ('{ type: "alias", usrId: "user-1" }', "", "RW0201"),
    "a key of a case": ('{ type: "alias" }', 'case "a" { "propertes.total": 3 }', "RW0201"),
    "a key inside": ('{ type: "alias", context: { divice: { id: "a" } } }', "", "RW0201"),
    "a type": ('{ type: "Alias" }', "", "RW0412"),
    "a type of a case": ('{ type: "page" }', 'case "a" { type: "Alias" }', "RW0412"),
    "a key that is meant": ('{ type: "alias", properties: { propertes: 1 } }', "", ""),
    "none": ('{ type: "page" }', 'case "a" { userId: "user-1" }', ""),
}


@pytest.mark.parametrize("name", MISSPELLED)
def test_a_key_or_a_type_that_no_event_has_is_shown(tmp_path: Path, name: str) -> None:
    event, case, code = MISSPELLED[name]
    path = tmp_path / "shop.rules"
    path.write_text(RULES.format(trigger=ALIAS, event=event, expect=f"{case}\n  expect nothing"))
    for command in (("test", "--laws", "0"), ("check",)):
        done = rulewright(*command, path)
        told = done.stdout + done.stderr
        assert [shown for shown in ("RW0201", "RW0412") if shown in told] == ([code] if code else []), told


def test_a_suppressed_one_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    comment = "expect nothing  # allow RW0708: an event without a type is dropped by the source"
    path.write_text(RULES.format(trigger=ALIAS, event="{ }", expect=comment))
    assert "RW0708" not in rulewright("test", "--laws", "0", path).stderr


def test_rules_without_a_mapping_that_is_enabled_take_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    text = RULES.format(trigger=ALIAS, event='{ type: "alias", userId: "user-1" }', expect="expect nothing")
    path.write_text(text.replace("mapping", "disabled mapping", 1))
    assert "no mapping is enabled, so this always holds" in rulewright("test", "--laws", "0", path).stderr


def test_tests_in_a_file_of_their_own_and_events_of_files_are_looked_at(tmp_path: Path) -> None:
    rules, _, test = RULES.format(trigger=ALIAS, event='"events.jsonl" line 1', expect="expect nothing").partition(
        "test"
    )
    (tmp_path / "shop.rules").write_text(rules)
    (tmp_path / "shop.test.rules").write_text(f"test{test}")
    (tmp_path / "events.jsonl").write_text('{"payload": {}}\n')
    for command, file in ((("test", "--laws", "0"), "shop.rules"), (("check",), "shop.test.rules")):
        done = rulewright(*command, tmp_path / file)
        assert NO_TYPE in done.stdout + done.stderr

"""Repairs in every account: the same of an object, of its text, of a compiled module and of several workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rulewright
from tests.cli.running import rulewright as command
from tests.paths import ROOT

RULES = """
destination amplitude

mapping "Seen" -> logEventV2 {
  when type = "track"
  user_id = userId
  event_type = event
  event_properties = properties
}

mapping "Orders" -> logPurchase {
  when event = "Order Completed"
  user_id = userId
  event_type = event
  products = properties.products
}

test "a nested list" {
  given { "type": "track", "event": "Seen", "userId": "user-42", "properties": { "m": [[1]] } }
  expect "Seen" { warnings[0].code = "nested_list" and length(warnings) = 1 }
  case "repaired no more" { "properties.m": [1] }
    expect "Seen" { length(warnings) = 0 }
}
"""
EVENT = {"type": "track", "event": "Seen", "userId": "user-42"}
EVENTS: list[dict[str, Any]] = [
    {**EVENT, "properties": {"bio": "x" * 2000, "m": [[1]]}},
    {**EVENT, "properties": {"m": [[2]]}},
    {**EVENT, "properties": {"m": [2]}},
    {**EVENT, "event": "Order Completed", "properties": {"products": [{"name": "é" * 1025, "m": [0, []]}]}},
    {**EVENT, "userId": None, "properties": {"m": [[1]]}},
]
LINES = "".join(f"{json.dumps(event)}\n" for event in EVENTS)
GROUPS = [
    (2, "Seen", "event_properties.m[0]", "nested_list", 1),
    (1, "Seen", "event_properties.bio", "long_string", 1),
    (1, "Seen", "event_properties.products[0].name", "long_string", 4),
    (1, "Seen", "event_properties.products[0].m[1]", "nested_list", 4),
    (1, "Orders", "events[1].event_properties.name", "long_string", 4),
    (1, "Orders", "events[1].event_properties.m[1]", "nested_list", 4),
]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "shop.rules"
    path.write_text(RULES)
    (tmp_path / "events.jsonl").write_text(LINES)
    return path


def events_of(rules: Path) -> tuple[str | Path, ...]:
    """The events beside the rules, and nowhere for the requests."""
    return rules.with_name("events.jsonl"), "-o", os.devnull


def groups(account: dict[str, Any]) -> list[tuple[Any, ...]]:
    assert account["repaired"] == 3
    return [
        (repair["count"], repair["mapping"], repair["field"], repair["code"], repair["first_line"])
        for repair in account["warnings"]
    ]


def test_objects_and_text_give_the_same_warnings(rules: Path) -> None:
    mapper = rulewright.load(rules)
    of_objects = [mapper(event).warnings for event in EVENTS]
    assert of_objects == [mapper.map_bytes(json.dumps(event)).warnings for event in EVENTS]
    assert [len(warnings) for warnings in of_objects] == [2, 1, 0, 4, 0], "a mapping that fails has no warnings"
    assert of_objects[1] == [
        rulewright.Repair(
            "Seen", "event_properties.m[0]", "nested_list", "the list in a list is sent as JSON text: [2]"
        )
    ]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_run_counts_repairs_by_mapping_field_and_code(rules: Path, workers: str) -> None:
    done = command("run", rules, *events_of(rules), "--format", "json", "--workers", workers)
    assert groups(json.loads(done.stderr)) == GROUPS
    unchecked = command("run", rules, *events_of(rules), "--format", "json", "--no-checks")
    assert json.loads(unchecked.stderr)["warnings"] == []


def test_run_says_repairs_in_sentences(rules: Path) -> None:
    lines = command("run", rules, *events_of(rules)).stderr.splitlines()
    at = lines.index("repaired so that the rest could be sent (3 events):")
    assert lines[at + 1] == (
        "  2  Seen  event_properties.m[0]: the list in a list is sent as JSON text: [1]        first at line 1"
    )
    assert len(lines) - at - 1 == len(GROUPS)


def test_a_compiled_module_counts_the_same(rules: Path) -> None:
    module = rules.with_suffix(".py")
    module.write_text(rulewright.compile_source(rules))
    done = subprocess.run([sys.executable, module], input=LINES.encode(), capture_output=True, cwd=ROOT, check=True)
    assert done.stderr.decode() == command("run", rules, *events_of(rules)).stderr.replace("\r", "")


def test_explain_says_repairs_beside_the_request(rules: Path) -> None:
    event = rules.with_name("event.json")
    event.write_text(json.dumps(EVENTS[1]))
    said = "  ! event_properties.m[0]: the list in a list is sent as JSON text: [2]\n"
    assert said in command("explain", rules, event).stdout
    printed = json.loads(command("explain", rules, event, "--format", "json").stdout)
    assert printed["mappings"][0]["warnings"] == [
        {
            "field": "event_properties.m[0]",
            "code": "nested_list",
            "message": "the list in a list is sent as JSON text: [2]",
        }
    ]


def test_a_test_expects_repairs_and_lists_them(rules: Path) -> None:
    done = command("test", rules, "--laws", "0")
    assert done.returncode == 0, done.stdout
    assert "! a nested list  " in done.stdout
    assert "    Seen  event_properties.m[0]: the list in a list is sent as JSON text: [1]\n" in done.stdout
    rules.write_text(RULES.replace("length(warnings) = 1", "length(warnings) = 2"))
    red = command("test", rules, "--laws", "0", "--format", "json")
    assert red.returncode == 1
    first, second = json.loads(red.stdout)["suites"][0]["tests"]
    assert [repair["code"] for repair in first["warnings"]] == ["nested_list"]
    assert second["warnings"] == []


def test_a_snapshot_holds_repairs(rules: Path) -> None:
    given = json.dumps(EVENTS[1])
    rules.write_text(f'{RULES}test "kept" {{\n  given {given}\n  expect snapshot\n}}\n')
    command("test", rules, "--laws", "0", "--update")
    kept = json.loads(rules.with_name("shop.snapshots.json").read_text())
    assert [repair["code"] for repair in kept["kept"]["warnings"]] == ["nested_list"]
    assert command("test", rules, "--laws", "0").returncode == 0


def test_diff_names_what_is_repaired_now_and_no_longer(rules: Path) -> None:
    strict = rules.with_name("strict.rules")
    strict.write_text(RULES.replace("properties\n}", "omit\n}", 1))
    events = rules.with_name("events.jsonl")
    now = command("diff", strict, rules, "--events", events).stdout
    assert "values are repaired: event_properties.m[0]: the list in a list is sent as JSON text: [1]" in now
    no_longer = command("diff", rules, strict, "--events", events, "--format", "json").stdout
    kinds = {(group["kind"], group["name"]) for group in json.loads(no_longer)["recorded"]["groups"]}
    assert ("unrepaired", "nested_list") in kinds

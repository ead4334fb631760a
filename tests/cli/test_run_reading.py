"""`rulewright run` for a person: one event as text, one mapping, and requests over several lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import rulewright as command
from tests.rules_text import ORDERS

RULES = f"""destination amplitude

{ORDERS}
mapping "All" -> logEvent {{
  when type = "track"
  user_id = userId
  event_type = "All"
  event_properties = {{ long: properties.long }}
}}

mapping "People" -> identifyUser {{
  when type = "identify"
  user_id = userId
  user_properties = traits
}}
"""
ORDER = '{"type": "track", "event": "Order", "userId": "user-1"}'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(RULES)
    return tmp_path


@pytest.mark.parametrize("text", [ORDER, f" [{ORDER}]", f'{{"batch": [{ORDER}]}}', f"{ORDER}\n{ORDER}"])
def test_an_event_may_be_given_as_text(shop: Path, text: str) -> None:
    done = command("run", "shop.rules", text, folder=shop)
    assert done.returncode == 0
    assert done.stdout.count('"mapping":"Orders"') == text.count("Order")
    assert "Orders" in command("explain", "shop.rules", ORDER, folder=shop).stdout
    assert command("profile", text, folder=shop).stdout.startswith(f"{text.count('Order')} event")


def test_text_that_is_not_an_event_is_said(shop: Path) -> None:
    done = command("explain", "shop.rules", '{"type": ', folder=shop)
    assert (done.returncode, "is not an event" in done.stderr) == (2, True)
    done = command("run", "shop.rules", '{"type": ', folder=shop)
    assert (done.returncode, "1 failed" in done.stderr) == (1, True)


def test_a_file_and_a_glob_of_such_a_name_come_first(shop: Path) -> None:
    (shop / '{"a"}').write_text(ORDER)
    (shop / "a.jsonl").write_text(ORDER)
    for name in ('{"a"}', "[ab].jsonl"):
        assert command("run", "shop.rules", name, folder=shop).returncode == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_only_the_mappings_that_are_named_count(shop: Path, workers: str) -> None:
    long = {**json.loads(ORDER), "properties": {"long": "x" * 2000}}
    (shop / "events.jsonl").write_text(f'{json.dumps(long)}\n{{"type": "track", "event": "Order"}}\n')
    options = ("--format", "json", "--workers", workers)
    done = command("run", "shop.rules", "events.jsonl", "--mapping", "All", *options, folder=shop)
    account = json.loads(done.stderr)
    assert [json.loads(line)["mapping"] for line in done.stdout.splitlines()] == ["All"]
    assert {group["mapping"] for key in ("failures", "warnings") for group in account[key]} == {"All"}
    both = command("run", "shop.rules", "events.jsonl", "--mapping", "All", "--mapping", "Orders", folder=shop)
    assert both.stdout.count("\n") == 2
    none = command("run", "shop.rules", "events.jsonl", "--mapping", "People", *options, folder=shop)
    assert (none.stdout, json.loads(none.stderr)["unmatched"]) == ("", 2)


@pytest.mark.parametrize(
    ("name", "said"), [("Order", "did you mean `Orders`?"), ("x", "the mappings are `Orders`, `All`")]
)
def test_an_unknown_mapping_is_an_error(shop: Path, name: str, said: str) -> None:
    done = command("run", "shop.rules", ORDER, "--mapping", name, folder=shop)
    assert (done.returncode, done.stdout, said in done.stderr) == (2, "", True)


def test_requests_for_a_person(shop: Path) -> None:
    people = '{"type": "identify", "userId": "user-1", "traits": {"name": "A\\u001b[2J"}}'
    done = command(
        "run", "shop.rules", f"{ORDER}\n{people}", "--mapping", "Orders", "--mapping", "People", "--pretty", folder=shop
    )
    first, second, rest = done.stdout.split("\n\n")
    assert first.splitlines()[:3] == ['line 1  "Orders" -> logEvent', "POST https://api2.amplitude.com/2/httpapi", "{"]
    assert json.loads(first.split("\n", 2)[2])["events"][0]["event_type"] == "Order"
    body = json.loads(second.split("\n", 2)[2])
    assert body["identification"]["user_properties"] == {"name": "A\x1b[2J"}
    assert ("\x1b" in done.stdout, rest) == (False, "")
    assert command("run", "shop.rules", ORDER, "--pretty", "--workers", "2", folder=shop).returncode == 2

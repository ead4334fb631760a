"""Laws in `rulewright test`: what is printed and written, and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.running import Done, rulewright

from .trials import HEAD, ORDERS, law

HELD = law('for any event where type = "page"\nexpect no "Orders"', "pages are left alone")
TRIED = law("for any event where traits.address.city != null\nexpect no value of traits.address.street in requests\n"
            'expect no value of userId in requests', "no user is named")  # fmt: skip
RULES = HEAD + ORDERS + HELD


def command(folder: Path, text: str, *options: str | Path) -> Done:
    path = folder / "shop.rules"
    path.write_text(text, encoding="utf-8")
    return rulewright("test", path, "--laws-seconds", "10000", "--laws", "40", *options)


def test_laws_that_hold_are_named(tmp_path: Path) -> None:
    done = command(tmp_path, RULES)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert lines[1].split(maxsplit=1) == ["✔", "pages are left alone  proved"]
    assert lines[2].split()[:4] == ["✔", "3", "built-in", "laws"]
    assert "\n1 law holds." in done.stdout


def test_law_that_is_broken_ends_with_1(tmp_path: Path) -> None:
    done = command(tmp_path, RULES + TRIED)
    assert done.returncode == 1
    assert "✘ law: no user is named" in done.stdout
    assert 'got       "Orders" sends it in requests[0].json.events[0].user_id: "u-12345"' in done.stdout
    assert "because   shop.rules:5  user_id = userId" in done.stdout
    assert '\ntest "no user is named" {\n  given {\n    "type": "track",' in done.stdout
    assert "2 laws, 1 does not hold" in done.stdout


def test_json_has_every_law(tmp_path: Path) -> None:
    done = command(tmp_path, RULES + TRIED, "--format", "json")
    whole = json.loads(done.stdout)
    assert (whole["laws"], whole["laws_failed"]) == (5, 1)
    laws = {law["name"]: law for law in whole["suites"][0]["laws"]}
    assert laws["pages are left alone"]["status"] == "proved"
    assert laws["pages are left alone"]["place"]["line"] == 12
    assert laws["no request breaks a limit"]["built_in"]
    broken = laws["no user is named"]
    assert broken["status"] == "broken"
    assert broken["event"]["userId"] == "u-12345"
    assert broken["test"].startswith('test "no user is named" {')
    assert broken["misses"][0]["expectation"] == "expect no value of userId in requests"


def test_junit_has_a_suite_of_laws(tmp_path: Path) -> None:
    command(tmp_path, RULES + TRIED, "--junit", tmp_path / "out.xml")
    _, laws = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (laws.attrib["tests"], laws.attrib["failures"]) == ("5", "1")
    (failure,) = laws.iter("failure")
    assert failure.attrib["message"].startswith("expect no value of userId in requests")
    assert failure.text is not None
    assert 'test "no user is named" {' in failure.text


def test_name_chooses_laws_as_well(tmp_path: Path) -> None:
    assert command(tmp_path, RULES + TRIED, "-k", "left alone").returncode == 0
    assert command(tmp_path, RULES + TRIED, "-k", "is named").returncode == 1
    assert command(tmp_path, RULES + TRIED, "-k", "nothing of this name").returncode == 1


def test_laws_that_are_turned_off_are_said(tmp_path: Path) -> None:
    text = RULES + 'test "t" { given { type: "page" } expect nothing }\n' + TRIED
    done = command(tmp_path, text, "--laws", "0")
    assert done.returncode == 0
    assert done.stderr.endswith("shop.rules: 2 laws were not tried, because of `--laws 0`\n")


def test_laws_without_hypothesis_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("rulewright.laws.") or name == "hypothesis"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    done = command(tmp_path, RULES)
    assert done.returncode == 1
    install = "not tried: install `hypothesis`: `pip install 'rulewright[laws]'`"
    assert install in done.stdout
    done = command(tmp_path, HEAD + ORDERS + 'test "t" { given { type: "page" } expect nothing }\n')
    assert done.returncode == 0
    assert done.stderr.endswith(f"the built-in laws were {install}\n")


def test_recorded_events_are_tried(tmp_path: Path) -> None:
    (tmp_path / "recorded.jsonl").write_text('{"type": "track", "event": "Order Completed", "userId": "ab"}\n')
    text = HEAD + ORDERS + law('for any event where event = "Order Completed" and type = "track"\nexpect "Orders"')
    assert command(tmp_path, text).returncode == 0
    done = command(tmp_path, text, "--events", tmp_path / "recorded.jsonl")
    assert done.returncode == 1
    assert 'got       "Orders" fails: user_id: "ab" is shorter than 5 characters' in done.stdout


def test_test_whose_event_has_no_value_shows_nothing(tmp_path: Path) -> None:
    text = HEAD + ORDERS + 'test "t" { given { type: "page" } expect no value of traits.address.city in requests }\n'
    done = command(tmp_path, text)
    assert done.returncode == 1
    assert "the event has no value there, so nothing was tried" in done.stdout
    proved = text.replace("traits.address.city in", "traits.email in")
    assert command(tmp_path, proved).returncode == 0

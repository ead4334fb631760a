"""`rulewright lineage`: four formats, personal data, and paths that must not leave."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.running import rulewright as command
from tests.paths import ROOT

RULES = """destination amplitude

drop traits.phone

mapping "Orders <b>|`" -> logEvent {
  when type = "track"
  user_id = userId
  event_type = event
  event_properties = properties
  user_properties = traits
  city = lowercase(context.location.city)
}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(RULES)
    return tmp_path


def test_text_has_a_line_for_each_way(shop: Path) -> None:
    out = command("lineage", "shop.rules", folder=shop).stdout
    assert re.search(r"city +context.location.city  through lowercase$", out, re.MULTILINE)
    assert re.search(r"user_properties +traits, without traits.phone$", out, re.MULTILINE)
    assert "read to decide: type" in out


def test_events_unfold_whole_objects(shop: Path) -> None:
    event = {"type": "track", "event": "A", "properties": {"total": 1, "lines": [{"sku": "x"}]}, "traits": {"phone": 1}}
    other = {"type": "page", "properties": {"title": "never taken"}}
    (shop / "events.jsonl").write_text(f"{json.dumps(event)}\nnot json\n{json.dumps(other)}\n")
    data = json.loads(
        command("lineage", "shop.rules", "--events", "events.jsonl", "--format", "json", folder=shop).stdout
    )
    below = {flow["source"]: flow["below"] for flow in data["flows"] if flow["role"] == "value"}
    assert below["properties"] == ["properties.total", "properties.lines[].sku"]
    assert below["traits"] == []


def test_a_file_without_events_is_an_error(shop: Path) -> None:
    (shop / "events.jsonl").write_text("not json\n")
    done = command("lineage", "shop.rules", "--events", "events.jsonl", folder=shop)
    assert done.returncode == 2
    assert "`events.jsonl` cannot" in done.stderr
    assert "it begins with `not json`" in done.stderr


def test_a_tracking_plan_unfolds_whole_objects(shop: Path) -> None:
    plan = {"type": "object", "properties": {"properties": {"properties": {"plan_key": {"type": "string"}}}}}
    (shop / "plan.json").write_text(json.dumps(plan))
    (shop / "shop.rules").write_text(RULES.replace("drop", 'source schema "plan.json"\n\ndrop', 1))
    assert "properties.plan_key" in command("lineage", "shop.rules", folder=shop).stdout


def test_personal_data_is_shown_with_its_way(shop: Path) -> None:
    out = command("lineage", "shop.rules", "--personal", "--personal-path", "properties.salary", folder=shop).stdout
    assert re.search(r'^traits.email\n  "Orders .* -> logEvent: user_properties  in `traits`', out, re.MULTILINE)
    assert "\nproperties.salary\n" in f"\n{out}"
    assert "traits.phone" not in out


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("traits.email", 1, "`traits.email` reaches logEvent.user_properties"),
        ("traits.phone", 0, "`traits.phone` reaches no request: proved for every event"),
        ("context.ip", 0, "`context.ip` reaches no request: proved for every event"),
        ("contxt.ip", 2, "unknown path `contxt.ip`"),
        ("trait.email", 2, "did you mean `traits`?"),
        ("lowercase(a)", 2, "expected a path"),
        ("context.location.citty", 2, "unknown path"),
        ("traits.emial", 2, "did you mean `email`?"),
        ("traits.*mail*", 1, "`traits.*mail*` reaches logEvent.user_properties"),
        ("traits.*phone", 1, "reaches logEvent.user_properties"),
        ("properties.products.card", 2, "properties.products[].card"),
    ],
)
def test_a_forbidden_path(shop: Path, path: str, code: int, said: str) -> None:
    done = command("lineage", "shop.rules", "--forbid", path, folder=shop)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_wrong_rules_are_shown(shop: Path) -> None:
    (shop / "shop.rules").write_text(RULES.replace("city", "citty"))
    done = command("lineage", "shop.rules", folder=shop)
    assert done.returncode == 1
    assert "RW0202" in done.stderr


class Page(HTMLParser):
    """Counts the elements of a page, and collects its text."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_one_file_without_scripts_and_with_all_flows(shop: Path) -> None:
    done = command("lineage", "shop.rules", "--format", "html", "-o", "lineage.html", folder=shop)
    assert (done.returncode, done.stdout) == (0, "")
    text = (shop / "lineage.html").read_text()
    page = Page()
    page.feed(text)
    assert not {"script", "link", "img", "b"} & set(page.names)
    assert "http" not in text.replace("http-equiv", "")
    assert "Orders <b>|`" in page.text
    assert page.names.count("path") == 10  # five ways into the mapping, and five out of it


def test_markdown_keeps_its_tables_whatever_the_rules_hold(shop: Path) -> None:
    lines = command("lineage", "shop.rules", "--format", "markdown", folder=shop).stdout.splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert r"## Orders \<b\>\|\` → logEvent" in lines


@pytest.mark.parametrize("rules", ["rules/amplitude/presets.rules", "examples/shop.rules"])
def test_shipped_rules_have_their_lineage_in_each_format(rules: str) -> None:
    for form in ("text", "json", "markdown", "html"):
        done = command("lineage", ROOT / rules, "--format", form)
        assert (done.returncode, done.stderr) == (0, "")
        assert "context.ip" in done.stdout


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_control_characters_of_rules_and_events_do_not_reach_a_terminal(form: str, tmp_path: Path) -> None:
    hostile = RULES.replace("Orders <b>|`", r"Orders \u001b[2J\u0085").replace("userId", 'properties."k\x9b2J"')
    name = "shop\x1b[31m\u202e.rules"
    (tmp_path / name).write_text(hostile)
    (tmp_path / "events.jsonl").write_text(json.dumps({"type": "track", "properties": {"\x1b[31m\u202e": 1}}))
    options = ("--format", form, "--events", "events.jsonl", "--forbid", "properties")
    done = command("lineage", name, *options, folder=tmp_path)
    assert "u001b" in done.stdout + done.stderr or "x1b" in done.stdout + done.stderr
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout + done.stderr)

"""Every command that reads events reads each form of an input, and none takes nothing read for nothing wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.runtime.inputs.forms import COMPRESSIONS, EVENTS, FORMS, LINES, TEXTS

from .running import rulewright

RULES = """
destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track"
  event_type = event
  user_id = userId
  event_properties = { total: properties.total }
}
"""
EDITED = RULES.replace("total:", "sum:")
NAMES = list(FORMS)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "orders.rules"
    path.write_text(RULES)
    (tmp_path / "edited.rules").write_text(EDITED)
    return path


@pytest.fixture(params=[*NAMES, *(f"array in {name}" for name in COMPRESSIONS)])
def events(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "events.data"
    form, _, compression = request.param.partition(" in ")
    path.write_bytes(COMPRESSIONS[compression](FORMS[form]) if compression else FORMS[form])
    return path


def test_run_maps_each_form_alike(rules: Path, events: Path, tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(LINES)
    done = rulewright("run", rules, events)
    assert (done.returncode, done.stdout) == (0, rulewright("run", rules, tmp_path / "events.jsonl").stdout)
    assert "40 events: 40 matched" in done.stderr
    assert ("reading `" in done.stderr) == (not events.read_bytes().removeprefix(b"\xef\xbb\xbf").startswith(b'{"type'))


def test_the_other_commands_read_each_form(rules: Path, events: Path, tmp_path: Path) -> None:
    diff = rulewright("diff", rules, tmp_path / "edited.rules", "--events", events)
    assert (diff.returncode, "In 40 events, 40 of 40 requests change." in diff.stdout) == (1, True)
    check = rulewright("check", rules, "--events", events)
    assert (check.returncode, check.stdout.partition(" in ")[0]) == (0, "no findings"), check
    explained = rulewright("explain", rules, events, "--line", "40")
    assert "Order 39" in explained.stdout
    with rules.open("a") as file:
        file.write(f'\ntest "the last" {{\n  given "{events.name}" line 40\n  expect "Orders"\n}}\n')
    assert "1 test passed" in rulewright("test", rules, "--laws", "0").stdout


def commands(rules: Path) -> list[list[str | Path]]:
    """All commands that read many events, but for their name."""
    return [["run", rules], ["diff", rules, rules, "--events"], ["check", rules, "--events"]]


NOTHING = {
    "an empty file": (b"", "it is empty"),
    "blank lines": (b"\n \n", "it is empty"),
    "an empty archive": (gzip.compress(b""), "it is empty"),
    "an empty array": (b"[]", "its list is empty"),
    "an empty batch": (b'{"batch": []}', "its list is empty"),
    "a header": (b"type,event\n", "it has no rows"),
}


@pytest.mark.parametrize("name", NOTHING)
def test_no_event_is_an_error_with_its_cause(rules: Path, tmp_path: Path, name: str) -> None:
    content, cause = NOTHING[name]
    (tmp_path / "events").write_bytes(content)
    for command in commands(rules):
        done = rulewright(*command, tmp_path / "events")
        assert (done.returncode, f"holds no events: {cause}" in done.stderr) == (2, True), command
    assert rulewright("explain", rules, tmp_path / "events").returncode == 2


REFUSED = [LINES.decode().encode("utf-16"), bytes(100), b"PK\x03\x04" + bytes(60), gzip.compress(LINES * 99)[:-30]]


@pytest.mark.parametrize("content", REFUSED, ids=["UTF-16", "binary", "zip", "cut off"])
def test_what_cannot_be_read_ends_with_two(rules: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "events").write_bytes(content)
    for command in commands(rules):
        done = rulewright(*command, tmp_path / "events")
        assert (done.returncode, "cannot be read: " in done.stderr) == (2, True), command
        assert "Traceback" not in done.stderr


def test_text_that_is_not_json_fails_line_by_line_in_run_and_is_refused_elsewhere(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "events").write_text("hello\nworld\n")
    done = rulewright("run", rules, tmp_path / "events")
    assert (done.returncode, "2 failed" in done.stderr) == (1, True)
    for command in commands(rules)[1:]:
        refused = rulewright(*command, tmp_path / "events")
        assert (refused.returncode, "no line of it is a JSON object" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("lines", "options", "code"),
    [
        (['{"type": "track"}', '{"type": "track"}'], [], 1),
        (["no", '{"type": "track"}'], [], 1),
        ([TEXTS[0], '{"type": "track"}'], [], 0),
        ([TEXTS[0], '{"type": "track"}'], ["--strict"], 1),
        (['{"type": "page"}', '{"type": "track"}'], [], 0),
        ([TEXTS[0]], [], 0),
    ],
)
def test_run_ends_with_one_when_nothing_went_well(rules: Path, lines: list[str], options: list[str], code: int) -> None:
    assert rulewright("run", rules, *options, given="\n".join(lines)).returncode == code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    for name, content in {
        "b/2.jsonl.gz": gzip.compress(LINES),
        "a/1.json": FORMS["array"],
        "c.csv": FORMS["CSV of JSON"],
        "d.jsonl": b'{"type": "track"}\n',
        "_SUCCESS": b"",
        ".hidden": b"\0",
        "_temporary/x": b"\0",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_is_read_file_by_file_in_order(rules: Path, folder: Path) -> None:
    done = rulewright("run", rules, folder)
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()] == list(range(1, 121))
    assert "121 events: 120 matched" in done.stderr
    assert f"first at line 1 of `{folder / 'd.jsonl'}`" in done.stderr
    assert f"reading `{folder / 'a' / '1.json'}` and on: a JSON array\n" in done.stderr


def test_a_glob_takes_what_it_matches(rules: Path, folder: Path) -> None:
    assert "80 events" in rulewright("run", rules, f"{folder}/[ab]/*").stderr
    assert "40 events" in rulewright("run", rules, f"{folder}/**/*.gz").stderr
    none = rulewright("run", rules, f"{folder}/*.parquet")
    assert (none.returncode, f"no file matches `{folder}/*.parquet`" in none.stderr) == (2, True)


def test_a_file_whose_name_is_a_glob_is_that_file(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "day[1].jsonl").write_bytes(LINES)
    assert "40 events" in rulewright("run", rules, tmp_path / "day[1].jsonl").stderr


def test_an_empty_folder_is_refused(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = rulewright("run", rules, tmp_path / "empty")
    assert (done.returncode, "holds no files" in done.stderr) == (2, True)


def test_standard_input_may_be_of_any_form(rules: Path) -> None:
    assert "40 events: 40 matched" in rulewright("run", rules, given=FORMS["array, pretty"].decode()).stderr
    assert len(EVENTS) == 40


def test_events_on_standard_input_are_read_once(rules: Path) -> None:
    done = rulewright("check", rules, rules, "--events", "-", given=TEXTS[0])
    assert (done.returncode, "standard input can be read once" in done.stderr) == (2, True)

"""`rulewright.toml`: what a project says once holds for every command, and what is wrong in it is an error."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import rulewright
from rulewright.files.project import Project, project
from tests.cli.running import rulewright as command
from tests.paths import ROOT

RULES = """destination amplitude

mapping "Tracks" -> logEventV2 {
  when type = "track"
  use defaults
  on conflict fold
}

mapping "Orders" -> logPurchase {
  when type = "track" and event = "Order"
  use defaults
  on conflict fold
}

test "an order" {
  given { "type": "track", "event": "Order", "userId": "user-1" }
  expect "Orders"
}
"""
EVENT = '{"type": "track", "event": "Order", "userId": "user-1"}\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(RULES)
    (tmp_path / "events.jsonl").write_text(EVENT)
    (tmp_path / "below").mkdir()
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "rulewright.toml").write_text(text)


def test_commands_take_the_files_of_the_project_also_below_its_folder(shop: Path) -> None:
    write(shop, 'rules = ["shop.rules"]')
    for folder, name in ((shop, "shop.rules"), (shop / "below", "../shop.rules")):
        assert f" in {name} " in command("check", folder=folder).stdout
        assert command("fmt", "--check", folder=folder).returncode == 0
        assert "1 test passed" in command("test", "--laws", "0", folder=folder).stdout


def test_without_files_and_without_a_project_the_way_out_is_said(shop: Path) -> None:
    for name in ("check", "fmt", "test"):
        done = command(name, folder=shop)
        assert done.returncode == 2
        assert "name the rule files, or list them as `rules` in rulewright.toml" in done.stderr


def test_files_on_the_command_line_come_first(shop: Path) -> None:
    write(shop, 'rules = ["gone.rules"]')
    assert " in shop.rules " in command("check", "shop.rules", folder=shop).stdout


def test_the_search_ends_at_the_root_of_a_repository(shop: Path) -> None:
    write(shop, 'rules = ["shop.rules"]')
    (shop / "below" / ".git").mkdir()
    assert command("check", folder=shop / "below").returncode == 2


def test_another_file_can_be_named_or_none(shop: Path) -> None:
    write(shop, "wrong = 1")
    (shop / "other.toml").write_text('rules = ["shop.rules"]')
    assert command("--project", "other.toml", "check", folder=shop).returncode == 1
    assert command("--project", "off", "check", "shop.rules", folder=shop).returncode == 1
    missing = command("--project", "gone.toml", "check", folder=shop)
    assert (missing.returncode, "gone.toml" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    ("level", "code", "said"),
    [
        ("error", 1, "error[RW0403]"),
        ("warning", 0, "warning[RW0403]"),
        ("note", 0, "note[RW0403]"),
        ("off", 0, "1 turned off by rulewright.toml"),
    ],
)
def test_severities(shop: Path, level: str, code: int, said: str) -> None:
    write(shop, f'rules = ["shop.rules"]\nfail-on = "error"\n[severity]\nRW0403 = "{level}"\n')
    done = command("check", folder=shop)
    assert (done.returncode, said in done.stdout) == (code, True)
    facts = json.loads(command("check", "--format", "json", folder=shop).stdout)
    assert facts["turned_off"] == (level == "off")
    assert [finding["severity"] for finding in facts["findings"] if finding["code"] == "RW0403"] == [level] * (
        level != "off"
    )


def test_events_and_coverage_have_defaults_that_an_option_overrides(shop: Path) -> None:
    write(shop, 'rules = ["shop.rules"]\nevents = "none.jsonl"\nfail-under = 99\n')
    assert "none.jsonl" in command("check", folder=shop / "below").stderr
    assert "none.jsonl" not in command("check", "--events", "events.jsonl", folder=shop).stderr
    assert "none.jsonl" in command("lineage", "shop.rules", folder=shop).stderr
    assert command("test", "--laws", "0", folder=shop).returncode == 1
    assert command("test", "--fail-under", "0", "--laws", "0", folder=shop).returncode == 0
    assert command("test", "-k", "order", "--laws", "0", folder=shop).returncode == 0


def test_the_plan_of_the_project_is_for_rules_that_name_none(shop: Path) -> None:
    plan = {
        "type": "object",
        "properties": {"properties": {"type": "object", "properties": {"total": {"type": "string"}}}},
    }
    (shop / "plan.json").write_text(json.dumps(plan))
    (shop / "shop.rules").write_text(RULES.replace('event = "Order"', 'event = "Order" and properties.total > 5', 1))
    codes = []
    for text in ('rules = ["shop.rules"]', 'rules = ["shop.rules"]\nplan = "plan.json"'):
        write(shop, text)
        printed = json.loads(command("check", "--format", "json", folder=shop).stdout)["findings"]
        codes.append({finding["code"] for finding in printed})
    assert codes[1] - codes[0]
    write(shop, 'rules = ["shop.rules"]\nplan = "gone.json"')
    done = command("check", folder=shop)
    assert done.returncode == 1
    assert (
        "error[RW0001]: `gone.json` cannot be read: no such file or directory\n  rulewright.toml:2:1\n" in done.stdout
    )


def test_settings_override_those_of_the_rules_in_every_process(shop: Path) -> None:
    write(shop, '[settings]\nendpoint = "europe"\n')
    for more in ((), ("--workers", "2")):
        done = command("run", "shop.rules", "events.jsonl", *more, folder=shop)
        assert "https://api.eu.amplitude.com" in done.stdout
    assert "https://api.eu.amplitude.com" in command("explain", "shop.rules", "events.jsonl", folder=shop).stdout
    write(shop, '[settings]\nendpont = "europe"\n')
    assert "did you mean `endpoint`" in command("run", "shop.rules", "events.jsonl", folder=shop).stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("evnts = 'x'", "rulewright.toml:1: unknown key `evnts`; did you mean `events`?"),
        ("\nrules = 'x'", 'rulewright.toml:2: `rules`: expected a list, found "x"'),
        ("rules = ['']", "rulewright.toml:1: `rules`"),
        ("fail-under = 101", "rulewright.toml:1: `fail-under`: expected less than or equal to 100, found 101"),
        (
            "[severity]\nRW0403 = 'of'",
            "rulewright.toml:2: `severity.RW0403`: expected 'error', 'warning', ",
        ),
        ("[severity]\nRW9999 = 'off'", "rulewright.toml:2: unknown code `RW9999`"),
        ("[severity]\nRW0202 = 'off'", "rulewright.toml:2: `RW0202` is an error, and errors keep their severity"),
        ("[settings]\napiKey = 'k'", "rulewright.toml:2: `apiKey` is a secret: set it in the environment"),
        ("rules = [", "rulewright.toml: the file is not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_an_error_with_its_line(shop: Path, text: str, said: str) -> None:
    write(shop, text)
    done = command("check", "shop.rules", folder=shop)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("settings", "finding"),
    [
        ('endpont = "europe"', "error[RW0207]: amplitude has no setting `endpont`\n  rulewright.toml:4:1\n"),
        ('endpoint = "mars"', 'error[RW0305]: `endpoint` cannot be `"mars"`\n  rulewright.toml:4:1\n'),
        ("batchSize = 5", "error[RW0207]: amplitude has no setting `batchSize`\n  rulewright.toml:4:1\n"),
        ('consentCategories = ["Ads"]', ""),
        ('endpoint = "europe"', ""),
    ],
)
def test_settings_that_no_mapper_would_take_are_findings(shop: Path, settings: str, finding: str) -> None:
    write(shop, f'rules = ["shop.rules"]\nfail-on = "error"\n[settings]\n{settings}\n')
    done = command("check", folder=shop)
    assert (done.returncode, finding in done.stdout) == (1 if finding else 0, True)
    assert ("rulewright.toml" in done.stdout) == bool(finding)
    # With recorded events, a mapper is made of the rules.
    assert finding in command("check", "--events", "events.jsonl", folder=shop).stdout


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("explain shop.rules events.jsonl", 1),
        ("test shop.rules", 1),
        ("run shop.rules events.jsonl", 1),
        ("run shop.rules events.jsonl --workers 2", 1),
        ("lineage shop.rules --events events.jsonl", 2),
        ("diff shop.rules shop.rules --events events.jsonl", 2),
        ("send shop.rules --input events.jsonl --dry-run", 2),
        ("init events.jsonl", 2),
    ],
)
@pytest.mark.parametrize("setting", ['endpoint = "mars"', "filter = 1"])
def test_settings_that_no_mapper_would_take_end_a_command_with_a_sentence(
    shop: Path, setting: str, line: str, code: int
) -> None:
    write(shop, f"[settings]\n{setting}")
    done = command(*line.split(), folder=shop)
    name = setting.split()[0]
    assert (done.returncode, f"settings of amplitude: {name}: " in done.stderr) == (code, True), done.stderr


def test_files_of_the_project_that_are_not_there_are_said_to_be_of_it(shop: Path) -> None:
    write(shop, 'rules = ["gone.rules"]')
    for name in ("check", "fmt", "test"):
        done = command(name, folder=shop)
        assert (done.returncode, done.stdout) == (2, "")
        assert "rulewright.toml: `rules`: there is no file or folder `gone.rules`" in done.stderr
    write(shop, 'rules = ["shop.rules"]\nevents = "gone.jsonl"')
    done = command("check", folder=shop)
    assert done.returncode == 2
    assert "`gone.jsonl` cannot be read: no such file or directory (`events` in rulewright.toml)" in done.stderr


def test_a_project_file_that_cannot_be_used_does_not_stop_commands_that_need_none(shop: Path) -> None:
    write(shop, "wrong = 1")
    done = command("doctor", folder=shop)
    assert done.returncode == 1
    assert "rulewright.toml:1: unknown key `wrong`" in done.stdout
    assert command("completion", "bash", folder=shop).returncode == 0
    assert command("check", "shop.rules", folder=shop).returncode == 2


def test_a_library_call_does_not_see_the_project(shop: Path) -> None:
    write(shop, '[settings]\nendpoint = "europe"\n')
    command("run", "shop.rules", "events.jsonl", folder=shop)
    assert project.get() == Project()
    mapper = rulewright.load(shop / "shop.rules", settings={"apiKey": "k"})
    assert mapper(json.loads(EVENT)).requests[0].url == "https://api2.amplitude.com/2/httpapi"


def test_the_schema_takes_what_the_reader_takes() -> None:
    schema = json.loads((ROOT / "docs/rulewright.schema.json").read_text())
    good = {"rules": ["a.rules"], "fail-on": "error", "severity": {"RW0403": "off"}, "settings": {"endpoint": "europe"}}
    jsonschema.validate(good, schema)
    for wrong in ({"evnts": "x"}, {"rules": "x"}, {"fail-under": 101}, {"severity": {"RW0403": "of"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)

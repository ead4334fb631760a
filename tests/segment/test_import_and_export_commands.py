"""The commands `import`, `export` and `compile`: what they write where, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group

from .subscriptions import subscription

GOOD = json.dumps([subscription()])
MISREAD = json.dumps([subscription(subscribe='!(type = "track")')])


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(group, list(arguments), input=given, catch_exceptions=False)


def test_subscriptions_become_a_rule_file() -> None:
    result = run("import", "-", given=GOOD)
    assert result.exit_code == 0
    assert result.stdout.startswith("# Imported from Segment.")
    assert result.stderr == ""


def test_a_mapping_becomes_an_expression() -> None:
    result = run("import", "-", given='{"a": {"@path": "$.b"}, "action": "x"}')
    assert (result.exit_code, result.stdout) == (0, '{ a: b, action: "x" }\n')


def test_a_misread_trigger_is_a_finding(tmp_path: Path) -> None:
    output = tmp_path / "shop.rules"
    result = run("import", "-", "--output", str(output), given=MISREAD)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        '"Track": Segment misreads the trigger: `!` before parentheses is ignored\n'
        '  for example {"type": "track"}: Segment sends it, the rule does not\n'
        '  Segment reads type = "track"\n'
    )
    assert 'when !(type = "track")' in output.read_text(encoding="utf-8")


def test_a_program_gets_json() -> None:
    result = run("import", "-", "--format", "json", given=MISREAD)
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["rules"].startswith("# Imported from Segment.")
    assert report["findings"] == [
        {
            "mapping": "Track",
            "sentence": "Segment misreads the trigger: `!` before parentheses is ignored",
            "misreading": {
                "reasons": ["`!` before parentheses is ignored"],
                "segment": 'type = "track"',
                "event": {"type": "track"},
                "meant": False,
            },
        }
    ]


def test_json_that_is_not_from_segment_is_reported_in_one_line() -> None:
    for given in ("{", '{"a": {"@nope": 1}}', '[{"partnerAction": "nope", "subscribe": "x"}]'):
        result = run("import", "-", given=given)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "document",
    [
        {"data": {"subscription": {"some": "object"}}},
        [],
        [{"partnerAction": "logEventV2", "mapping": {"event_type": {"@path": "$.event"}}}],
        {"subscriptions": []},
        {"some": "object"},
        5,
        "text",
        None,
    ],
)
def test_a_document_without_subscriptions_is_an_error(document: Any) -> None:
    result = run("import", "-", given=json.dumps(document))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("<standard input>: no subscriptions found: expected a list, or an object")


def test_a_broken_subscription_is_named_and_the_others_are_imported() -> None:
    broken = subscription(name="Broken", mapping={"event_type": "x", "time": {"@nope": 1}, "user_id": {"@path": 5}})
    result = run("import", "-", given=json.dumps([broken, subscription()]))
    assert result.exit_code == 1
    assert result.stderr == (
        '"Broken": [0].mapping.time.@nope: Segment has no directive `@nope`\n'
        '"Broken": [0].mapping.user_id.@path: expected text or a directive, found a number\n'
    )
    assert 'disabled mapping "Broken" -> logEventV2 {' in result.stdout
    assert '\nmapping "Track" -> logEventV2 {' in result.stdout


def test_all_problems_of_a_mapping_are_listed() -> None:
    result = run("import", "-", given='{"a": {"@nope": 1}, "b": {"@path": null}}')
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "<standard input>: a.@nope: Segment has no directive `@nope`\n"
        "<standard input>: b.@path: expected text or a directive, found null\n"
    )


def test_rules_become_subscriptions(tmp_path: Path) -> None:
    rules = tmp_path / "shop.rules"
    rules.write_text(run("import", "-", given=GOOD).stdout, encoding="utf-8")
    result = run("export", str(rules))
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [{**subscription(), "enabled": True}]


def test_what_segment_cannot_say_is_named_with_its_place() -> None:
    rules = 'destination amplitude\nmapping "A" -> mapUser {\n  when type = "alias"\n  user_id = trim(userId)\n}\n'
    result = run("export", "-", given=rules)
    assert (result.exit_code, json.loads(result.stdout)) == (1, [])
    assert result.stderr == "<standard input>:4:13: `user_id` of `A`: Segment has no function `trim`\n"
    report = json.loads(run("export", "-", "--format", "json", given=rules).stdout)
    assert report == {
        "subscriptions": [],
        "unsaid": [
            {
                "sentence": "`user_id` of `A`: Segment has no function `trim`",
                "file": "<standard input>",
                "line": 4,
                "column": 13,
            }
        ],
        "differences": [],
    }


def test_what_segment_computes_otherwise_is_written_and_named() -> None:
    rules = """destination amplitude
mapping "A" -> logPurchase {
  when type = "track"
  use defaults
  user_properties = omit
  price = properties.total
}
"""
    sentence = "`price` of `A`: Segment multiplies a total by the quantity"
    result = run("export", "-", given=rules)
    assert (result.exit_code, [row["name"] for row in json.loads(result.stdout)]) == (1, ["A"])
    assert result.stderr == f"<standard input>:6:3: {sentence}\n"
    report = json.loads(run("export", "-", "--format", "json", given=rules).stdout)
    assert (len(report["subscriptions"]), report["unsaid"]) == (1, [])
    assert report["differences"] == [{"sentence": sentence, "file": "<standard input>", "line": 6, "column": 3}]


def test_rules_with_errors_are_not_exported() -> None:
    result = run("export", "-", given="mapping")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[" in result.stderr


def many(count: int, field: str = "userId") -> str:
    mapping = 'mapping "{0}" -> mapUser {{ when type = "alias" and userId = "{0}" user_id = {1} }}'
    return "\n".join(["destination amplitude", *(mapping.format(number, field) for number in range(count))])


def test_fifty_mappings_are_exported_and_more_are_refused() -> None:
    fifty = run("export", "-", given=many(50))
    assert (fifty.exit_code, len(json.loads(fifty.stdout)), fifty.stderr) == (0, 50, "")
    for form in ("text", "json"):
        more = run("export", "-", "--format", form, given=many(51))
        assert (more.exit_code, more.stdout) == (1, "")
        assert "error[RW0503]: 51 mappings, and Segment takes at most 50" in more.stderr
        assert more.stderr.endswith("1 finding; nothing was written\n")


def test_mappings_without_a_form_do_not_count() -> None:
    result = run("export", "-", given=many(51, "trim(userId)") + many(50).removeprefix("destination amplitude"))
    assert result.exit_code == 1
    assert "RW0208" in result.stderr, "two mappings of one name are an error first"
    mixed = many(50) + '\nmapping "X" -> mapUser { when type = "alias" and userId = "x" user_id = trim(userId) }'
    result = run("export", "-", given=mixed)
    assert (result.exit_code, len(json.loads(result.stdout))) == (1, 50)
    assert result.stderr.count("\n") == 1


def test_any_number_of_mappings_is_checked_and_compiled(tmp_path: Path) -> None:
    rules = tmp_path / "many.rules"
    rules.write_text(many(51), encoding="utf-8")
    assert run("check", str(rules)).exit_code == 0
    assert run("compile", str(rules)).exit_code == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("event_type = 5 +", "RW0105"),
        ('nosuch = "x"', "RW0202"),
        ("user_id = { a: 1 }", "RW0301"),
        ('event_type = "Viewed " + name', "RW0301"),
        ('user_properties = { a: 1, "$set": { b: 2 } }', "RW0501"),
        ("on conflict fold", "RW0304"),
    ],
)
def test_nothing_is_compiled_of_rules_in_which_a_check_finds_an_error(body: str, code: str, tmp_path: Path) -> None:
    rules, module = tmp_path / "shop.rules", tmp_path / "shop.py"
    action, identity = ("identifyUser", "") if code == "RW0304" else ("logEventV2", "\n  device_id = anonymousId")
    named = "" if "event_type" in body or code == "RW0304" else '\n  event_type = "x"'
    rules.write_text(
        f'destination amplitude\nmapping "A" -> {action} {{\n  when type = "page"{named}{identity}\n  {body}\n}}\n',
        encoding="utf-8",
    )
    for options in ([], ["-o", str(module)]):
        result = run("compile", str(rules), *options)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"error[{code}]" in result.stderr
        assert result.stderr.endswith("; nothing was written\n")
    assert not module.exists()
    assert f"error[{code}]" in run("check", str(rules)).stdout


def test_warnings_do_not_keep_rules_from_being_compiled(tmp_path: Path) -> None:
    rules = tmp_path / "shop.rules"
    rules.write_text(
        'destination amplitude\nmapping "A" -> identifyUser {\n  when match(event, "[x-]")\n  user_id = userId\n}\n',
        encoding="utf-8",
    )
    result = run("compile", str(rules))
    assert result.exit_code == 0
    assert "PROGRAM = " in result.stdout

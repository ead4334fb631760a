"""The rules that ship and the example have tests that try all of them: people learn from them."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rulewright import MISSING, compile_expression
from rulewright.dsl import ast
from rulewright.dsl.format.expressions import expression_to_text
from rulewright.loading.catalog import catalog
from rulewright.loading.rule_files import read_rules, read_rules_text
from tests.cli.running import rulewright
from tests.paths import ROOT

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
SHOP = ROOT / "examples" / "shop.rules"


@pytest.mark.parametrize("rules", [PRESETS, SHOP], ids=["presets", "shop"])
def test_every_clause_branch_and_missing_value_is_tried(rules: Path) -> None:
    """`make rules`, a part of `make test`, tries their laws on more events."""
    done = rulewright("test", rules, "--fail-under", "100", "--laws", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "triggers 100 %  fields 100 %" in done.stdout


@pytest.mark.parametrize(
    ("rules", "failures"), [(PRESETS, {"time": 2, "event_properties": 2}), (SHOP, {"time": 2, "event_properties": 1})],
    ids=["presets", "shop"],
)  # fmt: skip
def test_recorded_events_bring_the_failures_that_were_put_there_alone(rules: Path, failures: dict[str, int]) -> None:
    done = rulewright("check", rules, "--events", ROOT / "examples" / "events.jsonl", "--format", "json")
    printed = json.loads(done.stdout)["findings"]
    assert {finding["code"] for finding in printed} == {"RW0507"}
    assert Counter(finding["message"].split("`")[3] for finding in printed) == failures


def test_coverage_falls_without_one_of_the_tests(tmp_path: Path) -> None:
    text = SHOP.with_name("shop.test.rules").read_text(encoding="utf-8")
    (tmp_path / "shop.rules").write_text(SHOP.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "shop.test.rules").write_text(text.split('test "a company is a group"')[0], encoding="utf-8")
    assert rulewright("test", tmp_path / "shop.rules", "--fail-under", "100", "--laws", "1").returncode == 1


@cache
def given_events() -> list[dict[str, Any]]:
    """The events of the tests of the presets."""
    text = PRESETS.with_name("presets.test.rules").read_text(encoding="utf-8")
    statements = [statement for item in read_rules_text(text).items for statement in getattr(item, "body", ())]
    given = [statement.event for statement in statements if isinstance(statement, ast.Given) and statement.event]
    return [compile_expression(expression_to_text(event))({}) for event in given]


ACTIONS = sorted({item.action for item in read_rules(PRESETS).items if isinstance(item, ast.Mapping)})


@pytest.mark.parametrize("action", ACTIONS)
def test_every_default_has_a_value_in_a_test_of_the_presets(action: str) -> None:
    defaults = catalog().destinations["amplitude"].defaults(action)
    assert defaults is not None
    untried = []
    for line in defaults.body:
        if isinstance(line, ast.Assign):
            value = compile_expression(expression_to_text(line.value))
            if all(value(event) in (MISSING, None, {}) for event in given_events()):
                untried.append(line.field)
    assert untried == []

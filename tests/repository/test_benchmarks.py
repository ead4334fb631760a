"""The rules that benchmarks generate have no findings. The benchmarks stop at a finding, also at one of a new kind."""

from __future__ import annotations

import pytest

from benchmarks.generated_rules import PATHS, mappings, triggers
from rulewright.checking import check
from rulewright.loading.rule_files import read_rules_text


@pytest.mark.parametrize("changed", [0, 1])
def test_generated_mappings_have_no_findings(changed: int) -> None:
    # The fields rotate through the paths: with as many mappings as paths, each field has had each path.
    assert check(read_rules_text(mappings(len(PATHS), changed), "many.rules")).findings == []


def test_generated_triggers_have_no_errors() -> None:
    findings = check(read_rules_text(triggers(6, not_indexable=3), "triggers.rules")).findings
    assert [finding for finding in findings if finding.severity == "error"] == []

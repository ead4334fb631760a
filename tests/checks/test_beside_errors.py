"""An error in a mapping or a filter hides nothing that is wrong with another part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.checking import Checker
from rulewright.dsl.diagnostics.diagnostic import Diagnostic

RULES = """\
destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track" and propertis.total = 1
  use defaults
  user_properties = omit
  city = propertys.town
  country = if(contex.ip = "x", contxt.ip, omit)
  region = traits.nmae
}

drop traits.emial when tpe = "track"
"""

ERRORS = {
    "unknown field": ("  region =", "  regoin ="),
    "unknown function": ("  city = propertys.town", "  city = towncase(propertys.town)"),
    "wrong number of arguments": ("  city = propertys.town", "  city = lowercase(propertys.town, 1)"),
    "syntax": ("  use defaults", "  use defaults\n  carrier = properties.carrier properties.x"),
    "value is missing": ("  use defaults", "  use defaults\n  carrier ="),
    "wrong type": ("  use defaults", "  use defaults\n  event_properties = 5"),
    "duplicate field": ("  use defaults", "  use defaults\n  carrier = 1\n  carrier = 2"),
    "always fails": ("  use defaults", '  use defaults\n  user_id = "a"'),
    "unknown policy": ("  use defaults", "  use defaults\n  on conflict flod"),
    "required field": ("  use defaults\n", ""),
    "unknown action": ("logEventV2", "logEventV3"),
    "unknown destination": ("destination amplitude", "destination amplitud"),
    "no destination": ("destination amplitude", ""),
    "duplicate name": ("drop", 'mapping "Orders" -> logEventV2 {\n  when type = "page"\n  use defaults\n}\n\ndrop'),
    "error in the filter": ('when tpe = "track"', 'when tpe = "track" and towncase(event) = 1'),
    "error in the trigger": ("propertis.total = 1", "towncase(propertis.total) = 1"),
}


def findings_of(folder: Path, text: str) -> list[Diagnostic]:
    path = folder / "shop.rules"
    path.write_text(text, encoding="utf-8")
    return Checker().check(path).findings


def of_paths(findings: list[Diagnostic]) -> set[tuple[str, str]]:
    """The message of each finding on a path, and the word that it is about."""
    return {(finding.message, finding.span.text) for finding in findings if finding.code == "RW0201"}


@pytest.mark.parametrize(("before", "after"), ERRORS.values(), ids=ERRORS)
def test_findings_on_paths_are_reported_beside_every_error(tmp_path: Path, before: str, after: str) -> None:
    expected = of_paths(findings_of(tmp_path, RULES))
    assert len(expected) == 7
    assert before in RULES
    findings = findings_of(tmp_path, RULES.replace(before, after, 1))
    assert any(finding.severity == "error" for finding in findings)
    assert of_paths(findings) == expected


def test_values_and_patterns_are_looked_at_beside_an_error(tmp_path: Path) -> None:
    rules = """\
destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "trak" and match(event, "^Order")
  use defaults
  user_propertys = omit
  revenue = 5
  city = "${properties.town}"
}
"""
    codes = [finding.code for finding in findings_of(tmp_path, rules)]
    assert codes == ["RW0412", "RW0413", "RW0202", "RW0508", "RW0312"]


def test_nothing_is_proved_of_a_mapping_with_an_error(tmp_path: Path) -> None:
    rules = """\
destination amplitude

mapping "Never" -> logEventV2 {
  when type = "track" and type = "page"
  use defaults
  user_propertys = omit
}

mapping "Same" -> logEventV2 {
  when type = "track"
  use defaults
  user_properties = omit
}
"""
    codes = [finding.code for finding in findings_of(tmp_path, rules)]
    assert [code for code in codes if code in ("RW0403", "RW0404")] == []

"""A module that `rulewright compile` writes is all that a service needs: a mapper, and the version that wrote it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import rulewright
from rulewright.version import VERSION

RULES = """
destination amplitude
mapping "mapper" -> logEvent {
  when type = "track"
  use defaults
  revenue = number(properties.total)
}
"""
EVENT: dict[str, Any] = {"type": "track", "event": "x", "userId": "user-1", "properties": {"total": "9"}}


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    path = tmp_path / "compiled_rules.py"
    path.write_text(rulewright.compile_source(RULES), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("compiled_rules", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize("event", [EVENT, {**EVENT, "userId": "u"}, {**EVENT, "properties": {"total": "no"}}])
def test_its_mapper_is_that_of_the_rules(module: ModuleType, checks: bool, event: dict[str, Any]) -> None:
    settings = {"apiKey": "KEY"}
    expected = rulewright.load(RULES, settings=settings, checks=checks)(event)
    assert module.mapper(settings, checks)(event) == expected
    assert module.mapper(settings=settings, checks=checks)(event) == expected


def test_its_mapper_refuses_what_load_refuses(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="did you mean `apiKey`"):
        module.mapper(settings={"api_key": "KEY"})
    with pytest.raises(TypeError, match="expected checks as True or False"):
        module.mapper(checks="no")


def test_it_names_the_version_that_wrote_it(module: ModuleType) -> None:
    assert module.RULEWRIGHT == VERSION


def test_it_needs_neither_the_language_nor_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "compiled_rules.py").write_text(rulewright.compile_source(RULES), encoding="utf-8")
    code = (
        "import sys, compiled_rules\n"
        "assert compiled_rules.mapper()({'type': 'page'}).matched == []\n"
        "names = [name for name in sys.modules if name.startswith(('lark', 'rulewright.dsl', 'rulewright.compiler'))]\n"
        "assert names == [], names\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)

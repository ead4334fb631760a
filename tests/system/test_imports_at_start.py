"""What a start imports: a compiled module, the smallest command, and rules that were compiled before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rulewright
from tests.paths import ROOT

RULES = """
destination amplitude
mapping "A" -> logEvent {
  when type = "track"
  use defaults
  user_properties = omit
}
"""
EVENT = {"type": "track", "event": "x", "userId": "user-1"}
LIBRARIES_OF_MAPPING = {"msgspec", "orjson", "can_ada"}


def imported(code: str, *arguments: str, cwd: Path) -> set[str]:
    """The modules that a new process has imported by the end of some code."""
    code = f"import sys, atexit\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n{code}"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=cwd)
    return set(done.stderr.splitlines()[-1].split())


def libraries(modules: set[str]) -> set[str]:
    """The installed packages among modules, without those that an import of `site` brings."""
    at_start = {name.partition(".")[0] for name in imported("", cwd=ROOT)}
    named = {name.partition(".")[0] for name in modules} - at_start
    return {name for name in named - {"rulewright", "of_mine"} if name not in sys.stdlib_module_names}


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """The folder of a compiled module `of_mine`."""
    (tmp_path / "of_mine.py").write_text(rulewright.compile_source(RULES))
    return tmp_path


def test_a_compiled_module_imports_what_mapping_needs(module: Path) -> None:
    code = f"import of_mine\nassert of_mine.mapper()({EVENT!r}).requests[0].body"
    modules = imported(code, cwd=module)
    assert "rulewright.runtime.mapper" in modules
    # msgspec imports typing_extensions where it is installed.
    assert libraries(modules) <= LIBRARIES_OF_MAPPING | {"typing_extensions"}
    large = {"importlib.metadata", "importlib.resources", "difflib", "hashlib", "multiprocessing", "socket", "logging"}
    at_start = imported("", cwd=module)
    assert modules & large <= at_start
    actions = "rulewright.runtime.destinations.amplitude.actions."
    assert {name for name in modules if name.startswith(actions)} == {f"{actions}log_event"}
    packages = ("rulewright.dsl", "rulewright.compiler", "rulewright.runtime.delivery")
    assert [name for name in modules if name.startswith(packages)] == []


def test_the_version_is_shown_without_any_rules() -> None:
    code = "import sys\nsys.argv = ['rulewright', '--version']\nfrom rulewright.cli import main\nmain()"
    modules = imported(code, cwd=ROOT)
    assert libraries(modules) == {"click"}
    packages = ("rulewright.dsl", "rulewright.compiler", "rulewright.runtime")
    of_streams = {"rulewright.runtime", "rulewright.runtime.standard_streams"}
    assert {name for name in modules if name.startswith(packages)} == of_streams


def test_run_of_known_rules_imports_neither_parser_nor_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "a.rules").write_text(RULES)
    (tmp_path / "a.jsonl").write_text(json.dumps(EVENT))
    code = "from rulewright.cli import main\nsys.argv[0] = 'rulewright'\nmain()"
    arguments = ("run", "a.rules", "a.jsonl", "-o", os.devnull)
    imported(code, *arguments, cwd=tmp_path)
    modules = imported(code, *arguments, cwd=tmp_path)
    assert libraries(modules) <= LIBRARIES_OF_MAPPING | {"click", "platformdirs", "typing_extensions"}
    heavy = (
        "multiprocessing",
        "concurrent",
        "socket",
        "lark",
        "jinja2",
        "rulewright.dsl.syntax",
        "rulewright.compiler.ir",
    )
    assert [name for name in modules if name.startswith(heavy)] == []

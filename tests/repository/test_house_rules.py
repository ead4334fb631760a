"""The tree follows its house rules: packages, folders, words, and files that stay small."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict

import pytest

from rulewright.runtime.destinations import BUILT_IN
from tests.paths import ROOT, ROOT_FOLDERS

PACKAGE = ROOT / "src" / "rulewright"
FOLDERS = (*(ROOT / source for source in ROOT_FOLDERS), PACKAGE)
TESTS = ROOT / "tests"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def packages_in_tree() -> set[str]:
    """A folder with modules is a package; one that is not listed would be left out of the wheel without a word."""
    outside = {
        ".".join(("rulewright", *path.parent.relative_to(ROOT).parts))
        for source in ROOT_FOLDERS
        for path in (ROOT / source).rglob("__init__.py")
    }
    own = {".".join(path.parent.relative_to(PACKAGE.parent).parts) for path in PACKAGE.rglob("__init__.py")}
    return outside | own | {"rulewright.diagnostic_pages"}  # docs/diagnostics/


def test_every_package_is_listed() -> None:
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == packages_in_tree()


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for source in FOLDERS for path in source.rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


NOT_OF_A_FOLDER = {"attack", "equality", "pages", "repository", "segment_page", "system"}
"""Tests of the whole program, of `docs/` and one page there, and of what the repository says of itself."""


def test_tests_mirror_the_tree() -> None:
    """The tests of a folder are in a folder, and so may be those of a module with many aspects."""
    folders = {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}
    subjects = {
        folder: [above / end for above in (ROOT, PACKAGE) for end in (folder, f"{folder}.py")] for folder in folders
    }
    own = {folder for folder in folders if not any(subject.exists() for subject in subjects[folder])}
    assert own == NOT_OF_A_FOLDER


def test_tests_at_the_root_are_those_of_modules_at_the_root() -> None:
    names = [path.name.removeprefix("test_") for path in TESTS.glob("test_*.py")]
    assert [name for name in names if not (PACKAGE / name).exists()] == []


@pytest.mark.parametrize("source", ["dsl", "compiler"])
def test_the_language_and_its_compiler_know_no_destination(source: str) -> None:
    files = [path for path in (ROOT / source).rglob("*") if path.suffix in (".py", ".lark", ".j2")]
    assert files
    assert [path.name for path in files if "amplitude" in path.read_text().lower()] == []


GENERIC = (
    "runtime/delivery",
    "runtime/mapping",
    "runtime/destination.py",
    "runtime/action.py",
    "runtime/generated.py",
    "src/rulewright/loading/catalog.py",
    "src/rulewright/delivery.py",
    "src/rulewright/destination_page.py",
    "src/rulewright/reference_pages.py",
    "src/rulewright/cli/send.py",
    "src/rulewright/cli/run.py",
    "src/rulewright/cli/sessions.py",
    "src/rulewright/cli/status.py",
    "src/rulewright/cli/dead_letters.py",
    "src/rulewright/cli/doctor.py",
    "src/rulewright/cli/functions.py",
    "src/rulewright/cli/init.py",
)
"""Delivery and the public package, which send, count and describe whatever destination the rules name."""


@pytest.mark.parametrize("source", GENERIC)
def test_generic_code_names_no_destination(source: str) -> None:
    files = [*(ROOT / source).rglob("*.py")] if (ROOT / source).is_dir() else [ROOT / source]
    assert files
    named = [f"{path.name}: {name}" for path in files for name in BUILT_IN if name in path.read_text().lower()]
    assert named == []


def test_what_several_tests_use_is_in_a_module_of_its_own() -> None:
    """Who looks for it does not look among tests, and a test that moves takes nothing with it."""
    of_tests = re.compile(r"^from (tests)?[\w.]*\.test_\w+ import|^import tests[\w.]*\.test_", re.MULTILINE)
    assert [path.name for path in TESTS.rglob("*.py") if of_tests.search(path.read_text())] == []


def test_files_stay_small_and_say_what_they_are_for() -> None:
    for folder in (*FOLDERS, TESTS):
        for path in folder.rglob("*.py"):
            text = path.read_text()
            if text or folder != TESTS:  # an `__init__.py` of tests is empty
                assert text.startswith('"""'), path
            assert text.count("\n") <= 330, path


WRITTEN_WITH_ITS_MODULE = ("dsl/ast/", "compiler/ir.py")
"""`ast.Mapping` is what the author wrote, and `ir.Mapping` what it means."""
SHARED_NAMES = {
    "And": "formulas and sets of values are combined alike",
    "Delivered": "an answer to a request, and the end of a delivery from Spark: both are public",
    "FakeExchange": "one for each destination",
    "FakeTrial": "one for each destination",
    "Options": "Amplitude's own name for a public model, and how to deliver",
    "Refused": "parts of a request, and a payload: destinations of other packages import both",
}
"""The classes whose name another one has too, with the reason."""


def test_a_class_has_a_name_of_its_own() -> None:
    files = defaultdict(set)
    for path in (path for source in FOLDERS for path in source.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                files[node.name].add("module" if name.startswith(WRITTEN_WITH_ITS_MODULE) else name)
    shared = {name for name, places in files.items() if len(places - {"module"}) > 1}
    assert shared == SHARED_NAMES.keys()

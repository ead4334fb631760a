"""Which tests run which lines, and how long each takes: recorded once, and again for each test file that changes."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Generator
from pathlib import Path
from time import process_time
from typing import Any

import coverage
import hypothesis
import pytest

from tests.law_examples import limit_examples

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "mutation"
COVERAGE = FOLDER / "coverage"
INDEX = FOLDER / "tests.json"
OWN = ("rulewright", "tests", "mutation", "benchmarks", "differential", "examples", "__main__", "__mp_main__")

PYTEST_OPTIONS = (
    *("-q", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # plugins are imported before pytest starts
)

PAGES = "tests/test_reference_pages.py"
FEW = 30
MOST_EXAMPLES = 30
"""Of one law, in a recording and in a trial: a fault that a law can find is mostly found by the first of them."""


class FewExamples:
    """A pytest plugin that tries each law on few examples, always the same, and shrinks none."""

    def pytest_sessionstart(self) -> None:
        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        checks = list(hypothesis.HealthCheck)
        hypothesis.settings.register_profile(
            "mutation", deadline=None, derandomize=True, database=None, phases=phases, suppress_health_check=checks
        )
        hypothesis.settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        limit_examples(items, MOST_EXAMPLES)


class Recorder(FewExamples):
    """A pytest plugin that notes under which test each line runs."""

    def __init__(self) -> None:
        sources = [f"{ROOT}/compiler/*", f"{ROOT}/runtime/*"]
        self.coverage = coverage.Coverage(data_file=str(COVERAGE), config_file=False, include=sources)
        # Tests of tools run no line of the sources.
        self.coverage.set_option("run:disable_warnings", ["no-data-collected"])
        self.coverage.load()
        self.seconds: dict[str, float] = {}

    def pytest_sessionstart(self) -> None:
        super().pytest_sessionstart()
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.coverage.switch_context(item.nodeid)
        result = yield
        self.coverage.switch_context("")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        began = process_time()  # work, and not the clock: the machine may be busy
        result = yield
        self.seconds[item.nodeid] = process_time() - began
        return result

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        self.coverage.save()


class Recording:
    """What is known of the tests."""

    def __init__(self) -> None:
        self._index: dict[str, Any] = json.loads(INDEX.read_text()) if INDEX.exists() else {"files": {}, "sources": {}}
        self._lines: dict[str, dict[int, list[str]]] = {}

    @property
    def modules(self) -> list[str]:
        """The modules of others that the tests import."""
        return list(self._index["modules"])

    @property
    def seconds(self) -> dict[str, float]:
        return {name: spent for file in self._index["files"].values() for name, spent in file["tests"].items()}

    def stale(self, test_files: list[str]) -> list[str]:
        known = self._index["files"]
        return [file for file in test_files if file not in known or known[file]["digest"] != _digest(file)]

    def record(self, test_files: list[str], sources: list[str]) -> None:
        """Runs test files, and keeps what is known of all others. A test that fails without a mutant is not used."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        digests = {file: _digest(file) for file in (*test_files, *sources)}
        recorder = Recorder()
        pytest.main(["--tb=short", *PYTEST_OPTIONS, *test_files], plugins=[recorder])
        for file in test_files:
            tests = {name: round(spent, 4) for name, spent in recorder.seconds.items() if name.startswith(f"{file}::")}
            self._index["files"][file] = {"digest": digests[file], "tests": tests}
        for source in sources:
            self._index["sources"].setdefault(source, digests[source])
        own = {name for name in sys.modules if name.partition(".")[0] in OWN}
        self._index["modules"] = sorted({*self._index.get("modules", ()), *sys.modules} - own)
        INDEX.write_text(json.dumps(self._index))

    def tests_of(self, source: str, line: int | None) -> tuple[list[str], list[str]]:
        """The tests that run a line, and where they are few, those beside them in their files.

        None for a line that runs at import. There, and where the line has moved, all that run any line of its file, and
        those of the pages that are written from declarations; if there are none, all.
        """
        if source not in self._lines:
            data = coverage.CoverageData(str(COVERAGE))
            data.read()
            self._lines[source] = data.contexts_by_lineno(str(ROOT / source))
        by_line = self._lines[source]
        if line is not None and self._index["sources"].get(source) == _digest(source):
            tests = {test for test in by_line.get(line, ()) if test}
            if len(tests) >= FEW:
                return sorted(tests), []
            if tests:
                # A fixture of a module runs within its first test, and others use what it made.
                files = tuple({f"{test.partition('::')[0]}::" for test in tests})
                return sorted(tests), sorted({test for test in self.seconds if test.startswith(files)} - tests)
        of_file = {test for tests in by_line.values() for test in tests if test}
        of_pages = {test for test in self.seconds if test.startswith(PAGES)}
        return (sorted(of_file | of_pages) if of_file else sorted(self.seconds)), []


def _digest(file: str) -> str:
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()

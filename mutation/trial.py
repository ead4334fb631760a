"""One trial: a forked child imports the package with one changed module, and runs the tests that could notice."""

from __future__ import annotations

import ast
import importlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from .recording import PAGES, PYTEST_OPTIONS, ROOT, FewExamples

NOTICED = 1
"""The exit code of a child whose tests fail."""
NOT_CHANGED = 99
"""That of a child which found nothing to change; pytest has no such code."""


class Verdict(Enum):
    """What the tests say of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    UNTRIED = "untried"


class _Selected(FewExamples):
    """A pytest plugin that runs the chosen tests alone, in their order."""

    def __init__(self, tests: list[str]) -> None:
        self.place = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(chosen, key=lambda item: self.place[item.nodeid])
        super().pytest_collection_modifyitems(items)


def preload(modules: Iterable[str]) -> None:
    """Imports what is not ours before any child is forked, so that no child has to."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # modules that exist inside another program alone
            continue


def choose_tests(
    reaching: list[str], beside: list[str], seconds: dict[str, float], budget: float, module: str
) -> list[str]:
    """Tests that fit into a budget of seconds.

    First those that are named after the module; then the quickest case of each test function, the second of each, ….
    Those that reach the changed line come before those beside them.
    """
    ranked = [*_ranked(reaching, seconds, module), *_ranked(beside, seconds, module)]
    chosen: list[str] = []
    for spent, test in ranked:
        if spent < budget or not chosen:
            budget -= spent
            chosen.append(test)
    return chosen


def _ranked(tests: list[str], seconds: dict[str, float], module: str) -> list[tuple[float, str]]:
    turns: Counter[str] = Counter()
    ranked: list[tuple[int, float, str]] = []
    for test in sorted((test for test in tests if test in seconds), key=lambda test: (seconds[test], test)):
        function = test.partition("[")[0]
        # What declarations say stands on pages, whose few tests take longer than many others.
        is_first = test.startswith(PAGES) or _are_named_alike(test, module)
        ranked.append((-1 if is_first else turns[function], seconds[test], test))
        turns[function] += 1
    return [(spent, test) for _, spent, test in sorted(ranked)]


def _are_named_alike(test: str, module: str) -> bool:
    tested = Path(test.partition("::")[0]).stem.removeprefix("test_")
    return module in tested or (len(tested) > 3 and tested in module)


def try_mutant(file: str, tree: ast.Module, tests: list[str], limit: int) -> Verdict:
    """
    :param file: the path of the changed module, from the root of the project
    :param limit: seconds after which the child is ended
    """
    child = os.fork()
    if not child:
        _run(file, tree, tests, limit)
    return verdict_of(child)


def begin_child(limit: int) -> None:
    """Gives a forked child a group of its own, no streams, and an end after so many seconds of work.

    Only of work, because a busy machine would otherwise kill mutants; one that waits ends after ten times as long.
    """
    os.setsid()
    signal.setitimer(signal.ITIMER_PROF, limit)
    signal.alarm(10 * limit)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)


def verdict_of(child: int) -> Verdict:
    """Waits for a child, and ends what its tests may have started and left."""
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if os.WIFSIGNALED(status):
        return Verdict.TIMED_OUT if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF) else Verdict.KILLED
    code = os.WEXITSTATUS(status)
    return {0: Verdict.SURVIVED, NOT_CHANGED: Verdict.UNTRIED}.get(code, Verdict.KILLED)


def _run(file: str, tree: ast.Module, tests: list[str], limit: int) -> None:
    code = NOTICED
    try:
        begin_child(limit)
        _replace_module(ROOT / file, tree)
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        code = int(pytest.main(["-x", "--tb=no", *PYTEST_OPTIONS, *files], plugins=[_Selected(tests)]))
    finally:
        os._exit(code)


def _replace_module(path: Path, tree: ast.Module) -> None:
    as_it_is = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, name: str) -> Any:
        if Path(self.path) == path:
            return compile(tree, str(path), "exec", dont_inherit=True)
        return as_it_is(self, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def is_fresh() -> bool:
    """Whether the package is still to be imported: a child would otherwise test what its parent imported."""
    return not any(name.partition(".")[0] == "rulewright" for name in sys.modules)

"""Quick trials: a process that has imported and collected all tests, and forks a child for each mutant of a function.

The child exchanges the code of the function. What was computed when modules were imported stays as it was, so a
mutant may survive here that a fresh import (`trial.py`) kills; `--survivors` tries both.
"""

from __future__ import annotations

import ast
import gc
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing.connection import Connection
from types import CodeType, FunctionType
from typing import Any

import pytest

from .recording import PYTEST_OPTIONS, ROOT, FewExamples
from .trial import NOT_CHANGED, NOTICED, Verdict, begin_child, verdict_of

_LONGEST_NAME = 65_536
"""Bytes of the name of a test, as a pipe holds them."""


class WarmTests:
    """The process with all tests; ends with this one. Raises EOFError where the tests cannot be collected."""

    def __init__(self, test_files: list[str]) -> None:
        self._connection, other = multiprocessing.Pipe()
        ends = (other, self._connection)
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(*ends, test_files), daemon=True)
        process.start()
        other.close()
        self._connection.recv()

    def try_mutant(self, file: str, tree: ast.Module, tests: list[str], limit: int) -> Verdict:
        """As `trial.try_mutant`, of a mutant within a function."""
        self._connection.send((file, tree, tests, limit))
        verdict: Verdict = self._connection.recv()
        return verdict


def _serve(connection: Connection, asking: Connection, test_files: list[str]) -> None:
    asking.close()  # so that this process ends with the one that asks
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    pytest.main(["-x", "--tb=no", *PYTEST_OPTIONS, *test_files], plugins=[_Serving(connection)])


class _Serving(FewExamples):
    """A pytest plugin that runs chosen tests in forked children, for as long as it is asked to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._functions: dict[str, list[FunctionType]] = defaultdict(list)
        self._items: dict[str, pytest.Item] = {}
        self._judges: set[str] = set()
        """Tests that pass in a child without a mutant. Some do not, such as those that need an event loop."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        gc.unfreeze()  # `tests/conftest.py` freezes what is collected, and frozen objects are not listed
        for object_ in gc.get_objects():
            if type(object_) is FunctionType:  # some objects of the tests raise where they are asked for their class
                self._functions[object_.__code__.co_filename].append(object_)
        gc.freeze()
        self._connection.send(None)
        while True:
            try:
                file, tree, tests, limit = self._connection.recv()
            except EOFError:
                return True
            self._connection.send(self._verdict(str(ROOT / file), tree, tests, limit))

    def _verdict(self, path: str, tree: ast.Module, tests: list[str], limit: int) -> Verdict:
        """The verdict of the tests that pass in a child without the mutant; a test that fails is tried so once."""
        while True:
            items = [self._items[test] for test in tests if test in self._items]
            verdict, failed = self._try(path, tree, items, limit)
            if verdict is not Verdict.KILLED or failed is None or failed in self._judges:
                return verdict
            if self._try(path, None, [self._items[failed]], limit)[0] is Verdict.SURVIVED:
                self._judges.add(failed)
                return verdict
            del self._items[failed]

    def _try(
        self, path: str, tree: ast.Module | None, items: list[pytest.Item], limit: int
    ) -> tuple[Verdict, str | None]:
        """The verdict of a child, and the test that failed in it; None for a tree leaves the code as it is."""
        read, write = os.pipe()
        child = os.fork()
        if not child:
            self._run(path, tree, items, limit, write)
        os.close(write)
        verdict = verdict_of(child)
        os.set_blocking(read, False)  # what a test has started and left may still hold the other end
        try:
            return verdict, os.read(read, _LONGEST_NAME).decode() or None
        except BlockingIOError:
            return verdict, None
        finally:
            os.close(read)

    def _run(
        self,
        path: str,
        tree: ast.Module | None,
        items: list[pytest.Item],
        limit: int,
        failed: int,
    ) -> None:
        code = NOTICED
        try:
            begin_child(limit)
            if tree is not None and not self._exchange(path, tree):
                code = NOT_CHANGED
                return
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if item.session.testsfailed:
                    os.write(failed, item.nodeid.encode())
                    return
            code = 0
        finally:
            os._exit(code)

    def _exchange(self, path: str, tree: ast.Module) -> bool:
        """Give the functions of a file the code of a tree; whether that of any changed."""
        is_changed = False
        changed = {_key(code): code for code in _codes(compile(tree, path, "exec", dont_inherit=True))}
        for function in self._functions[path]:
            code = changed.get(_key(function.__code__))
            if code is not None and code.co_freevars == function.__code__.co_freevars:
                is_changed |= code != function.__code__
                function.__code__ = code
        return is_changed


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _key(code: CodeType) -> Any:
    return code.co_qualname, code.co_firstlineno

"""The files of an editor: each is checked with its unsaved text, through the file that includes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..checking import Checker
from ..checks.plan_files import tracking_plan
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.lexis import STRING
from ..dsl.rule_error import RuleError
from ..dsl.source import Source
from ..dsl.syntax.strings import unescape
from ..files.file_access import FileAccess, is_hidden, real_path
from ..loading.rule_folders import rule_files_in
from ..testing.suite.suite import TESTS
from .cursor import Cursor
from .knowledge import Knowledge
from .symbols import Symbol, names_of_mappings, outline
from .trees import Trees

_INCLUDE = re.compile(rf"^\s*include\s+({STRING})", re.MULTILINE)
MOST_LISTED = 1_000
"""The most rule files of a folder in which names are looked for."""
MOST_SIBLINGS = 500
"""The most rule files beside a fragment in which the file that includes it is looked for."""


class FileSymbol(NamedTuple):
    """An item of a file."""

    path: Path
    symbol: Symbol


class Stale(Exception):
    """The text has changed, so nobody waits for results on the old one."""


class Workspace:
    """Open files by their real paths, and what was found of them before, so that a change costs only its own work."""

    def __init__(self, events: Iterable[bytes] | None = None, events_name: str = "") -> None:
        """`events` are recorded events, as JSON lines, which rules are held against."""
        self._texts: dict[str, str] = {}
        self._checkers: dict[str, Checker] = {}
        self._checkers_on_events: dict[str, Checker] = {}
        self._trees = Trees()
        self._events = None if events is None else list(events)
        self._events_name = events_name
        self.knowledge = Knowledge()

    def put(self, path: Path, text: str) -> None:
        """Set the text of an open file."""
        self._texts[real_path(path)] = text

    def close(self, path: Path) -> None:
        """Close a file, which is read from the disk from now on."""
        self._texts.pop(real_path(path), None)
        self._trees.forget(str(path))

    def text(self, path: Path) -> str:
        """The text of a file, as it is open or on the disk; empty where it cannot be read."""
        known = self._texts.get(real_path(path))
        if known is not None:
            return known
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def texts(self) -> dict[Path, str]:
        """The open files."""
        return {Path(name): text for name, text in self._texts.items()}

    @property
    def has_events(self) -> bool:
        """Whether there are recorded events to check rules with."""
        return bool(self._events)

    def check(self, path: Path) -> dict[Path, list[Diagnostic]]:
        """The findings of a file and of all that it includes, by file; a fragment is checked by its includer.

        Recorded events are left aside.
        """
        checker, findings = self._check(self._checkers, path, None)
        if checker.rules is not None:
            plan = tracking_plan(checker.rules, [])
            if plan is not self.knowledge.plan:
                self.knowledge = replace(self.knowledge, plan=plan)
        return findings

    def check_on_events(self, path: Path, is_stale: Callable[[], bool]) -> dict[Path, list[Diagnostic]]:
        """As `check`, with findings from recorded events, which may take seconds. Raises Stale if the text changed.

        It may run in a thread beside everything else, but only once at a time.
        """

        def events() -> Iterator[bytes]:
            for line in self._events or ():
                if is_stale():
                    raise Stale
                yield line

        return self._check(self._checkers_on_events, path, events())[1]

    def _check(
        self, checkers: dict[str, Checker], path: Path, events: Iterable[bytes] | None
    ) -> tuple[Checker, dict[Path, list[Diagnostic]]]:
        root = self.root_of(path)
        checker = checkers.setdefault(real_path(root), Checker())
        contents = {name: text.encode("utf-8", "replace") for name, text in dict(self._texts).items()}
        access = FileAccess(root.parent, contents)
        try:
            findings = checker.check(root, events, self._events_name, access).findings
            files = checker.rules
            assert files is not None
            names = [Path(source.name) for source, _ in files.files]
        except RuleError as error:
            findings, names = error.diagnostics, [root]
        by_file: dict[Path, list[Diagnostic]] = {name: [] for name in (*names, path)}
        for finding in findings:
            by_file.setdefault(Path(finding.span.source.name), []).append(finding)
        return checker, by_file

    def root_of(self, path: Path) -> Path:
        """The file that includes a fragment; the file itself if it is complete, or if no file includes it.

        For a circular include, it is the last fragment before the includes repeat.
        """
        return self._root_of(path, frozenset())

    def _root_of(self, path: Path, within: frozenset[str]) -> Path:
        text = self.text(path)
        if path.name.endswith(TESTS) or Cursor(text, 0).destination is not None:
            return path
        within |= {real_path(path)}
        for sibling in self._beside(path):
            if real_path(sibling) in within:
                continue
            includes = [unescape(quoted[1:-1]) for quoted in _INCLUDE.findall(self.text(sibling))]
            if any(real_path(sibling.parent / name) == real_path(path) for name in includes):
                return self._root_of(sibling, within)
        return path

    def _beside(self, path: Path) -> list[Path]:
        """Rule files in which an include of a file is looked for: in its folder and the one above."""
        siblings = [Path(name) for name in list(self._texts) if name != real_path(path)]
        for folder in (path.parent, path.parent.parent):
            siblings += sorted(folder.glob("*.rules"))[:MOST_SIBLINGS]
        return [
            file
            for file in dict.fromkeys(siblings)
            if real_path(file) != real_path(path) and not is_hidden(Path(file.name))
        ]

    def tree(self, path: Path) -> ast.File:
        """The items of a file that can be read; their spans hold until the file has another text."""
        return self._trees.of(Source(str(path), self.text(path)))

    def symbols(self, folders: Iterable[Path], query: str) -> Iterator[FileSymbol]:
        """Mappings, tests and laws whose name holds a text, in open files and in the rule files of folders."""
        listed = (file for folder in folders for file in rule_files_in(folder)[:MOST_LISTED])
        paths = {real_path(path): path for path in (*map(Path, list(self._texts)), *listed)}
        for path in paths.values():
            for symbol in outline(self.tree(path)):
                if symbol.kind in ("mapping", "test", "law") and query.lower() in symbol.name.lower():
                    yield FileSymbol(path, symbol)

    def mappings(self, path: Path) -> Iterator[str]:
        """The names of the mappings that a test in a file may expect; some may come twice."""
        paths = [path]
        if path.name.endswith(TESTS):
            paths.append(path.with_name(path.name.removesuffix(TESTS) + ".rules"))
        for file in paths:
            tree = self.tree(file)
            yield from names_of_mappings(tree)
            for item in tree.items:
                if isinstance(item, ast.Include):
                    yield from names_of_mappings(self.tree(file.parent / item.path))

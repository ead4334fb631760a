"""The files that an editor has open: checked as they are on the screen, each by the file that includes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ..checking import Checker
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.lexis import STRING
from ..dsl.rule_error import RuleError
from ..dsl.syntax.strings import unescape
from ..file_access import FileAccess, is_hidden, real_path
from ..proving import tracking_plan
from ..testing.suite import TESTS
from .cursor import Cursor
from .knowledge import Knowledge
from .symbols import names_of_mappings, tree_of

_INCLUDE = re.compile(rf"^\s*include\s+({STRING})", re.MULTILINE)
MOST_SIBLINGS = 500
"""Rule files beside a fragment in which the file that includes it is looked for."""


class Workspace:
    """Open files by their real paths, and what was found of them before, so that a change costs only its own work."""

    def __init__(self, events: Iterable[bytes] | None = None, events_name: str = "") -> None:
        """`events` are recorded events, as JSON lines, which rules are held against."""
        self._texts: dict[str, str] = {}
        self._checkers: dict[str, Checker] = {}
        self._events = None if events is None else list(events)
        self._events_name = events_name
        self.knowledge = Knowledge()

    def put(self, path: Path, text: str) -> None:
        """The text of an open file."""
        self._texts[real_path(path)] = text

    def close(self, path: Path) -> None:
        """The file is read from the disk again."""
        self._texts.pop(real_path(path), None)

    def text(self, path: Path) -> str:
        """The text of a file, as it is open or on the disk; empty where it cannot be read."""
        known = self._texts.get(real_path(path))
        if known is not None:
            return known
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def check(self, path: Path) -> dict[Path, list[Diagnostic]]:
        """The findings of a file and of all that it includes, by file; a fragment is checked by its includer."""
        root = self.root_of(path)
        checker = self._checkers.setdefault(real_path(root), Checker())
        contents = {name: text.encode("utf-8", "replace") for name, text in self._texts.items()}
        access = FileAccess(root.parent, contents)
        try:
            findings = checker.check(root, self._events, self._events_name, access).findings
            files = checker.rules
            assert files is not None
            self.knowledge = Knowledge(tracking_plan(files, []), self.knowledge.recorded)
            names = [Path(source.name) for source, _ in files.files]
        except RuleError as error:
            findings, names = error.diagnostics, [root]
        found: dict[Path, list[Diagnostic]] = {name: [] for name in (*names, path)}
        for finding in findings:
            found.setdefault(Path(finding.span.source.name), []).append(finding)
        return found

    def root_of(self, path: Path) -> Path:
        """The file that a fragment is included by; the file itself where it is none, or nobody includes it."""
        text = self.text(path)
        if path.name.endswith(TESTS) or Cursor(text, 0).destination is not None:
            return path
        for other in self._beside(path):
            includes = [unescape(quoted[1:-1]) for quoted in _INCLUDE.findall(self.text(other))]
            if any(real_path(other.parent / name) == real_path(path) for name in includes):
                return self.root_of(other) if Cursor(self.text(other), 0).destination is None else other
        return path

    def _beside(self, path: Path) -> list[Path]:
        """Rule files in which an include of a file is looked for: in its folder and the one above."""
        found = [Path(name) for name in self._texts if name != real_path(path)]
        for folder in (path.parent, path.parent.parent):
            found += sorted(folder.glob("*.rules"))[:MOST_SIBLINGS]
        return [
            one for one in dict.fromkeys(found) if real_path(one) != real_path(path) and not is_hidden(Path(one.name))
        ]

    def mappings(self, path: Path) -> list[str]:
        """The names of the mappings that a test in a file may expect."""
        texts = [self.text(path)]
        if path.name.endswith(TESTS):
            texts.append(self.text(path.with_name(path.name.removesuffix(TESTS) + ".rules")))
        names: list[str] = []
        for text in texts:
            tree = tree_of(text)
            names += names_of_mappings(tree)
            includes = [item.path for item in tree.items if isinstance(item, ast.Include)]
            names += [name for one in includes for name in names_of_mappings(tree_of(self.text(path.parent / one)))]
        return list(dict.fromkeys(names))

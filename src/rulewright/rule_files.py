"""Rule files from disk, with everything they include put in place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .dsl import ast
from .dsl.diagnostics.diagnostic import Diagnostic, RuleError
from .dsl.source import Source, Span
from .dsl.syntax.reader import MAX_CHARACTERS, FileReader


@dataclass(slots=True)
class RuleFiles:
    """A rule file and all that it includes, read."""

    items: list[ast.Item] = field(default_factory=list)
    """Of all files, in order, an include replaced by what it names."""
    files: list[tuple[Source, ast.File]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


class RulesReader:
    """Reads rules again and again: an item whose text is as before keeps its nodes, and their spans move with it."""

    def __init__(self) -> None:
        self._readers: dict[tuple[str, int], FileReader] = {}

    def read(self, path: Path) -> RuleFiles:
        """The rules in a file. Raises RuleError when it cannot be read at all."""
        source, problem = read_source(path, Span(Source(str(path), ""), 0, 0))
        if source is None:
            assert problem is not None
            raise RuleError([problem])
        return self._read(source, (path.resolve(),), path.parent)

    def read_text(self, text: str, name: str = "<text>", folder: Path | None = None) -> RuleFiles:
        """The rules in a text; includes are looked for in `folder`, by default the current one."""
        return self._read(Source(name, text), (), folder or Path())

    def _read(self, source: Source, within: tuple[Path, ...], folder: Path) -> RuleFiles:
        reading = _Reading(self._readers)
        reading.add(source, within, folder)
        self._readers = reading.readers
        return reading.found


def read_rules(path: Path) -> RuleFiles:
    """The rules in a file, read once. Raises RuleError when it cannot be read at all."""
    return RulesReader().read(path)


def read_rules_text(text: str, name: str = "<text>", folder: Path | None = None) -> RuleFiles:
    """The rules in a text, read once; includes are looked for in `folder`, by default the current one."""
    return RulesReader().read_text(text, name, folder)


@dataclass(slots=True)
class _Reading:
    """One reading of a file and all that it includes."""

    before: dict[tuple[str, int], FileReader]
    """The readers of the reading before: of each file one for each time that it is included."""
    readers: dict[tuple[str, int], FileReader] = field(default_factory=dict)
    found: RuleFiles = field(default_factory=RuleFiles)
    times: Counter[str] = field(default_factory=Counter)

    def add(self, source: Source, within: tuple[Path, ...], folder: Path) -> None:
        tree, diagnostics = self._reader(source.name).read(source)
        self.found.files.append((source, tree))
        self.found.diagnostics.extend(diagnostics)
        for item in tree.items:
            if isinstance(item, ast.Include):
                self._include(item, within, folder)
            else:
                self.found.items.append(item)

    def _reader(self, name: str) -> FileReader:
        key = (name, self.times[name])
        self.times[name] += 1
        return self.readers.setdefault(key, self.before.get(key) or FileReader())

    def _include(self, item: ast.Include, within: tuple[Path, ...], folder: Path) -> None:
        path = folder / item.path
        if path.resolve() in within:
            self.found.diagnostics.append(
                Diagnostic(
                    "RW0004",
                    f"`{item.path}` is being read already, and includes itself here",
                    item.span,
                    help=("take this include out",),
                )
            )
            return
        included, problem = read_source(path, item.span)
        if included is None:
            assert problem is not None
            self.found.diagnostics.append(problem)
        else:
            self.add(included, (*within, path.resolve()), path.parent)


def read_source(path: Path, span: Span) -> tuple[Source | None, Diagnostic | None]:
    """The text of a file, or why there is none."""
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            limit = f"{MAX_CHARACTERS / 1e6:.0f} million characters is the limit"
            size = f"the file has {path.stat().st_size / 1e6:.0f} MB; {limit}"
            return None, Diagnostic("RW0003", size, span, help=("split it, and `include` the parts",))
        return source_of(str(path), path.read_bytes(), span)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        help_ = ("a path is taken from the folder of the file that includes it",) if span.text else ()
        return None, Diagnostic("RW0001", f"`{path}` cannot be read: {reason}", span, help=help_)


def source_of(name: str, content: bytes, span: Span) -> tuple[Source | None, Diagnostic | None]:
    """The text that a file's bytes are, or why they are none; each line end is one line feed."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"`{name}` is not UTF-8 text: byte {error.start + 1} is {content[error.start]:#04x}"
        return None, Diagnostic("RW0002", message, span, help=("save it as UTF-8",))
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n")), None

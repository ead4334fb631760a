"""Reads rule files from disk, with the files that they include."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.rule_error import RuleError
from ..dsl.source import Source, Span
from ..dsl.syntax.reader import MAX_CHARACTERS, FileReader
from ..files.file_access import FileAccess, FileRefused, is_named_as_rules, real_path, text_of
from .catalog import KNOWN_NAMES

MAX_INCLUDES = 1_000
"""Files that one file includes, directly or through others; one that is included twice counts twice."""

MAX_INCLUDE_DEPTH = 50
"""The most files in a chain where each includes the next."""


ReadBy: TypeAlias = "Callable[[Callable[[Span], bool]], RuleFiles]"
"""Reads some rules; the items for whose span the given function is true are left unread."""


@dataclass(slots=True)
class RuleFiles:
    """A rule file and all files that it includes, as nodes."""

    access: FileAccess
    """What the files were read by; other files that they name are read by it too."""
    items: list[ast.Item] = field(default_factory=list)
    """Of all files, in order, an include replaced by what it names."""
    files: list[tuple[Source, ast.File]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


class RulesReader:
    """Reads rules repeatedly; an item whose text is unchanged keeps its nodes, whose spans move with the text."""

    def __init__(self, is_known: Callable[[Span], bool] | None = None) -> None:
        """Items for whose span `is_known` is true are left unread."""
        self._readers: dict[tuple[str, int], FileReader] = {}
        self._is_known = is_known

    def read(self, path: Path, access: FileAccess | None = None) -> RuleFiles:
        """Read the rules in a file that a person named. Raises RuleError if the file cannot be read.

        Files that `access` has read are not read again.
        """
        access = access or FileAccess(path.parent)
        source = source_of_first(path, access)
        return self._read(source, access, path, may_quote=not path.is_symlink())

    def read_beside(self, path: Path, access: FileAccess) -> RuleFiles:
        """Read the rules in a file that no person named, but that belongs to one. Raises RuleError."""
        return self._read(source_of_found(path, access), access, path, may_quote=False)

    def read_text(self, text: str, name: str = "<text>", folder: Path | None = None) -> RuleFiles:
        """The rules in a text; includes are looked for in `folder`, by default the current one."""
        folder = folder or Path()
        return self._read(Source(name, text), FileAccess(folder), None, folder, may_quote=True)

    def _read(
        self,
        source: Source,
        access: FileAccess,
        path: Path | None,
        folder: Path | None = None,
        *,
        may_quote: bool,
    ) -> RuleFiles:
        reading = _Reading(self._readers, RuleFiles(access), self._is_known)
        within = () if path is None else (real_path(path),)
        folder = folder or (Path() if path is None else path.parent)
        reading.add(source, _nothing_of(source.name), within, folder, may_quote=may_quote)
        self._readers = reading.readers
        return reading.rules


def read_rules(path: Path, access: FileAccess | None = None) -> RuleFiles:
    """Read the rules in a file once. Raises RuleError if the file cannot be read."""
    return RulesReader().read(path, access)


def read_rules_text(text: str, name: str = "<text>", folder: Path | None = None) -> RuleFiles:
    """The rules in a text, read once; includes are looked for in `folder`, by default the current one."""
    return RulesReader().read_text(text, name, folder)


@dataclass(slots=True)
class _Reading:
    """One reading of a file and all that it includes."""

    before: dict[tuple[str, int], FileReader]
    """The readers of the reading before: of each file one for each time that it is included."""
    rules: RuleFiles
    is_known: Callable[[Span], bool] | None = None
    readers: dict[tuple[str, int], FileReader] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    is_full: bool = False
    """A limit was reached, and nothing more is included."""

    def add(self, source: Source, span: Span, within: tuple[str, ...], folder: Path, *, may_quote: bool) -> None:
        """Adds the items of a file that is named at `span`; `within` are the files that it is included by, and itself.

        Without `may_quote`, the file was only reached through a name in another one, or through a link.
        """
        self.characters += len(source.text)
        tree, diagnostics = self._reader(source.name).read(source)
        if not may_quote and (unquoted := without_its_text(source, diagnostics, span)) is not None:
            source, tree, diagnostics = Source(source.name, ""), ast.File(()), [unquoted]
        self.rules.files.append((source, tree))
        self.rules.diagnostics.extend(diagnostics)
        for item in tree.items:
            if isinstance(item, ast.Include):
                self._include(item, within, folder)
            else:
                self.rules.items.append(item)

    def _reader(self, name: str) -> FileReader:
        key = (name, self.times[name])
        self.times[name] += 1
        return self.readers.setdefault(key, self.before.get(key) or FileReader(KNOWN_NAMES, self.is_known))

    def _include(self, item: ast.Include, within: tuple[str, ...], folder: Path) -> None:
        if self.is_full:
            return
        path = self.rules.access.included(folder, item.path)
        try:
            source = source_of(str(path), self.rules.access.read(path), item.span)
            real = real_path(path)
        except FileRefused as refused:
            self.rules.diagnostics.append(refusal(refused, path, item.span))
        except RuleError as error:
            self.rules.diagnostics.extend(error.diagnostics)
        else:
            if real in within:
                message = f"`{item.path}` includes itself"
                self._refuse("RW0004", message, item, "remove this include")
            elif not self._is_too_much(item, len(within), len(source.text)):
                self.add(source, item.span, (*within, real), path.parent, may_quote=False)

    def _is_too_much(self, item: ast.Include, depth: int, characters: int) -> bool:
        """Whether one more file is beyond a limit, which is then reported, once for all files."""
        if depth > MAX_INCLUDE_DEPTH:
            message = f"includes are nested more than {MAX_INCLUDE_DEPTH} deep here"
        elif len(self.rules.files) > MAX_INCLUDES:
            message = f"the rules include more than {MAX_INCLUDES:,} files, counted with repetitions"
        elif self.characters + characters > MAX_CHARACTERS:
            message = f"with this include the rules have more than {MAX_CHARACTERS / 1e6:.0f} million characters"
        else:
            return False
        self._refuse("RW0007", message, item, "include each file once, from one file")
        self.is_full = True
        return True

    def _refuse(self, code: str, message: str, item: ast.Include, help_: str) -> None:
        self.rules.diagnostics.append(Diagnostic(code, message, item.span, help=(help_,)))


def source_of_first(path: Path, access: FileAccess) -> Source:
    """The source of a file that a person named. Raises RuleError if the file cannot be read."""
    try:
        return source_of(str(path), access.read_first(path))
    except FileRefused as refused:
        raise RuleError([refusal(refused, path, _nothing_of(str(path)))]) from None


def source_of_found(path: Path, access: FileAccess) -> Source:
    """The source of a file beside or below a named file. Raises RuleError if the file cannot be read."""
    try:
        return source_of(str(path), access.read(path))
    except FileRefused as refused:
        raise RuleError([refusal(refused, path, _nothing_of(str(path)))]) from None


def without_its_text(source: Source, diagnostics: list[Diagnostic], span: Span | None = None) -> Diagnostic | None:
    """The diagnostic for a file that may not be a rule file, such as a file of keys, so that none shows its text.

    None for a file with the name of a rule file, or without errors.
    """
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    if not errors or is_named_as_rules(Path(source.name)):
        return None
    message = f"`{source.name}` is not a rule file: line {errors[0].span.line} cannot be read as rules"
    help_ = "name it `*.rules` to see its errors; the text of other files is not shown"
    return Diagnostic("RW0008", message, span or _nothing_of(source.name), help=(help_,))


def refusal(refused: FileRefused, path: Path, span: Span) -> Diagnostic:
    """The diagnostic for a file that is not read, at the span that names it."""
    help_ = refused.help
    if not help_ and span.text:
        help_ = "write the path relative to the folder of this file"
    message = f"`{path}` cannot be read: {refused.reason}"
    return Diagnostic(refused.code, message, span, help=(help_,) if help_ else ())


def source_of(name: str, content: bytes, span: Span | None = None) -> Source:
    """The source of a file's bytes, with `\\n` for every line end. Raises RuleError for bytes that are not UTF-8."""
    try:
        return Source(name, text_of(content))
    except UnicodeDecodeError as error:
        message = f"`{name}` is not UTF-8 text: byte {error.start + 1} is {content[error.start]:#04x}"
        place = span or _nothing_of(name)
        raise RuleError([Diagnostic("RW0002", message, place, help=("save it as UTF-8",))]) from None


def _nothing_of(name: str) -> Span:
    """The place of what is wrong with a file as a whole."""
    return Span(Source(name, ""), 0, 0)

"""The rule files of a studio: those that it was given and may write, and those that they include, which it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from ..dsl.rule_error import RuleError
from ..files.file_access import FileAccess, FileRefused, read_regular
from ..files.file_replacement import write_text
from ..loading.rule_files import read_rules
from ..testing.judging.snapshots import snapshots_beside
from ..testing.suite.suite import rules_of, tests_beside


class NotWritten(ValueError):
    """Why a file was not written, in one sentence."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the page."""

    name: str
    """As the page calls it: its path from the folder of the rules."""
    path: Path
    kind: Literal["rules", "tests", "snapshots", "included"]

    @property
    def is_given(self) -> bool:
        """Whether the page may change it."""
        return self.kind != "included"


class Documents:
    """The files of one studio by their names; no other file is read or written."""

    def __init__(self, rules: Path, *, write: bool = False) -> None:
        """`rules` is a rule file, or the file of its tests; the other one, and their snapshots, are given as well."""
        self.rules = rules_of(rules)
        self.tests = tests_beside(self.rules)
        self.write = write
        self.snapshots = snapshots_beside(self.rules)
        self.given = (
            Document(self.rules.name, self.rules, "rules"),
            Document(self.tests.name, self.tests, "tests"),
            Document(self.snapshots.name, self.snapshots, "snapshots"),
        )

    def all(self) -> list[Document]:
        """The given files, and the files that they include, as they are on disk now."""
        return [*self.given, *self._included()]

    def _included(self) -> list[Document]:
        try:
            files = read_rules(self.rules).files
        except RuleError:
            return []
        paths = dict.fromkeys(Path(source.name) for source, _ in files[1:])
        return [Document(str(path), path, "included") for path in paths]

    def paths(self, texts: Mapping[str, str]) -> dict[Path, str]:
        """The texts of the page by path; other names are skipped, and so are snapshots that do not exist."""
        named = [document for document in self.given if document.name in texts]
        return {
            document.path: texts[document.name]
            for document in named
            if texts[document.name] or document.kind != "snapshots"
        }

    def data(self) -> list[dict[str, Any]]:
        """Every file with its text, for the page."""
        return [self._data(document) for document in self.all()]

    def _data(self, document: Document) -> dict[str, Any]:
        text = _text(document.path)
        return {
            "name": document.name,
            "file": str(document.path),
            "uri": document.path.absolute().as_uri(),
            "text": text or "",
            "version": version_of(text),
            "is_given": document.is_given,
            "kind": document.kind,
        }

    def save(self, name: str, text: str, version: str) -> str:
        """Writes a given file, if it still has the version that the page has read; returns the new version.

        Raises NotWritten.
        """
        document = next((document for document in self.given if document.name == name), None)
        if document is None:
            raise NotWritten(f"`{name}` is not a file that the studio was given")
        if not self.write:
            raise NotWritten("the studio was started without --write, so that it changes no file")
        before = _text(document.path)
        if version_of(before) != version:
            raise NotWritten(f"`{name}` has changed on the disk since this page read it")
        ends = "\r\n" if before is not None and _has_returns(document.path) else "\n"
        try:
            write_text(document.path, text.replace("\n", ends))
        except OSError as error:
            raise NotWritten(f"`{name}` cannot be written: {(error.strerror or str(error)).lower()}") from None
        return version_of(text)

    def access(self, texts: Mapping[str, str]) -> FileAccess:
        """Access to files, with the texts of the page in place of the given files."""
        contents = {str(path.resolve()): text.encode("utf-8", "replace") for path, text in self.paths(texts).items()}
        return FileAccess(self.rules.parent, contents)


def version_of(text: str | None) -> str:
    """The version of a text: a hash of it, empty for a file that does not exist."""
    return "" if text is None else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _text(path: Path) -> str | None:
    try:
        text = read_regular(path).decode("utf-8", "replace")
    except FileRefused:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _has_returns(path: Path) -> bool:
    return b"\r\n" in read_regular(path)

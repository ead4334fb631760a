"""The files that rules name: each is read once, from inside one folder, only if it is a regular file, up to a limit.

Nothing of the language is imported here, so that compiled rules are found in the cache without it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

MAX_BYTES = 64_000_000
"""The most bytes of one file: four for each character that a rule file may have."""

ROOT = "RULEWRIGHT_ROOT"
"""The environment variable that names a wider folder (the option `--root`)."""


class FileRefused(Exception):
    """A file that is not read, with the code of its diagnostic, the reason and, if there is one, a help."""

    def __init__(self, code: str, reason: str, help_: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.help = help_


class FileAccess:
    """Reads files for one run; each file is read once, and has the same content for everybody.

    A file that a rule file names (`include`, `given`, `source schema`) must be inside the folder of the first file, or
    the one that RULEWRIGHT_ROOT names, after links are followed, and must not be hidden there: a foreign rule file
    cannot show other files of the machine. Rule files that ship may be included from anywhere.
    """

    def __init__(self, folder: Path, contents: Mapping[str, bytes] | None = None) -> None:
        """`folder` is that of the first file; `contents`, by real path, are read in place of the files there.

        An editor's file that is not saved yet is read this way.
        """
        wider = os.environ.get(ROOT)
        self.folder = folder
        self._roots = [os.path.realpath(folder), *([os.path.realpath(wider)] if wider else []), str(shipped_rules())]
        self._contents: dict[str, bytes] = dict(contents or {})
        self.asked: set[Path] = set()
        """The files that were asked for and may be read, whether they are there or not."""
        self.absent: set[Path] = set()
        """Files that would have been included in place of a shipped one, had they been there."""

    def read_first(self, path: Path) -> bytes:
        """The content of a file that the user has named. Raises FileRefused."""
        self.asked.add(path)
        return self._read(_real(path))

    def read(self, path: Path) -> bytes:
        """The content of a file that a rule file names. Raises FileRefused."""
        real = _real(path)
        below = [os.path.relpath(real, root) for root in self._roots if os.path.commonpath((real, root)) == root]
        if not below:
            help_ = "move it into that folder, or name a wider one with `rulewright --root FOLDER …`"
            raise FileRefused("RW0006", "it is outside the folder of the first file", help_)
        if all(is_hidden(Path(path)) for path in below):
            raise FileRefused(
                "RW0006", "it is a hidden file, or in a hidden folder", "give it a name without a leading `.`"
            )
        self.asked.add(path)
        return self._read(real)

    def included(self, folder: Path, name: str) -> Path:
        """The file that a rule file in `folder` includes by a name: one beside it, else one that ships."""
        path = folder / name
        if name not in _shipped_names() or os.path.lexists(path):
            return path
        self.asked.add(path)
        self.absent.add(path)
        return shipped_rules() / name

    def has(self, path: Path) -> bool:
        """Whether a file exists, on disk or among the given contents."""
        return path.exists() or _real(path) in self._contents

    def fingerprint(self) -> str:
        """A short hash of all files that were read, which does not depend on their folder."""
        contents = sorted(sha256(content).digest() for content in self._contents.values())
        return sha256(b"".join(contents)).hexdigest()[:12]

    def digests(self, paths: Iterable[Path]) -> list[tuple[str, str]]:
        """The absolute path of each file that a rule file names, and the SHA-256 of its content. Raises FileRefused.

        The digest of a file that does not exist is empty.
        """
        return [(str(path.absolute()), self._digest(path)) for path in paths]

    def _digest(self, path: Path) -> str:
        return sha256(self.read(path)).hexdigest() if os.path.lexists(path) else ""

    def _read(self, real: str) -> bytes:
        content = self._contents.get(real)
        if content is None:
            content = self._contents[real] = read_regular(real)
        return content


@cache
def shipped_rules() -> Path:
    """The folder of the rule files that ship, with every link followed."""
    return Path(os.path.realpath(folder_of("rules")))


def folder_of(package: str) -> str:
    """The folder of a package of this one; `importlib.resources` would be a large import."""
    folder: str = import_module(f"..{package}", __package__).__path__[0]
    return folder


@cache
def _shipped_names() -> frozenset[str]:
    folder = shipped_rules()
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*.rules"))


def is_shipped(path: Path) -> bool:
    """Whether a file ships with the package, so that it is not the author's to change."""
    return Path(_real(path)).is_relative_to(shipped_rules())


def read_regular(path: str | Path) -> bytes:
    """The content of a regular file of at most MAX_BYTES. Raises FileRefused; it never waits for a writer."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileRefused("RW0001", "it is not a regular file")
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileRefused("RW0001", _reason(error)) from None
    if len(content) > MAX_BYTES:
        raise FileRefused("RW0003", f"it has more than {MAX_BYTES / 1e6:.0f} MB", "split it")
    return content


def text_of(content: bytes) -> str:
    """The text of a rule file, with `\\n` for every line end. Raises UnicodeDecodeError."""
    return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def is_named_as_rules(path: Path) -> bool:
    """Whether a file, after links are followed, has the name of a rule file."""
    return _real(path).endswith(".rules")


def is_hidden(path: Path) -> bool:
    """Whether a path below a folder leads to something hidden there; `..data` of a mounted volume is not."""
    return any(name.startswith(".") and not name.startswith("..") and name != "." for name in path.parts)


def real_path(path: Path) -> str:
    """The path with every link followed. Raises FileRefused for a name that no file can have."""
    return _real(path)


def _real(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError) as error:
        raise FileRefused("RW0001", _reason(error)) from None


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return "no file can have this name"

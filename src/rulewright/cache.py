"""Compiled rules kept on disk, by what they were made from: the same rules are compiled once for a machine.

An entry is found by a hash of the rules, of the compiler's own files and of the Python that runs it, and is used only
when its checksum is right and every file that the rules include still reads the same. Whatever is wrong with an entry,
the rules are simply compiled again; a cache that cannot be written stops nothing. Settings are not part of it, so no
secret ever is.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import platformdirs

from .compiler.python_loader import Code
from .version import VERSION

_MAGIC = b"RWC2"
_DIGEST_SIZE = 32
_MOST_ENTRIES = 200
_ROOMS = ("dsl", "compiler", "runtime", "rules")

Table = tuple[str, tuple[tuple[str, int, int, int, str], ...], tuple[tuple[int, int], ...]]
"""What only a failure needs: the module's text, the places in the rules, and from which line on each holds."""


@dataclass(frozen=True, slots=True)
class Module:
    """The code of a compiled module, and what only a failure in it needs."""

    code: Code
    table: Callable[[], Table | None]
    """None when what it was kept in is gone or damaged by now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The compiled modules of some rules; their tables are read again from the file when they are asked for."""

    path: Path
    code: Code
    """Of the module for events."""
    packed: bytes | None
    """The code of the module for views of events, kept small until somebody needs it."""

    def events(self) -> Module:
        """The module for events."""
        return Module(self.code, lambda: self._table(0))

    def views(self) -> Module:
        """The module for views, if there is one."""
        assert self.packed is not None
        return Module(marshal.loads(zlib.decompress(self.packed)), lambda: self._table(1))

    def _table(self, number: int) -> Table | None:
        content = _content(self.path)
        if content is None:
            return None
        table: Table = marshal.loads(zlib.decompress(content[1]))[number]
        return table


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules are made from: the name of the file, its text, and the folder that includes are looked for in."""

    name: str
    text: str
    folder: Path

    def key(self) -> str:
        """The name of their entry."""
        parts = (_fingerprint(), self.name, str(self.folder.absolute()), self.text)
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def find(rules: Rules) -> Entry | None:
    """The entry of some rules, if it is there, whole, and not made from includes that read otherwise by now."""
    folder = _folder()
    if folder is None:
        return None
    path = folder / rules.key()
    content = _content(path)
    if content is None:
        return None
    includes, code, packed = marshal.loads(content[0])
    if any(_hash_of(Path(name)) != digest for name, digest in includes):
        return None
    return Entry(path, code, packed)


def keep(rules: Rules, modules: Sequence[tuple[Code, Table]], includes: Iterable[Path]) -> None:
    """Puts an entry in its place at once, whoever else does the same.

    The modules are the one for events, and the one for views if there is one.
    """
    folder = _folder()
    if folder is None:
        return
    hashes = tuple((str(path.absolute()), _hash_of(path)) for path in includes)
    packed = [zlib.compress(marshal.dumps(code), 1) for code, _ in modules[1:]]
    main = marshal.dumps((hashes, modules[0][0], packed[0] if packed else None))
    tables = tuple(table for _, table in modules)
    rest = len(main).to_bytes(8, "big") + main + zlib.compress(marshal.dumps(tables), 1)
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + sha256(rest).digest() + rest)
            Path(name).replace(folder / rules.key())
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _forget_oldest(folder)


def _content(path: Path) -> tuple[bytes, bytes] | None:
    """The two parts of an entry; None when there is none, or when a byte of it is not as it was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + _DIGEST_SIZE
    rest = data[start:]
    if data[: len(_MAGIC)] != _MAGIC or sha256(rest).digest() != data[len(_MAGIC) : start]:
        return None
    end = 8 + int.from_bytes(rest[:8], "big")
    return rest[8:end], rest[end:]


def _folder() -> Path | None:
    """Where entries are; None when they are not wanted, or when others could have written there."""
    named = os.environ.get("RULEWRIGHT_CACHE")
    if named is not None and named.strip().lower() in ("", "0", "off", "no"):
        return None
    folder = Path(named) if named else Path(platformdirs.user_cache_dir("rulewright", appauthor=False))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        return None
    return folder


@cache
def _fingerprint() -> str:
    """Of everything that decides what rules become: a changed compiler, runtime or Python finds no old entry."""
    seen: list[Any] = [VERSION, sys.version, sys.implementation.cache_tag]
    for room in _ROOMS:
        for folder, folders, files in os.walk(str(resources.files(f"{__package__}.{room}"))):
            folders.sort()
            for name in sorted(files):
                if not name.endswith(".pyc"):
                    found = Path(folder, name).stat()
                    seen.append((folder, name, found.st_size, found.st_mtime_ns))
    return sha256(repr(seen).encode()).hexdigest()


def _hash_of(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _forget_oldest(folder: Path) -> None:
    """Entries of rules that were changed since are never found again; the oldest of them go."""
    entries = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in entries[_MOST_ENTRIES:]:
        path.unlink(missing_ok=True)

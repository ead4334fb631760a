"""Compiled rules kept on disk, by what they were made from: the same rules are compiled once for a machine.

An entry is found by a hash of the rules, of the compiler's own files and of the Python that runs it, and is used only
when its checksum is right and every file that the rules include still reads the same. Whatever is wrong with an entry,
the rules are simply compiled again; a cache that cannot be written stops nothing. Settings are not part of it, so no
secret ever is. An entry is code that is run, so entries are kept in a folder that nobody else can write to.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import re
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import platformdirs

from .file_access import FileAccess, FileRefused, folder_of, read_regular
from .python_loader import Code
from .version import VERSION

_MAGIC = b"RWC4"
_DIGEST_SIZE = 32
_MOST_ENTRIES = 200
_FOLDER = "rulewright-compiled"
"""Inside of the folder that is named, which may hold files of others."""
_ENTRY = re.compile(r"[0-9a-f]{64}\.rwc")
_UNFINISHED = re.compile(r"\.new-\w+\.rwc")
_UNFINISHED_FOR = 3600
"""So many seconds after it was begun, an entry will never be finished."""
_ROOMS = ("dsl", "compiler", "runtime", "rules")

Table = tuple[
    str, tuple[tuple[str, int, int, int, str], ...], tuple[tuple[int, int, str | None], ...], tuple[dict[str, int], ...]
]
"""What only a failure needs: the module's text, and what its `SourceMap` is made from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The compiled module of some rules; its table is read again from the file when it is asked for."""

    path: Path
    code: Code
    """Of what maps events."""
    packed: bytes | None
    """The code of what maps views of events, kept small until somebody needs it."""

    def views(self) -> Code:
        """The code of what maps views, if there are any."""
        assert self.packed is not None
        code: Code = marshal.loads(zlib.decompress(self.packed))
        return code

    def table(self) -> Table | None:
        """None when the file is gone or damaged by now."""
        content = _content(self.path)
        if content is None:
            return None
        table: Table = marshal.loads(zlib.decompress(content[1]))
        return table


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules are made from: the file's name and content, and the folder that includes are looked for in."""

    name: str
    content: bytes
    folder: Path

    def key(self) -> str:
        """The name of their entry."""
        parts = "\0".join((_fingerprint(), self.name, str(self.folder.absolute()), ""))
        return f"{sha256(parts.encode('utf-8', 'surrogatepass') + self.content).hexdigest()}.rwc"


def find(rules: Rules, access: FileAccess) -> Entry | None:
    """The entry of some rules, if it is there, whole, and not made from includes that read otherwise by now."""
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / rules.key()
    content = _content(path)
    if content is None:
        return None
    includes, code, packed = marshal.loads(content[0])
    try:
        if access.digests(Path(name) for name, _ in includes) != [*includes]:
            return None
    except FileRefused:
        return None
    return Entry(path, code, packed)


def keep(rules: Rules, codes: Sequence[Code], table: Table, includes: Sequence[tuple[str, str]]) -> None:
    """Puts an entry in its place at once, whoever else does the same.

    The codes are that for events, and that for views if there are any; `includes` are the paths of what was compiled
    with the rules, and the digests of just that content.
    """
    folder = cache_folder()
    if folder is None:
        return
    import tempfile  # a large import, which finding an entry does without

    packed = [zlib.compress(marshal.dumps(code), 1) for code in codes[1:]]
    main = marshal.dumps((tuple(includes), codes[0], packed[0] if packed else None))
    rest = len(main).to_bytes(8, "big") + main + zlib.compress(marshal.dumps(table), 1)
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix=".new-", suffix=".rwc", dir=folder)
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
        data = read_regular(path)
    except FileRefused:
        return None
    start = len(_MAGIC) + _DIGEST_SIZE
    rest = data[start:]
    if data[: len(_MAGIC)] != _MAGIC or sha256(rest).digest() != data[len(_MAGIC) : start]:
        return None
    end = 8 + int.from_bytes(rest[:8], "big")
    return rest[8:end], rest[end:]


def cache_folder() -> Path | None:
    """Where entries are; None when they are not wanted, or when others could have written there."""
    named = os.environ.get("RULEWRIGHT_CACHE")
    if named is not None and named.strip().lower() in ("", "0", "off", "no"):
        return None
    above = Path(named) if named else Path(platformdirs.user_cache_dir("rulewright", appauthor=False))
    folder = above / _FOLDER
    try:
        for path in reversed((folder, *folder.parents)):
            if not path.exists():
                path.mkdir(mode=0o700, exist_ok=True)
        if not (_is_ours(above) and _is_ours(folder)) or folder.is_symlink():
            return None
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except (OSError, ValueError):
        return None
    return folder


def _is_ours(folder: Path) -> bool:
    """Whether nobody but this user, and the one that may do everything, can put or replace anything in a folder."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid in (os.getuid(), 0) and not found.st_mode & 0o022


@cache
def _fingerprint() -> str:
    """Of everything that decides what rules become: a changed compiler, runtime or Python finds no old entry."""
    seen: list[Any] = [VERSION, sys.version, sys.implementation.cache_tag]
    for room in _ROOMS:
        for folder, folders, files in os.walk(folder_of(room)):
            folders.sort()
            for name in sorted(files):
                if not name.endswith(".pyc"):
                    found = Path(folder, name).stat()
                    seen.append((folder, name, found.st_size, found.st_mtime_ns))
    return sha256(repr(seen).encode()).hexdigest()


def _forget_oldest(folder: Path) -> None:
    """Entries of rules that were changed since are never found again; the oldest of them go.

    So do those that a killed process has begun. Only what has the name of an entry, and begins as one, is touched.
    """
    times: dict[Path, float] = {}
    for path in folder.iterdir():
        if _ENTRY.fullmatch(path.name) or _UNFINISHED.fullmatch(path.name):
            times[path] = path.stat().st_mtime
    entries = sorted((path for path in times if _ENTRY.fullmatch(path.name)), key=lambda path: -times[path])
    newest = max(times.values(), default=0.0)
    stale = [path for path in times if path not in entries and newest - times[path] > _UNFINISHED_FOR]
    for path in (*entries[_MOST_ENTRIES:], *stale):
        if _begins_as_entry(path):
            path.unlink(missing_ok=True)


def _begins_as_entry(path: Path) -> bool:
    """Whether the first bytes are those of an entry of any version, or there are none because it was not finished."""
    with path.open("rb") as file:
        return _MAGIC[:3].startswith(file.read(3))

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from .file_access import FileAccess, FileRefused, folder_of, read_regular
from .python_loader import Code
from .runtime.action import ConflictPolicy
from .version import VERSION

_MAGIC = b"RWC5"
_DIGEST_SIZE = 32
_MOST_ENTRIES = 200
_MOST_MAPPINGS = 5_000
"""Entries of single mappings, of which one is small."""
_FOLDER = "rulewright-compiled"
"""Inside of the folder that is named, which may hold files of others."""
_ENTRY = re.compile(r"[0-9a-f]{64}\.rw[ck]")
_MAPPING = re.compile(r"[0-9a-f]{64}\.rwm")
_UNFINISHED = re.compile(r"\.new-\w+\.rw[ckm]")
_UNFINISHED_FOR = 3600
"""So many seconds after it was begun, an entry will never be finished."""
_ROOMS = ("dsl", "compiler", "runtime", "rules")

Table = tuple[
    str, tuple[tuple[str, int, int, int, str], ...], tuple[tuple[int, int, str | None], ...], tuple[dict[str, int], ...]
]
"""What only a failure needs: the module's text, and what its `SourceMap` is made from."""


class Head(NamedTuple):
    """A mapping that is compiled by itself: what is known of it before."""

    name: str
    action: str
    conflict: ConflictPolicy
    key: str
    """Of its code: everything that it is made from."""
    file: int
    """The number of the rule file that it is in, and where."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The compiled module of some rules; its table is read again from the file when it is asked for."""

    path: Path
    code: Code
    """Of what maps events."""
    packed: bytes | None = None
    """The code of what maps views of events, kept small until somebody needs it."""
    files: tuple[str, ...] = ()
    """The names of the rule files, where each mapping is compiled by itself."""
    heads: tuple[Head, ...] = ()
    """Its mappings."""

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

    def key_of_known(self) -> str:
        """The name of the entry of what is known of their mappings, which an edit of the content does not change."""
        parts = "\0".join((_fingerprint(), self.name, str(self.folder.absolute())))
        return f"{sha256(parts.encode('utf-8', 'surrogatepass')).hexdigest()}.rwk"


def find(rules: Rules, access: FileAccess) -> Entry | None:
    """The entry of some rules, if it is there, whole, and not made from includes that read otherwise by now."""
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / rules.key()
    content = _content(path)
    if content is None:
        return None
    includes, code, packed, files, heads = marshal.loads(content[0])
    try:
        if access.digests(Path(name) for name, _ in includes) != [*includes]:
            return None
    except FileRefused:
        return None
    return Entry(path, code, packed, files, tuple(map(Head._make, heads)))


def keep(
    rules: Rules,
    codes: Sequence[Code],
    table: Table,
    includes: Sequence[tuple[str, str]],
    files: Sequence[str] = (),
    heads: Sequence[Head] = (),
) -> None:
    """Keeps an entry of rules.

    The codes are that for events, and that for views if there are any; `includes` are the paths of what was compiled
    with the rules, and the digests of just that content. With `files` and `heads`, the code holds no mappings.
    """
    packed = [zlib.compress(marshal.dumps(code), 1) for code in codes[1:]]
    found = tuple(includes), codes[0], packed[0] if packed else None, tuple(files), tuple(map(tuple, heads))
    _keep(rules.key(), found, table, forget=True)


class Known(NamedTuple):
    """A mapping of large rules that was checked: what the rules as a whole need of it."""

    name: str
    action: str
    conflict: ConflictPolicy
    enabled: bool
    trigger: bytes


def find_known(rules: Rules) -> tuple[str, dict[str, Known]]:
    """The destination of rules by this name, whatever their text was, and their mappings by key; nothing if unknown."""
    folder = cache_folder()
    content = None if folder is None else _content(folder / rules.key_of_known())
    if content is None:
        return "", {}
    destination, known = marshal.loads(content[0])
    return destination, {key: Known._make(parts) for key, parts in known.items()}


def keep_known(rules: Rules, destination: str, known: Mapping[str, Known]) -> None:
    """Keeps what is known of the mappings of rules, in place of what was known of those before."""
    _keep(rules.key_of_known(), (destination, {key: tuple(parts) for key, parts in known.items()}), None)


def mapping_key(destination: str, text: str, start: int) -> str:
    """The key of a mapping's code, which depends on its own text, from `start` on in its lines, and on nothing else."""
    parts = "\0".join((_fingerprint(), destination, str(start), text))
    return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def find_mapping(key: str) -> Entry | None:
    """The entry of one mapping."""
    folder = cache_folder()
    path = None if folder is None else folder / f"{key}.rwm"
    content = None if path is None else _content(path)
    return None if path is None or content is None else Entry(path, marshal.loads(content[0]))


def keep_mapping(key: str, code: Code, table: Table) -> None:
    """Keeps an entry of one mapping."""
    _keep(f"{key}.rwm", code, table)


def _keep(key: str, content: Any, table: Table | None, *, forget: bool = False) -> None:
    """Puts an entry in its place at once, whoever else does the same."""
    folder = cache_folder()
    if folder is None:
        return
    import tempfile  # a large import, which finding an entry does without

    main = marshal.dumps(content)
    rest = len(main).to_bytes(8, "big") + main + zlib.compress(marshal.dumps(table), 1)
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix=".new-", suffix=key[-4:], dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + sha256(rest).digest() + rest)
            Path(name).replace(folder / key)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        if forget:
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
    kinds: tuple[tuple[re.Pattern[str], dict[Path, float]], ...] = ((_ENTRY, {}), (_MAPPING, {}), (_UNFINISHED, {}))
    for path in folder.iterdir():
        for pattern, times in kinds:
            if pattern.fullmatch(path.name):
                times[path] = path.stat().st_mtime
    entries, mappings, unfinished = (sorted(times, key=times.__getitem__, reverse=True) for _, times in kinds)
    newest = max((time for _, times in kinds for time in times.values()), default=0.0)
    stale = [path for path in unfinished if newest - kinds[2][1][path] > _UNFINISHED_FOR]
    for path in (*entries[_MOST_ENTRIES:], *mappings[_MOST_MAPPINGS:], *stale):
        if _begins_as_entry(path):
            path.unlink(missing_ok=True)


def _begins_as_entry(path: Path) -> bool:
    """Whether the first bytes are those of an entry of any version, or there are none because it was not finished."""
    with path.open("rb") as file:
        return _MAGIC[:3].startswith(file.read(3))

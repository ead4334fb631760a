"""Files of the cache: written atomically, in a folder that no other user can write to."""

from __future__ import annotations

import contextlib
import marshal
import os
import re
import sys
import zlib
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import platformdirs

from ..files.file_access import FileRefused, folder_of, read_regular
from ..runtime.private_files import replace_file
from ..version import VERSION

_MAGIC = b"RWC6"
_DIGEST_SIZE = 32
_MOST = {".rwc": 200, ".rwk": 200, ".rwm": 5_000, ".rwg": 10}
"""Entries by their kind: of rules, of what is known of their mappings, of single mappings, and of the grammar."""
_FOLDER = "rulewright-compiled"
"""Inside of the folder that is named, which may hold files of others."""
_ENTRY = re.compile(r"[0-9a-f]{64}\.rw[cgkm]")
_UNFINISHED = re.compile(r"\.[0-9a-f]{64}\.rw[cgkm]\.\w+")
"""As `replace_file` names a file until it is whole."""
_UNFINISHED_FOR = 3600
"""An unfinished entry that is this many seconds older than the newest file is taken for abandoned."""
_ROOMS = ("dsl", "compiler", "runtime", "rules")

CachedText = tuple[
    str, tuple[tuple[str, int, int, int, str], ...], tuple[tuple[int, int, str | None], ...], tuple[dict[str, int], ...]
]
"""What only a failure needs: the module's text, and what its `SourceMap` is made from."""


def write_entry(key: str, content: Any, table: CachedText | None, *, forget: bool = False) -> None:
    """Writes an entry atomically, also beside other processes; one that cannot be written is left out."""
    folder = cache_folder()
    if folder is None:
        return
    main = marshal.dumps(content)
    rest = len(main).to_bytes(8, "big") + main + zlib.compress(marshal.dumps(table), 1)
    with contextlib.suppress(OSError):
        replace_file(folder / key, _MAGIC + sha256(rest).digest() + rest, mode=0o600)
        if forget:
            _forget_oldest(folder)


def read_entry(path: Path) -> tuple[bytes, bytes] | None:
    """The two parts of an entry; None if there is none, or if it is damaged."""
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
    """The folder of the entries, which is made if it does not exist, for its owner alone.

    None if the cache is off, or if the folder cannot be made or could be written by other users.
    """
    if is_turned_off():
        return None
    named = os.environ.get("RULEWRIGHT_CACHE")
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


def entry_sizes(folder: Path) -> list[int]:
    """The bytes of each entry in a folder, without one that another process takes away meanwhile. Raises OSError."""
    sizes = []
    for path in folder.iterdir():
        if _ENTRY.fullmatch(path.name):
            with contextlib.suppress(FileNotFoundError):
                sizes.append(path.stat().st_size)
    return sizes


def is_turned_off() -> bool:
    """Whether RULEWRIGHT_CACHE turns the cache off."""
    return os.environ.get("RULEWRIGHT_CACHE", "on").strip().lower() in ("", "0", "off", "no")


def _is_ours(folder: Path) -> bool:
    """Whether nobody but this user and root can create or replace anything in a folder. Raises OSError."""
    if not hasattr(os, "getuid"):
        return True
    status = folder.stat()
    return status.st_uid in (os.getuid(), 0) and not status.st_mode & 0o022


@cache
def fingerprint() -> str:
    """A hash of the compiler, the runtime and the Python that runs them; old entries have another one."""
    seen: list[Any] = [VERSION, sys.version, sys.implementation.cache_tag]
    for room in _ROOMS:
        for folder, folders, files in os.walk(folder_of(room)):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                if not name.endswith(".pyc"):
                    # A `Path` of each of a few hundred files would take longer than to look at them.
                    status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118
                    seen.append((folder, name, status.st_size, status.st_mtime_ns))
    return sha256(repr(seen).encode()).hexdigest()


def _forget_oldest(folder: Path) -> None:
    """Removes the oldest entries: those of rules that changed since are never found again.

    Unfinished entries of killed processes are removed too. Only files with the name of an entry, and that begin as one,
    are removed.
    """
    entries: dict[str, dict[Path, float]] = {kind: {} for kind in _MOST}
    unfinished: dict[Path, float] = {}
    for path in folder.iterdir():
        if _ENTRY.fullmatch(path.name):
            entries[path.suffix][path] = path.stat().st_mtime
        elif _UNFINISHED.fullmatch(path.name):
            unfinished[path] = path.stat().st_mtime
    newest = max((time for times in (*entries.values(), unfinished) for time in times.values()), default=0.0)
    old = [path for path, time in unfinished.items() if newest - time > _UNFINISHED_FOR]
    for kind, times in entries.items():
        old += sorted(times, key=times.__getitem__, reverse=True)[_MOST[kind] :]
    for path in old:
        if _begins_as_entry(path):
            path.unlink(missing_ok=True)


def _begins_as_entry(path: Path) -> bool:
    """Whether the first bytes are those of an entry of any version, or there are none because it was not finished."""
    with path.open("rb") as file:
        return _MAGIC[:3].startswith(file.read(3))

"""Private files: readable only by their owner, and never written through a link or a file of another user."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import BinaryIO

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows
    flock = None  # type: ignore[assignment]

OWNER_ONLY = 0o600
ABANDONED_AFTER = 3600
"""Seconds since the last write after which an unfinished file is removed, where files have no locks."""
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def open_private(path: Path) -> Path:
    """Create the file if it does not exist, with rights for its owner alone, and return its path without links.

    The rights of an existing file do not change. Raises OSError if the file cannot be created, and where
    `path_without_links` does.
    """
    path = path_without_links(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINKS, OWNER_ONLY))
    except FileExistsError:
        return path_without_links(path)
    return path


def path_without_links(path: Path) -> Path:
    """The absolute path that links lead to; the file need not exist yet.

    Raises OSError for what is not a regular file, and for a file or link that another user made in a folder where
    everyone may make files: that user would read, or choose, what is written.
    """
    try:
        _refuse_planted(path)
        real = path.resolve()
        _refuse_planted(real)
        mode = real.lstat().st_mode
    except FileNotFoundError:
        return path.resolve()
    except (RuntimeError, ValueError) as problem:
        raise OSError(errno.EINVAL, str(problem).lower(), str(path)) from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if stat.S_ISLNK(mode):  # since Python 3.13, a loop of links is resolved to one of them
        raise OSError(errno.ELOOP, "it is a loop of links", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return real


def replace_file(path: Path, content: bytes, mode: int | None = 0o644, *, durably: bool = False) -> None:
    """Replace a file, or create it: a reader finds the old content or the new, never a part of it.

    A link at the path is replaced and not followed. An existing file keeps its mode; `mode` is for a new one, and with
    None, a new file has the rights that the umask leaves. `durably` waits until the content is on the disk, so that not
    even a power failure leaves an empty file. Raises OSError, and then the old file is unchanged.
    """
    with _whole(path, content, OWNER_ONLY if mode is not None or path.exists() else 0o666, durably=durably) as fresh:
        with contextlib.suppress(FileNotFoundError):
            old = path.lstat()
            mode = stat.S_IMODE(old.st_mode) if stat.S_ISREG(old.st_mode) else mode
        if mode is not None:
            fresh.chmod(mode)
        fresh.replace(path)


def create_file(path: Path, content: bytes) -> None:
    """Create a file on the disk, whole or not at all, with the rights that the umask leaves.

    Raises FileExistsError if there is a file or link at the path, and OSError if the file cannot be written.
    """
    with _whole(path, content, 0o666, durably=True) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
            fresh.replace(path)
        else:
            fresh.unlink()


@contextlib.contextmanager
def _whole(path: Path, content: bytes, rights: int, *, durably: bool) -> Iterator[Path]:
    """A file beside the path with all of the content, until it has taken its place; it is removed where that fails."""
    if durably:
        remove_abandoned(path)
    fresh, file = _begun(path, rights)
    with contextlib.ExitStack() as lock:
        try:
            with file:
                if flock is not None:  # the lock is held until the file has taken its place
                    lock.callback(os.close, os.dup(file.fileno()))
                file.write(content)
                if durably:
                    file.flush()
                    os.fsync(file.fileno())
            yield fresh
        except BaseException:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise


def _begun(path: Path, rights: int) -> tuple[Path, BinaryIO]:
    """The path of a new, empty file beside this one, and the file, open; its lock shows that its writer lives."""
    while True:
        fresh = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
        file = open(fresh, "xb", opener=lambda name, flags: os.open(name, flags, rights))  # noqa: SIM115
        # Another process may have taken it for abandoned before it was locked, and has removed it, or will.
        if try_lock(file.fileno()) is not False and os.fstat(file.fileno()).st_nlink:
            return fresh, file
        file.close()


def remove_abandoned(path: Path) -> None:
    """Remove what killed writers of this file left beside it, but not the file of a writer that is still running.

    Raises nothing: what cannot be removed stays.
    """
    name = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{16}}")
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for unfinished in [Path(entry.path) for entry in entries if name.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                _remove_if_abandoned(unfinished)


def _remove_if_abandoned(unfinished: Path) -> None:
    if flock is None:
        if _is_old(unfinished.lstat()):
            unfinished.unlink()
        return
    descriptor = os.open(unfinished, os.O_RDONLY | os.O_NONBLOCK | _NO_LINKS)
    try:
        has_lock = try_lock(descriptor)
        if has_lock or (has_lock is None and _is_old(os.fstat(descriptor))):
            unfinished.unlink()
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool | None:
    """Lock an open file or folder until it is closed, without waiting.

    Returns True if it is locked now, False if another process holds the lock, and None if the system, or the place of
    the file, has no locks.
    """
    if flock is None:
        return None
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _is_old(status: os.stat_result) -> bool:
    return status.st_mtime < time() - ABANDONED_AFTER


def others_may_read(path: Path) -> bool:
    """Whether users other than the owner have rights to a file, by its mode; False on Windows, where no mode tells.

    Raises OSError for a file that does not exist.
    """
    return hasattr(os, "geteuid") and bool(path.stat().st_mode & 0o077)


def _refuse_planted(path: Path) -> None:
    status = path.lstat()
    trusted = {0, os.geteuid()} if hasattr(os, "geteuid") else {status.st_uid}
    if status.st_uid not in trusted and path.parent.stat().st_mode & stat.S_IWOTH:
        kind = "link" if stat.S_ISLNK(status.st_mode) else "file"
        raise PermissionError(
            errno.EPERM, f"it is a {kind} of another user in a folder where everyone may make files", str(path)
        )

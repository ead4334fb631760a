"""Private files: readable only by their owner, and never written through a link or a file of another user."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

OWNER_ONLY = 0o600
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def open_private(path: Path) -> Path:
    """Make sure that there is a file, with rights for its owner alone when it is new, and give its path without links.

    Raises OSError when there can be none, and as `path_without_links` does.
    """
    path = path_without_links(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINKS, OWNER_ONLY))
    except FileExistsError:
        return path_without_links(path)
    return path


def path_without_links(path: Path) -> Path:
    """The path that links lead to; there need not be a file yet.

    Raises OSError for what is not a regular file, and for a file or link that another user made in a folder where
    everyone may make files: who planted it would read, or choose, what is written.
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
    """Put a file in the place of what is there: who reads meanwhile finds the old content or the new, whole.

    A link in that place is replaced and not followed. `mode` is for a file that was not there before; with None, it has
    the rights that the umask leaves. `durably` waits until the content is on the disk, so that not even a power cut
    leaves an empty file.
    """
    fresh = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    rights = OWNER_ONLY if mode is not None or path.exists() else 0o666
    try:
        with open(fresh, "xb", opener=lambda name, flags: os.open(name, flags, rights)) as file:
            file.write(content)
            if durably:
                file.flush()
                os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            old = path.lstat()
            mode = stat.S_IMODE(old.st_mode) if stat.S_ISREG(old.st_mode) else mode
        if mode is not None:
            fresh.chmod(mode)
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise


def others_may_read(path: Path) -> bool:
    """Whether users other than the owner have rights to a file, where its mode says so: on Windows, it says nothing."""
    return hasattr(os, "geteuid") and bool(path.stat().st_mode & 0o077)


def _refuse_planted(path: Path) -> None:
    status = path.lstat()
    trusted = {0, os.geteuid()} if hasattr(os, "geteuid") else {status.st_uid}
    if status.st_uid not in trusted and path.parent.stat().st_mode & stat.S_IWOTH:
        kind = "link" if stat.S_ISLNK(status.st_mode) else "file"
        raise PermissionError(
            errno.EPERM, f"it is a {kind} of another user in a folder where everyone may make files", str(path)
        )

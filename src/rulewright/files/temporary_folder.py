"""A folder for the files of one command, which may hold events: it is removed however the command ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

from ..runtime.private_files import try_lock

_PREFIX = "rulewright-temporary-"
_NAME = re.compile(rf"{_PREFIX}\w{{8}}")


class _Terminated(BaseException):
    """SIGTERM came; the process ends by it once the folder is removed."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder that only its owner can read, until the end of the block.

    SIGTERM removes it too, and then ends the process as usual. What `kill -9` leaves is removed by the next
    command that needs such a folder.
    """
    _remove_abandoned(Path(tempfile.gettempdir()))
    with _terminated_at_the_end(), ExitStack() as opened:
        yield _new_folder(opened)


def _new_folder(opened: ExitStack) -> Path:
    """A new folder, which is locked, if folders can be, to show that its owner is alive."""
    while True:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)))
        if not hasattr(os, "O_DIRECTORY"):  # Windows
            return folder
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        opened.callback(os.close, descriptor)
        # Another command may have taken it for abandoned before it was locked, and has removed it, or will.
        if try_lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
            return folder


def _remove_abandoned(parent: Path) -> None:
    """Remove folders of this user whose owner was killed."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError), os.scandir(parent) as entries:
        for folder in [entry.path for entry in entries if _NAME.fullmatch(entry.name)]:
            with suppress(OSError):
                _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid == os.geteuid() and try_lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


@contextmanager
def _terminated_at_the_end() -> Iterator[None]:
    """SIGTERM ends the block, and then the process; nothing changes if it is handled already, or in other threads."""
    is_handled = threading.current_thread() is not threading.main_thread()
    if is_handled or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise _Terminated

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except _Terminated:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

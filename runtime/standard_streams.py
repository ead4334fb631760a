"""Standard input, output and error for commands, however the parent process set them up."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from io import TextIOWrapper

_NAMES = ("stdin", "stdout", "stderr")
_TITLES = ("standard input", "standard output", "standard error")


def open_streams() -> list[str]:
    """Makes the three streams usable; returns the names of standard input and standard output if they were closed.

    Python has None for a closed stream, and the next file that is opened would take its descriptor: what is printed
    would be written into that file. So each descriptor is opened on the null device: reading from standard input or
    writing to standard output then fails with EBADF, as on a closed stream, and writing to standard error does nothing,
    because there is nowhere left to report a failure. Characters that the encoding of a stream does not have, such as
    the bytes of a file name that is not UTF-8, are written as escapes. Output to a file or a program is UTF-8 with
    plain line ends, also on Windows, unless PYTHONIOENCODING says otherwise.
    """
    closed = []
    for descriptor, (name, title) in enumerate(zip(_NAMES, _TITLES, strict=True)):
        if getattr(sys, name) is None:
            _take(descriptor, os.O_RDONLY if name == "stdout" else os.O_WRONLY)
            setattr(sys, name, open(descriptor, "r" if name == "stdin" else "w", closefd=False))  # noqa: SIM115
            if name != "stderr":
                closed.append(title)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty() or "PYTHONIOENCODING" in os.environ:
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return closed


def reason(error: OSError, closed: list[str]) -> str:
    """Why a command could not read or write, in lower case; `closed` is what `open_streams` returned."""
    if error.errno == errno.EBADF and closed:
        return f"{' and '.join(closed)} {'is' if len(closed) == 1 else 'are'} closed"
    place = f"{error.filename}: " if error.filename else ""
    return place + (error.strerror or str(error)).lower()


def say(sentence: str) -> None:
    """Writes a sentence to standard error; a failure to write is ignored, so that it does not change the exit code."""
    try:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        discard_output()


def discard_output() -> None:
    """Discards what is still buffered for a stream that cannot be written, because nobody reads or the disk is full.

    Python would otherwise fail at exit, when it flushes the streams.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())


def _take(descriptor: int, direction: int) -> None:
    opened = os.open(os.devnull, direction)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)

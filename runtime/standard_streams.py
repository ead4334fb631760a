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
    """Makes the three streams usable, and gives the names of those that were closed.

    Python has None for a closed one, and the next file that is opened would take its descriptor: what is printed would
    be written into that file. So each descriptor is taken, in a direction in which every use fails as the system says
    it does; for standard error, which has nobody to tell, nothing fails. Text that the encoding of a stream does not
    have, such as the bytes of a file name that is not UTF-8, is written as escapes. What goes to a program is UTF-8
    with plain line ends, unless PYTHONIOENCODING says otherwise: Windows takes the code page of the country.
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
    """Why a command could not read or write, in lower case."""
    if error.errno == errno.EBADF and closed:
        return f"{' and '.join(closed)} {'is' if len(closed) == 1 else 'are'} closed"
    place = f"{error.filename}: " if error.filename else ""
    return place + (error.strerror or str(error)).lower()


def say(sentence: str) -> None:
    """A sentence on standard error, where that can be written at all; where not, it must not change the exit code."""
    try:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        discard_output()


def discard_output() -> None:
    """Nobody reads, or the disk is full: what is still to be written at the end goes nowhere."""
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

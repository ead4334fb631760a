"""Faults of Rulewright: the author gets one message and an exit code of its own, and a traceback only on request.

A fault is an exception that no command diagnoses. Faults of a command and of its threads end here; `logged_faults.py`
takes those that a library catches and only logs.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..printable import printable, shortened
from ..runtime.standard_streams import say
from ..version import VERSION

FAULT = 70
"""The exit code: EX_SOFTWARE of sysexits.h. 1 would mean findings, and 2 something that the author can correct."""

TRACEBACK = "RULEWRIGHT_TRACEBACK"
"""The environment variable that asks for tracebacks.

It is not a file: a command fails again on the same files, so its traceback can be asked for afterwards. A file would
stay behind with what it quotes, or be lost with the machine of a CI job.
"""

GROUPS = ("amplitude", "dead-letters")
"""The commands with subcommands."""

_LONGEST_TEXT = 300
"""Characters of an exception's text that are shown: it may quote a whole event."""
# Patterns are compiled when there is a fault: every command imports this module when it starts.
_SECRET_NAMES = r"(?i)(KEY|SECRET|TOKEN|PASSWORD|AUTHORIZATION|WEBHOOK_URL)S?$"
"""Environment variables and options whose values are secrets, also those of installed destinations."""
_OPTION = r"--?[a-z][a-z0-9-]*"
_NAME = r"[a-z][a-z-]*"
_REPORT_IT = (
    "  Please report it, with the traceback, in the repository that you got Rulewright from. Look through it first:",
    "  the text of an exception may quote your rules or an event.",
)
_FRAME = r'File "(.+)", line (\d+)'


def report_fault(error: BaseException, program: str = "rulewright") -> int:
    """Says on standard error that a fault of Rulewright ended the command; gives the exit code."""
    say(fault_message(error, program))
    return FAULT


def fault_message(error: BaseException, program: str = "rulewright") -> str:
    """What was run, what was raised where, and how to report it; the traceback comes first, if it was asked for.

    Of the command line, only commands, options and files are shown, because other values may be keys or events. The
    text of the exception is shortened and has no keys, but it may quote a value: without it, few faults can be
    understood.
    """
    # Only a fault needs these.
    from platform import python_version
    from traceback import format_exception

    redact = _redactor()
    place = _place(error)
    lines = [
        f"rulewright: this is a fault of Rulewright: {_described(error, redact)}",
        f"  command: {printable(_command_line(program, sys.argv[1:]))}",
        *([f"  place: {printable(place)}"] if place else []),
        f"  version: Rulewright {VERSION}, Python {python_version()}, {sys.platform}",
    ]
    if traceback_wanted():
        trace = redact("".join(format_exception(error))).rstrip()
        lines[:0] = map(printable, trace.split("\n"))
    else:
        lines.append(f"  To see the traceback, run the command again with {TRACEBACK}=1 in the environment.")
    return "\n".join([*lines, *_REPORT_IT])


def traceback_wanted() -> bool:
    """Whether the environment asks for tracebacks."""
    return os.environ.get(TRACEBACK, "") not in ("", "0", "off")


@contextmanager
def threads_watched() -> Iterator[list[BaseException]]:
    """Reports faults that end a thread, or that are raised where nobody can catch them; yields those of threads."""
    faults: list[BaseException] = []

    def in_thread(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            faults.append(ended.exc_value)
            say(fault_message(ended.exc_value))

    def uncaught(ignored: sys.UnraisableHookArgs) -> None:
        if isinstance(ignored.exc_value, Exception) and not isinstance(ignored.exc_value, OSError):
            say(fault_message(ignored.exc_value))

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = in_thread, uncaught
    try:
        yield faults
    finally:
        threading.excepthook, sys.unraisablehook = before


def _described(error: BaseException, redact: Callable[[str], str]) -> str:
    """The class and the text of an exception, on one line."""
    try:
        text = redact(str(error))
    except Exception:  # the text of some exceptions is made when it is asked for
        text = ""
    text = shortened(text, _LONGEST_TEXT)
    name = type(error).__name__
    return printable(f"{name}: {text}" if text else name)


def _place(error: BaseException) -> str | None:
    """The last line of Rulewright in the traceback, of the worker process if one raised it; None if there is none."""
    from traceback import walk_tb  # as above

    last: tuple[str, str, int] | None = None
    for frame, line in walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__"))
        if module.partition(".")[0] == "rulewright":
            last = module, frame.f_code.co_filename, line
    if last is None:
        return None
    module, file, line = last
    if module.startswith("rulewright.workers.") and error.__cause__ is not None:
        in_worker = re.findall(_FRAME, str(error.__cause__))
        if in_worker:
            return f"{in_worker[-1][0]}, line {in_worker[-1][1]}, in a worker process"
    return f"{file}, line {line}"


def _command_line(program: str, words: list[str]) -> str:
    """The command line, with an ellipsis for anything that is not a command, an option or a file."""
    shown = [program]
    left = 0 if program != "rulewright" else 1
    """How many of the next words may be names of commands."""
    for word in words:
        option, equals, value = word.partition("=")
        if re.fullmatch(_OPTION, option):
            shown.append(f"{option}={_file(value)}" if equals else option)
        elif left and re.fullmatch(_NAME, word) and not _is_file(word):
            shown.append(word)
            left = 1 if word in GROUPS else 0
        else:
            shown.append(_file(word))
    return " ".join(shown)


def _file(word: str) -> str:
    return word if word == "-" or _is_file(word) else "…"


def _is_file(word: str) -> bool:
    return os.path.exists(word)  # noqa: PTH110 - Path.exists raises for a long text, as an event on the command line is


def _redactor() -> Callable[[str], str]:
    """A function that redacts the keys in the environment and on the command line."""
    from ..runtime.delivery.redaction import Redactor

    options = [(before, word) for before, word in zip(sys.argv, sys.argv[1:], strict=False) if before.startswith("-")]
    options += [(name, value) for name, equals, value in (word.partition("=") for word in sys.argv[1:]) if equals]
    named = [*os.environ.items(), *((name.replace("-", "_"), value) for name, value in options)]
    values = [value for name, value in named if re.search(_SECRET_NAMES, name)]
    # Several keys stand in one variable with blanks between, each behind its name.
    parts = [part for value in values for word in value.split() for part in (word, word.partition("=")[2])]
    return Redactor([*values, *parts])

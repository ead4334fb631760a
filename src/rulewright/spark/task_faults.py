"""Reads the Python exception of a task from the text in which Spark reports it."""

from __future__ import annotations

import builtins
import re

_RAISED = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n)+(\S.*)", re.MULTILINE)


class FaultInTask(Exception):
    """A fault of Rulewright in a task; its text is the name and the text of the exception."""


def raised_in_task(text: str) -> str | None:
    """The name and the text of the exception that ended a task, the last of a chain; None if the text has none."""
    raised = _RAISED.findall(text)
    return raised[-1].rstrip() if raised else None


def is_fault(raised: str) -> bool:
    """Whether that exception is a fault of Rulewright, and not a failed file or connection, or too little memory."""
    kind = getattr(builtins, raised.partition(":")[0], Exception)
    return not (isinstance(kind, type) and issubclass(kind, (OSError, MemoryError)))

"""Why an input cannot be read, and what to do about it."""

from __future__ import annotations


class InputRefused(Exception):
    """An input that cannot be read as events: the cause, and the way out where there is one."""

    def __init__(self, cause: str, help_: str = "") -> None:
        super().__init__(f"{cause}; {help_}" if help_ else cause)
        self.cause = cause
        self.help = help_

"""Says that nothing is delivered: again and again at growing intervals, and once more when delivery continues."""

from __future__ import annotations

from ..counted import counted

FIRST_TOLD = (10.0, 30.0, 60.0)
"""Seconds without a delivery after which a standstill is reported."""
TOLD_EVERY = 300.0
"""Seconds between later reports."""


class Standstill:
    """The time in which parts were pending and none was delivered. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._since: float | None = None
        """The last delivery, or the moment when parts were pending again; None while none are."""
        self._told = 0
        """The number of sentences that were due so far."""

    def delivered(self, now: float) -> str | None:
        """Note a delivery; return a sentence if a standstill was reported."""
        since, told = self._since, self._told
        self._since, self._told = now, 0
        if not told or since is None:
            return None
        return f"delivery continues after {_duration(now - since)}"

    def looked_at(self, now: float, pending: int, last_answer: str | None) -> str | None:
        """Note how many parts are pending, and return the sentence that is due, if one is.

        `last_answer` is None while only the sender's own rate keeps parts waiting.
        """
        if not pending:
            self._since, self._told = None, 0
            return None
        if self._since is None:
            self._since = now
        seconds = now - self._since
        due = sum(seconds >= moment for moment in FIRST_TOLD) + int(seconds // TOLD_EVERY)
        if due <= self._told or last_answer is None:
            return None
        self._told = due
        return (
            f"nothing was delivered for {_duration(seconds)}, {counted(pending, 'part')}"
            f" {'is' if pending == 1 else 'are'} pending; the last answer: {last_answer}"
        )


def _duration(seconds: float) -> str:
    if seconds < 120:
        return counted(int(seconds), "second")
    if seconds < 7200:
        return counted(int(seconds // 60), "minute")
    return counted(int(seconds // 3600), "hour")

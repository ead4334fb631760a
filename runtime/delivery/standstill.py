"""Says that nothing is delivered: again and again at growing intervals, and once more when delivery continues."""

from __future__ import annotations

from ..counted import counted

FIRST_TOLD = (10.0, 30.0, 60.0)
"""Seconds without a delivery after which it is said."""
TOLD_EVERY = 300.0
"""Seconds between two sentences after those."""


class Standstill:
    """The time in which parts were pending and none was delivered. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._since: float | None = None
        """The last delivery, or the moment when parts were pending again; None while none is."""
        self._told = 0
        """How many sentences were due so far."""

    def delivered(self, now: float) -> str | None:
        """Parts were delivered; a sentence if it was said that none are."""
        since, told = self._since, self._told
        self._since, self._told = now, 0
        if not told or since is None:
            return None
        return f"delivery continues after {_duration(now - since)}"

    def looked_at(self, now: float, pending: int, last_answer: str | None) -> str | None:
        """The sentence that is due, if one is.

        `last_answer` is None while nothing but a rate of the sender's own is waited for.
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

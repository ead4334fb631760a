"""What the answer of any destination says besides its status: how long to wait, and its message."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ....printable import shortened
from ..adapter import Answer

LONGEST_WAIT = 24 * 3_600.0
EXCERPT = 250
"""Characters of a message that are kept."""
MOST_WORDS = 10_000


def retry_after(answer: Answer) -> float | None:
    """The seconds of the header Retry-After, at most a day; None if it is absent or unreadable.

    A date counts from the header Date, or from now without one.
    """
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            until = parsedate_to_datetime(text)
            date = answer.headers.get("date")
            answered_at = datetime.now(UTC) if date is None else parsedate_to_datetime(date)
            seconds = (_aware(until) - _aware(answered_at)).total_seconds()
        except (ArithmeticError, LookupError, TypeError, ValueError):  # a date that the library does not expect
            return None
    return min(max(0.0, seconds), LONGEST_WAIT) if seconds == seconds else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def on_one_line(text: object) -> str:
    """Text of an answer on one line; `cut` shortens it after secrets are redacted, so that no half of one is left."""
    return " ".join(str(text)[:MOST_WORDS].split())


def cut(message: str) -> str:
    """The message, cut to EXCERPT characters."""
    return shortened(message, EXCERPT)

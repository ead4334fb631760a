"""The meaning of each answer of a webhook; the reference page has the table."""

from __future__ import annotations

from ...delivery.adapter import Answer
from ...delivery.disposition import Delivered, Disposition, Reason, Retry, Stop, TooLarge, Unexplained
from ...delivery.transport.answer_text import MOST_WORDS, on_one_line, retry_after

STOPPED = {401: "refuses the credentials", 403: "refuses the credentials", 407: "a proxy refuses the credentials"}
"""Nothing can be sent until a person acts."""
ABSENT = frozenset({404, 405})
"""The endpoint is not there, or not yet: several in a row, with nothing taken in between, stop the sender."""
OVERLOADED = frozenset({429, 503})
PASSING = frozenset({408, 425})


def disposition(answer: Answer) -> Disposition:
    """What the sender does after an answer: the table of the reference page."""
    if answer.failure:
        cause = f" ({answer.cause})" if answer.cause else ""
        reason = Reason("no_answer", f"no whole answer came: {answer.failure}{cause}")
        return Retry(reason, overload=answer.failure == "timeout")
    status = answer.status
    if 200 <= status < 300:
        return Delivered()
    if status in STOPPED:
        return Stop(Reason(f"http_{status}", f"the endpoint answered {status}: it {STOPPED[status]}"))
    if status == 410:
        return Stop(Reason("http_410", "the endpoint answered 410: it is gone for good"))
    reason = _reason(answer)
    if 300 <= status < 400:
        return Retry(reason, maybe_accepted=False, fatal=True)
    if status in ABSENT:
        return Retry(reason, maybe_accepted=False, fatal=True)
    if status == 413:
        return TooLarge(reason)
    if status in OVERLOADED:
        return Retry(reason, maybe_accepted=False, after=retry_after(answer), overload=True)
    if status in PASSING or status >= 500:
        return Retry(reason, after=retry_after(answer))
    return Unexplained(reason)


def _reason(answer: Answer) -> Reason:
    place = answer.headers.get("location")
    if 300 <= answer.status < 400 and place:
        words = f"points to `{on_one_line(place)}`; redirects are not followed"
        return Reason(f"http_{answer.status}", f"the endpoint answered {answer.status} and {words}")
    words = on_one_line(answer.body[:MOST_WORDS].decode("utf-8", "replace")) or "no text"
    return Reason(f"http_{answer.status}", f"the endpoint answered {answer.status}: {words}")

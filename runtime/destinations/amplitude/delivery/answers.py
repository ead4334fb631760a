"""The table of Amplitude's answers: from status and body to what the sender does next.

Source: Amplitude, "HTTP V2 API" and "Batch Event Upload API", status codes; and what was seen on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ....delivery.adapter import Answer, Route
from ....delivery.disposition import (
    Delivered,
    Disposition,
    Hold,
    Reason,
    Refused,
    Retry,
    Stop,
    Throttled,
    TooLarge,
    Unexplained,
    with_messages,
)
from ....delivery.transport.answer_text import MOST_WORDS, cut, on_one_line, retry_after
from .identity import identity

THROTTLE_SECONDS = 30.0
"""Source: "HTTP V2 API": pause for 30 seconds before a throttled id is tried again."""
QUOTA_SECONDS = (60.0, 3_600.0)
"""When a daily quota frees is not documented: ask again after a minute, then less and less often, at last each hour."""
SHORTEST_HOLD = 1.0
"""Seconds that a throttled id waits at least, whatever Retry-After says: its rate is counted by the second."""

INDEX_LISTS = {
    "events_with_invalid_fields": "has an invalid value in `{}`",
    "events_with_missing_fields": "misses the field `{}`",
    "events_with_invalid_id_lengths": "has a `{}` that is too short or never accepted",
}


def disposition(
    route: Route, bodies: Sequence[bytes], answer: Answer, redact: Callable[[str], str] = lambda text: text
) -> Disposition:
    """What the sender does after an answer to a request with these bodies.

    `redact` replaces secrets in the words that are kept of the answer. The answer is read first, because a key may be a
    part of any word in it.
    """
    return with_messages(_read(route, bodies, answer), lambda message: cut(redact(message)))


def _read(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    if answer.failure:
        cause = f" ({answer.cause})" if answer.cause else ""
        reason = Reason("no_answer", f"no whole answer came: {answer.failure}{cause}")
        return Retry(reason, overload=answer.failure == "timeout")
    handler = HANDLERS.get(answer.status)
    if handler is not None:
        return handler(route, bodies, answer)
    if answer.status >= 500:
        return _server_error(route, bodies, answer)
    if 200 <= answer.status < 300:
        return Retry(_unclear(answer), suspect=True)
    return Retry(_elsewhere(answer) or _reason(answer), maybe_accepted=False, fatal=True)


def _ok(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    body = _json(answer)
    if route.kind in ("events", "batch"):
        if not isinstance(body, dict) or body.get("code") != 200:
            return Retry(_unclear(answer))
        count = body.get("events_ingested")
        if count == len(bodies):
            return Delivered()
        message = f"the answer is 200, but it counts {count} events where {len(bodies)} were sent"
        return Retry(Reason("count_differs", message), suspect=True)
    if route.kind in ("deletions", "other") and body is not None:
        return Delivered()
    if isinstance(body, dict) and body.get("code", 200) == 200 and "error" not in body:
        return Delivered()
    if answer.body.strip().lower() == b"success":
        return Delivered()
    return Retry(_unclear(answer))


def _bad_request(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    body = _json(answer)
    reasons = _refused(body, bodies) if isinstance(body, dict) else {}
    if reasons:
        return Refused(reasons)
    reason = _reason(answer)
    text = _words(answer).lower()
    if "invalid api key" in text or "invalid_api_key" in text:
        return Stop(Reason("invalid_api_key", "the destination does not know the API key"))
    if isinstance(body, dict) and body.get("missing_field"):
        return Stop(Reason("missing_field", f"the request misses `{on_one_line(body['missing_field'])}`"))
    if "invalid json request body" in text:
        return Stop(Reason("invalid_json", "the destination cannot read the request's JSON"))
    return Unexplained(reason)


def _unauthorized(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    return Stop(Reason("unauthorized", "the destination refuses the keys (deletions need AMPLITUDE_SECRET_KEY too)"))


def _forbidden(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    return Unexplained(_reason(answer))


def _timed_out(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    return Retry(_reason(answer))


def _too_large(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    return TooLarge(_reason(answer))


def _throttled(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    after = retry_after(answer)
    body = _json(answer)
    reason = _reason(answer)
    holds = _holds(body, bodies, after) if isinstance(body, dict) else {}
    if holds:
        return Throttled(holds, reason)
    return Retry(reason, maybe_accepted=False, after=after, overload=True)


def _server_error(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    return Retry(_reason(answer), after=retry_after(answer))


def _unavailable(route: Route, bodies: Sequence[bytes], answer: Answer) -> Disposition:
    return Retry(_reason(answer), maybe_accepted=False, after=retry_after(answer), overload=True)


HANDLERS: Mapping[int, Callable[[Route, Sequence[bytes], Answer], Disposition]] = {
    200: _ok,
    400: _bad_request,
    401: _unauthorized,
    403: _forbidden,
    408: _timed_out,
    413: _too_large,
    429: _throttled,
    500: _server_error,
    502: _server_error,
    503: _unavailable,
    504: _server_error,
}


def _refused(body: dict[str, Any], bodies: Sequence[bytes]) -> dict[int, Reason]:
    """The parts that the answer refuses by their indices, with its own words beside ours."""
    error = body.get("error")
    words = f"; the destination says: {on_one_line(error)}" if isinstance(error, str) and error else ""
    reasons: dict[int, Reason] = {}
    for name, sentence in INDEX_LISTS.items():
        fields = body.get(name)
        if isinstance(fields, dict):
            for field, indices in fields.items():
                _note(
                    reasons,
                    indices,
                    Reason(name, f"the event {sentence.format(on_one_line(field))}{words}"),
                    len(bodies),
                )
    silenced = Reason("silenced_events", f"the event is blocked by the project's settings{words}")
    _note(reasons, body.get("silenced_events"), silenced, len(bodies))
    devices = _names(body.get("silenced_devices"))
    if devices:
        for index, part in enumerate(bodies):
            device = identity(part).device_id
            if device is not None and str(device) in devices:
                reason = Reason("silenced_devices", f"the device is blocked by the project's settings{words}")
                reasons.setdefault(index, reason)
    return reasons


def _note(reasons: dict[int, Reason], indices: object, reason: Reason, count: int) -> None:
    for index in _indices(indices, count):
        reasons.setdefault(index, reason)


def _indices(indices: object, count: int) -> list[int]:
    listed = indices if isinstance(indices, list) else []
    return [index for index in listed if type(index) is int and 0 <= index < count]


def _holds(body: dict[str, Any], bodies: Sequence[bytes], after: float | None) -> dict[int, Hold]:
    """Which parts wait for how long: as long as the answer itself asks for, else as long as is documented."""
    wait = THROTTLE_SECONDS if after is None else max(after, SHORTEST_HOLD)
    throttle = Hold(wait, wait)
    quota = Hold(*QUOTA_SECONDS) if after is None else throttle
    holds: dict[int, Hold] = {}
    for index in _indices(body.get("throttled_events"), len(bodies)):
        holds[index] = throttle
    users = _names(body.get("throttled_users"))
    devices = _names(body.get("throttled_devices"))
    spent_users = _names(body.get("exceeded_daily_quota_users"))
    spent_devices = _names(body.get("exceeded_daily_quota_devices"))
    if not (users or devices or spent_users or spent_devices):
        return holds
    for index, part in enumerate(bodies):
        ids = identity(part)
        user = "" if ids.user_id is None else str(ids.user_id)
        device = "" if ids.device_id is None else str(ids.device_id)
        if user in spent_users or device in spent_devices:
            holds[index] = quota
        elif user in users or device in devices:
            holds[index] = throttle
    return holds


def _names(names: object) -> frozenset[str]:
    if isinstance(names, (dict, list)):
        return frozenset(str(name) for name in names if type(name) in (str, int) and name != "")
    return frozenset()


def _json(answer: Answer) -> Any:
    """What the body is as JSON; None for what is not, or is nested deeper than any answer of Amplitude."""
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _words(answer: Answer) -> str:
    """What the answer says for people: its `error`, else its body."""
    body = _json(answer)
    text = body.get("error") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        text = answer.body[:MOST_WORDS].decode("utf-8", "replace")
    return on_one_line(text)


def _reason(answer: Answer) -> Reason:
    return Reason(f"http_{answer.status}", f"the destination answered {answer.status}: {_words(answer) or 'no text'}")


def _elsewhere(answer: Answer) -> Reason | None:
    place = answer.headers.get("location")
    if not 300 <= answer.status < 400 or not place:
        return None
    message = (
        f"the destination answered {answer.status} and points to `{on_one_line(place)}`; redirects are not followed"
    )
    return Reason(f"http_{answer.status}", message)


def _unclear(answer: Answer) -> Reason:
    return Reason("unclear_answer", f"the answer is {answer.status}, but its body is not Amplitude's")

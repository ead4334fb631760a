"""Splits a stream of JSON documents into the JSON texts of events, in bounded memory, without decoding them.

A parser that builds values, such as ijson, loses the bytes of an event, and with one damaged event all that follow.
Here msgspec divides a stretch of an array that is valid. Elsewhere, brackets are counted outside of strings: an event
that is damaged inside is found where it is mapped, and stops no other.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Any, Literal

import msgspec

from .line_splitter import LINE_LIMIT
from .problem import InputRefused

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TO_BRACKET = re.compile(rf'(?:[^"\[\]{{}}]*+{_STRING})*+[^"\[\]{{}}]*+([\[\]{{}}])'.encode(), re.DOTALL)
_TO_SEPARATOR = re.compile(rf'(?:[^",\]]*+{_STRING})*+[^",\]]*+(?=[,\]])'.encode(), re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*+")
_BATCH = re.compile(rb'"batch"\s*:\s*\[')
WHOLE_BATCH = 4_000_000
"""Bytes up to which a batch is read as a whole; Segment takes batches of 500 KB."""

MUCH = 1_000_000
"""Bytes of a value whose end is not there yet, from which on more than one block is waited for."""
TRIES = 4
"""Places where a stretch of an array may end that are tried, before items are taken one by one."""

_State = Literal["top", "first item", "item", "after item", "rest of batch"]
_encode = msgspec.json.Encoder().encode


class _Batch(msgspec.Struct):
    """The body of a request to Segment's `/v1/batch`; context and integrations are those of all its events."""

    batch: list[msgspec.Raw]
    context: dict[str, Any] | None = None
    integrations: dict[str, Any] | None = None
    type: Any = None


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


class JsonValues:
    """Gives the JSON texts of events from blocks of bytes: documents, items of arrays, and events of batches."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._buffer = b""
        self._waiting: list[bytes] = []
        """Blocks that are not looked at yet."""
        self._start = 0
        """Bytes of the input before the buffer."""
        self._at = 0
        """Where the value begins that is being read, or where the next one is looked for."""
        self._scanned = 0
        """Up to where the brackets of this value are counted."""
        self._depth = 0
        self._state: _State = "top"
        self._shared: _Batch | None = None
        """What the events of the batch that is being read have in common."""
        self._between = b""
        """What is between two items of the array, with the last byte of the one and the first byte of the other."""
        self._valid = True
        """No stretch of this block was found to be damaged."""
        self._events: list[bytes] = []

    @property
    def offset(self) -> int:
        """Bytes of the input up to the end of the last value that was returned."""
        return self._start + self._at

    def feed(self, block: bytes) -> list[bytes]:
        """The events that end in this block; some may be held back until a later one.

        Raises InputRefused for text between events that is not JSON, and for a value that is too large.
        """
        self._waiting.append(block)
        rest = len(self._buffer) - self._at
        if rest > MUCH and sum(map(len, self._waiting)) < rest:
            return []  # twice as much next time, so that a long text is not scanned again for each block
        return self._split()

    def finish(self) -> list[bytes]:
        """The events that were held back. Raises what `feed` raises, and InputRefused if the input ends in a value."""
        events = self._split()
        if self._state != "top" or self._buffer[self._at :].strip():
            container = "document" if self._state == "top" else "array"
            cause = (
                f"the JSON {container} does not end: the file is cut off at byte {self._start + len(self._buffer):,}"
            )
            raise InputRefused(cause, "copy or download the file again")
        return events

    def _split(self) -> list[bytes]:
        self._buffer = b"".join([self._buffer[self._at :], *self._waiting])
        self._waiting = []
        self._start += self._at
        self._scanned -= self._at
        self._at = 0
        if self._start == 0 and self._buffer.startswith(BOM_UTF8):
            self._buffer = self._buffer[len(BOM_UTF8) :]
            self._start = len(BOM_UTF8)
        self._events, self._valid = [], True
        while self._step():
            pass
        if len(self._buffer) - self._at > self._limit:
            raise self._refused(f"the value has more than {self._limit:,} bytes")
        return self._events

    def _step(self) -> bool:
        """Advances by one value or separator; returns whether the buffer may hold another."""
        match self._state:
            case "top":
                return self._top()
            case "first item" | "item":
                return self._item()
            case "after item":
                return self._after_item()
            case "rest of batch":
                return self._rest_of_batch()

    def _next(self) -> bytes:
        """The first byte of the next value or separator; empty at the end of the buffer."""
        if not self._depth:
            match = _SPACE.match(self._buffer, self._at)
            assert match is not None
            self._at = self._scanned = match.end()
        return self._buffer[self._at : self._at + 1]

    def _top(self) -> bool:
        first = self._next()
        if first == b"[":
            self._at += 1
            self._state = "first item"
            return True
        if first == b"{":
            text = self._container()
            if text is None:
                return len(self._buffer) - self._at > WHOLE_BATCH and self._begin_batch()
            self._events += _events_of(text)
            return True
        if first:
            raise self._refused("expected a JSON object or array")
        return False

    def _item(self) -> bool:
        before = self._at
        first = self._next()
        if first == b"]" and self._state == "first item":
            return self._end_of_array()
        if self._state == "item" and not self._depth:
            if self._between and self._valid and self._stretch():
                return True
            if before >= 2:
                self._between = self._buffer[before - 2 : self._at + 1]
        if first in (b"{", b"["):
            text = self._container()
        elif first in (b",", b"]", b"}"):
            raise self._refused("expected an event")
        else:
            match = _TO_SEPARATOR.match(self._buffer, self._at)
            text = None if match is None else match[0].rstrip()
            self._at += 0 if match is None else len(match[0])
        if text is None:
            return False
        self._events.append(self._complete(text))
        self._state = "after item"
        return True

    def _stretch(self) -> bool:
        """Takes all items up to a place that looks like the end of one; whether that is valid JSON."""
        end = len(self._buffer)
        for _ in range(TRIES):
            end = self._buffer.rfind(self._between, self._at, end)
            if end < 0:
                return False
            try:
                items = _decode_items(b"[%b]" % self._buffer[self._at : end + 1])
            except (msgspec.MsgspecError, RecursionError):
                continue
            self._events += [self._complete(bytes(item)) for item in items]
            self._at, self._state = end + 1, "after item"
            return True
        self._valid = False
        return False

    def _complete(self, text: bytes) -> bytes:
        return text if self._shared is None else _with_shared(text, self._shared)

    def _after_item(self) -> bool:
        first = self._next()
        if first == b",":
            self._at += 1
            self._state = "item"
            return True
        if first == b"]":
            return self._end_of_array()
        if first:
            raise self._refused("expected `,` or `]`")
        return False

    def _end_of_array(self) -> bool:
        self._at += 1
        self._state = "top" if self._shared is None else "rest of batch"
        self._depth, self._scanned = 0 if self._shared is None else 1, self._at
        return True

    def _container(self) -> bytes | None:
        """The object or array that begins here, when its end is in the buffer."""
        while (match := _TO_BRACKET.match(self._buffer, self._scanned)) is not None:
            self._scanned = match.end()
            self._depth += 1 if match[1] in b"[{" else -1
            if self._depth <= 0:
                text = self._buffer[self._at : self._scanned]
                self._at, self._depth = self._scanned, 0
                return text
        return None

    def _begin_batch(self) -> bool:
        """Continues event by event if the object is a batch that is too large to be read whole."""
        for match in _BATCH.finditer(self._buffer, self._at, self._at + WHOLE_BATCH):
            try:
                # With its list closed, what comes before is a whole object only if the list is the object's own.
                shared = _decode_batch(self._buffer[self._at : match.end()] + b"]}")
            except (msgspec.MsgspecError, RecursionError):
                continue
            if shared.type is not None:
                return False
            self._shared, self._state = shared, "first item"
            self._at, self._depth = match.end(), 0
            return True
        return False

    def _rest_of_batch(self) -> bool:
        text = self._container()
        if text is None:
            return False
        try:
            late = _decode_batch(b'{"batch":[]' + text)
        except msgspec.MsgspecError:
            raise self._refused("expected the rest of a batch") from None
        if late.context or late.integrations:
            cause = f"`context` and `integrations` come after the events of a batch of more than {WHOLE_BATCH:,} bytes"
            raise InputRefused(cause, "put them before `batch`")
        self._shared, self._state = None, "top"
        return True

    def _refused(self, expectation: str) -> InputRefused:
        excerpt = self._buffer[self._at : self._at + 20].decode("utf-8", "replace")
        return InputRefused(
            f"{expectation} at byte {self._start + self._at + 1:,}, found `{excerpt}`",
            "write one event a line: `jq -c '.[]'` does it for an array",
        )


def _events_of(text: bytes) -> list[bytes]:
    """The events of a batch, or the event itself."""
    if b'"batch"' in text:
        try:
            batch = _decode_batch(text)
        except (msgspec.MsgspecError, RecursionError):
            return [text]
        if batch.type is None:
            return [_with_shared(bytes(item), batch) for item in batch.batch]
    return [text]


def is_batch(text: bytes) -> bool:
    """Whether a JSON text is a batch of Segment's."""
    try:
        return _decode_batch(text).type is None
    except (msgspec.MsgspecError, RecursionError):
        return False


def _with_shared(text: bytes, shared: _Batch) -> bytes:
    """An event with the context and integrations of its batch, under its own."""
    if not shared.context and not shared.integrations:
        return text
    try:
        event = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return text  # refused where it is mapped
    if not isinstance(event, dict):
        return text
    for name, common in (("context", shared.context), ("integrations", shared.integrations)):
        own = event.get(name)
        if common and (own is None or isinstance(own, dict)):
            event[name] = {**common, **(own or {})}
    return _encode(event)

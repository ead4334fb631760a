"""On an executor: Arrow batches with events in, Arrow batches with a row for each request and each failure out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec
import pyarrow as pa

from ..runtime.encoding import json_bytes
from ..runtime.mapping.account import Account
from ..runtime.mapping.unread_lines import NOT_AN_EVENT, not_an_event
from ..runtime.outcome import Failure, Outcome, Request
from ..runtime.repairs import Repair
from ..runtime.semantics.dates import milliseconds
from .account_text import account_text
from .shipped_rules import ShippedRules

REPAIR = pa.struct([("field", pa.string()), ("code", pa.string()), ("message", pa.string())])
COLUMNS = pa.schema(
    [
        ("kind", pa.string()),
        ("mapping", pa.string()),
        ("action", pa.string()),
        ("method", pa.string()),
        ("url", pa.string()),
        ("headers", pa.string()),
        ("json", pa.string()),
        ("form", pa.string()),
        ("order", pa.string()),
        ("repairs", pa.list_(REPAIR)),
        ("field", pa.string()),
        ("code", pa.string()),
        ("message", pa.string()),
        ("rule", pa.string()),
        ("event", pa.binary()),
        ("event_id", pa.binary()),
        ("request_number", pa.int32()),
        ("time", pa.int64()),
        ("position", pa.int64()),
    ]
)
"""What is added to the columns that are kept of an event."""
ID_BYTES = 16
POSITION_BITS = 40
"""The bits of a position that count the rows of one task; the higher bits are the number of the task."""

REQUEST, FAILURE, ACCOUNT = "request", "failure", "account"


class _Facts(msgspec.Struct):
    """The message ID and the time of an event."""

    messageId: Any = None
    timestamp: Any = None


_facts = msgspec.json.Decoder(_Facts).decode


@dataclass(slots=True)
class _Rows:
    """The rows of one batch, column by column."""

    sources: list[int] = field(default_factory=list)
    """Of each row, the row of the batch that its event was in."""
    values: list[tuple[Any, ...]] = field(default_factory=list)

    def batch(self, events: Any, kept: Sequence[str]) -> Any:
        """The rows with the columns that are kept of their events."""
        at = pa.array(self.sources, pa.int32())
        columns = [events.column(name).take(at) for name in kept]
        made = zip(*self.values, strict=True) if self.values else ([] for _ in COLUMNS)
        columns += [pa.array(list(column), type_) for column, type_ in zip(made, COLUMNS.types, strict=True)]
        return pa.RecordBatch.from_arrays(columns, names=[*kept, *COLUMNS.names])


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """Maps the events of one task; it is pickled for executors."""

    rules: ShippedRules
    column: str
    """The column with the JSON text of events."""
    kept: tuple[str, ...]
    """The columns of the events that are kept."""
    identity: tuple[str, ...] = ()
    """The columns that distinguish events with the same text and no message ID."""
    numbers: str | None = None
    """The column with the number of an event in the account; if None, the number is its place in the task."""

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The rows of each batch; at last one row with the account of the task."""
        mapper, account, task = self.rules.mapper(), Account(), _task()
        alike: dict[bytes, int] = {}
        count, time = 0, 0
        for batch in batches:
            rows = _Rows()
            texts = batch.column(self.column).to_pylist()
            numbers = None if self.numbers is None else batch.column(self.numbers).to_pylist()
            identities = list(zip(*(batch.column(name).to_pylist() for name in self.identity), strict=True))
            for index, text in enumerate(texts):
                count += 1
                number = count if numbers is None else numbers[index]
                line = b"" if text is None else text if isinstance(text, bytes) else text.encode()
                if not line.strip() and text is not None:
                    continue
                facts = _facts_of(line)
                moment = milliseconds(facts.timestamp)
                # An event without a time is where it came, behind the one before it.
                time = time if moment is None else moment
                event_id = _identify(line, facts, identities[index] if identities else None, alike)
                place = (event_id, time, (task << POSITION_BITS) + count)
                try:
                    if text is None:
                        raise ValueError("it is null")
                    outcome = mapper.map_bytes(line)
                except ValueError as error:
                    message = not_an_event(error)
                    account.add_invalid(number, message)
                    failure = Failure("", None, NOT_AN_EVENT, message)
                    rows.values.append(_failure_row(failure, line, *place))
                    rows.sources.append(index)
                    continue
                account.add(number, outcome)
                made = _rows_of(outcome, line, *place)
                rows.values += made
                rows.sources += [index] * len(made)
            if rows.values:
                yield rows.batch(batch, self.kept)
            last = batch
        if count:
            yield self._account_row(account, last)

    def _account_row(self, account: Account, batch: Any) -> Any:
        rows = _Rows([0], [_row(ACCOUNT, message=account_text(account))])
        return rows.batch(batch, self.kept)


def _task() -> int:
    from pyspark import TaskContext

    context = TaskContext.get()
    return 0 if context is None else int(context.partitionId())


def _facts_of(line: bytes) -> _Facts:
    try:
        return _facts(line)
    except (msgspec.MsgspecError, RecursionError):
        return _Facts()


def _identify(line: bytes, facts: _Facts, identity: tuple[Any, ...] | None, alike: dict[bytes, int]) -> bytes:
    """The same in every run: made of the text, and without a message ID of the identity or the number of its kind."""
    if facts.messageId is not None:
        return blake2b(line, digest_size=ID_BYTES).digest()
    if identity is not None:
        return blake2b(line + b"\0" + repr(identity).encode(), digest_size=ID_BYTES).digest()
    text = blake2b(line, digest_size=ID_BYTES).digest()
    before = alike.get(text, 0)
    alike[text] = before + 1
    return blake2b(text + before.to_bytes(8, "big"), digest_size=ID_BYTES).digest() if before else text


def _rows_of(outcome: Outcome, line: bytes, event_id: bytes, time: int, position: int) -> list[tuple[Any, ...]]:
    rows = []
    repairs = outcome.warnings
    for number, request in enumerate(outcome.requests):
        own = [repair for repair in repairs if repair.mapping == request.mapping] if repairs else []
        rows.append(_request_row(request, own, event_id, number, time, position))
    rows += [_failure_row(failure, line, event_id, time, position) for failure in outcome.failures]
    return rows


def _request_row(
    request: Request, repairs: list[Repair], event_id: bytes, number: int, time: int, position: int
) -> tuple[Any, ...]:
    return _row(
        REQUEST,
        mapping=request.mapping,
        action=request.action,
        method=request.method,
        url=request.url,
        headers=None if request.added_headers is None else json_bytes(request.added_headers),
        json=None if request.form is not None else json_bytes(request.json),
        form=None if request.form is None else json_bytes(request.form),
        order=_text(request.order),
        repairs=[
            {"field": _text(repair.field), "code": repair.code, "message": _text(repair.message)} for repair in repairs
        ],
        event_id=event_id,
        request_number=number,
        time=time,
        position=position,
    )


def _failure_row(failure: Failure, line: bytes, event_id: bytes, time: int, position: int) -> tuple[Any, ...]:
    span = failure.span
    return _row(
        FAILURE,
        mapping=_text(failure.mapping),
        field=_text(failure.field),
        code=failure.code,
        message=_text(failure.message),
        rule=None if span is None else f"{span.file}:{span.line}:{span.column}",
        event=line,
        event_id=event_id,
        time=time,
        position=position,
    )


def _row(kind: str, **values: Any) -> tuple[Any, ...]:
    return (kind, *map(values.get, COLUMNS.names[1:]))


def _text(text: str | None) -> bytes | None:
    """Text that a column can hold: half of a surrogate pair is escaped."""
    return None if text is None else text.encode("utf-8", "backslashreplace")

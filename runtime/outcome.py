"""The outcome of one event: requests, failures, and the names of the mappings that matched."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from .encoding import json_bytes
from .form_encoding import form_text
from .repairs import Repair, sentence_of
from .unrecognized import Unrecognized


class Origin(NamedTuple):
    """A place in a rule file: where a field, a trigger or an expression was written. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    end_column: int
    text: str
    """The whole line as the author wrote it."""


class Request(msgspec.Struct, frozen=True, gc=False):
    """One HTTP request that a mapping makes: with a JSON body (`form` is None), or with a form (`json` is None)."""

    mapping: str
    action: str
    method: str
    url: str
    json: dict[str, Any] | None
    """The body of a JSON request. Read it, but do not change it: it shares objects with the event (see `copy_json`)."""
    form: dict[str, str] | None
    encoded: bytes | None = None
    """The encoded JSON body, if it has already been made; changing `json` does not change it."""
    added_headers: dict[str, str] | None = None
    """Headers besides the Content-Type of the body; None if there are none."""
    order: str | None = None
    """The ordering key: requests with the same key are delivered in order. None if the destination chooses the key."""

    def __repr__(self) -> str:
        """Without the body, which holds the API key, because logs show this text."""
        return f"Request({self.mapping!r}, {self.action!r}, {self.method!r}, {self.url!r})"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are sent, by name, with the Content-Type of the body."""
        kind = "application/json" if self.form is None else "application/x-www-form-urlencoded"
        return {"Content-Type": kind, **(self.added_headers or {})}

    @property
    def body(self) -> bytes:
        """The bytes that are sent. With `checks=False`, raises ValueError for a value that JSON does not have."""
        if self.encoded is not None:
            return self.encoded
        if self.form is None:
            return json_bytes(self.json)
        return form_text(self.form).encode("ascii")

    def copy_json(self) -> dict[str, Any] | None:
        """A copy of the JSON body, which the caller may change; None for a form request. Raises what `body` raises."""
        copied: dict[str, Any] | None = None if self.json is None else msgspec.json.decode(self.body)
        return copied


class Failure(msgspec.Struct, frozen=True, gc=False):
    """Why a mapping that took the event sends nothing, or why a trigger or a filter could not be evaluated.

    `mapping` is the name of the mapping, empty if a trigger or a filter failed. `field` is the path of the field, or
    None if the failure is not about one field. `code` is in snake case and never changes its meaning. `message` is a
    sentence without the field's name, and shows the value if there is one. `span` is the place in the rules, or None
    if it is unknown.
    """

    mapping: str
    field: str | None
    code: str
    message: str
    span: Origin | None = None

    @property
    def sentence(self) -> str:
        """The field, if there is one, and the message."""
        return sentence_of(self.field, self.message)

    @property
    def text(self) -> str:
        """The failure as text of several lines: field, message, place in the rules, and the marked line."""
        lines = [self.sentence]
        if self.span is None:
            return f'{lines[0]}\n  in "{self.mapping}"'
        lines.append(f'  {self.span.file}:{self.span.line}:{self.span.column} in "{self.mapping}"')
        return "\n".join([*lines, *marked(self.span)])


def marked(origin: Origin) -> list[str]:
    """The line of a place, and below it marks under the place."""
    line = origin.text.rstrip()
    shown = line.lstrip()
    before = origin.column - 1 - (len(line) - len(shown))
    width = min(origin.end_column, len(line) + 1) - origin.column
    return [f"    {shown}", f"    {' ' * before}{'^' * max(width, 1)}"]


class Outcome(msgspec.Struct, gc=False):
    """The result of mapping one event."""

    requests: list[Request]
    failures: list[Failure]
    matched: list[str]
    """The names of the mappings that take the event, in the order of the file; also of those that fail."""
    dropped: bool = False
    """True if a filter (`drop when`) dropped the event before any mapping, or if the event opted out."""
    warnings: list[Repair] = []
    """Repairs: values that were changed or left out so that the rest could be sent. A mapping that fails has none."""
    opted_out: str | None = None
    """Why the event opted out of the destination, such as `integrations.All is false`; None if it did not."""
    unrecognized: Unrecognized | None = None
    """Why an event that no mapping takes is not an event of Segment: a batch, an envelope around events, or an object
    without a known `type`. None for an event of Segment, and where a mapping takes the event or it is dropped."""

    def raise_failure(self) -> None:
        """Raise MappingError for the first failure, if there is one."""
        for failure in self.failures:
            raise MappingError(failure.text)


class Refused(Exception):
    """Raised while a payload or a request is made; the mapper converts it to a Failure."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class MappingError(ValueError):
    """Raised by `Outcome.raise_failure`. The text is that of a Failure: it names the field and the mapping, and, if the
    place in the rules is known, the file, line and column, and shows the line."""

"""The outcome of one event: requests, failures, and the names of the mappings that matched."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from .encoding import json_bytes
from .form_encoding import form_text
from .repairs import Repair, sentence_of


class Origin(NamedTuple):
    """A place in a rule file: where a field, a trigger or an expression was written. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    end_column: int
    text: str
    """The whole line as the author wrote it."""


class Request(msgspec.Struct, frozen=True, gc=False):
    """One HTTP request that a mapping asks for; either `json` or `form` is None."""

    mapping: str
    action: str
    method: str
    url: str
    json: dict[str, Any] | None
    """The body of a JSON request, to be read: its objects are those of the event, and of each other (`copy_json`)."""
    form: dict[str, str] | None
    encoded: bytes | None = None
    """The body, where the checks had to make it already; a later change of `json` does not change it."""
    added_headers: dict[str, str] | None = None
    """Headers of the request's own, besides that of the body."""
    order: str | None = None
    """Requests with the same text are delivered in order, where the destination does not say by itself what is."""

    def __repr__(self) -> str:
        """Without the body, which holds the API key, because logs show this text."""
        return f"Request({self.mapping!r}, {self.action!r}, {self.method!r}, {self.url!r})"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go out with the body."""
        kind = "application/json" if self.form is None else "application/x-www-form-urlencoded"
        return {"Content-Type": kind, **(self.added_headers or {})}

    @property
    def body(self) -> bytes:
        """The bytes that go out."""
        if self.encoded is not None:
            return self.encoded
        if self.form is None:
            return json_bytes(self.json)
        return form_text(self.form).encode("ascii")

    def copy_json(self) -> dict[str, Any] | None:
        """A body of the caller's own, which may be changed without changing the event or another part of the request.

        None for a form, whose fields are texts.
        """
        copied: dict[str, Any] | None = None if self.json is None else msgspec.json.decode(self.body)
        return copied


class Failure(msgspec.Struct, frozen=True, gc=False):
    """Why a mapping that matched sends nothing: the field, a stable code, one sentence, and the rule's place."""

    mapping: str
    field: str | None
    code: str
    message: str
    span: Origin | None = None

    @property
    def sentence(self) -> str:
        """The field, if it is one's, and the reason."""
        return sentence_of(self.field, self.message)

    @property
    def text(self) -> str:
        """The failure for a person: field and reason, the place in the rules, its line, and what is meant there."""
        lines = [self.sentence]
        if self.span is None:
            return f'{lines[0]}\n  in "{self.mapping}"'
        lines.append(f'  {self.span.file}:{self.span.line}:{self.span.column} in "{self.mapping}"')
        return "\n".join([*lines, *marked(self.span)])


def marked(origin: Origin) -> list[str]:
    """The line of a place, and under it what is meant."""
    line = origin.text.rstrip()
    shown = line.lstrip()
    before = origin.column - 1 - (len(line) - len(shown))
    width = min(origin.end_column, len(line) + 1) - origin.column
    return [f"    {shown}", f"    {' ' * before}{'^' * max(width, 1)}"]


class Outcome(msgspec.Struct, gc=False):
    """All that one event came to."""

    requests: list[Request]
    failures: list[Failure]
    matched: list[str]
    """Names of the mappings whose trigger the event met, in file order."""
    dropped: bool = False
    """True when a filter (`drop when`) took the event before any mapping, or the event opted out."""
    warnings: list[Repair] = []
    """Repairs: values that were changed or left out so that the rest could be sent."""
    opted_out: str | None = None
    """What opted a dropped event out of the destination, such as `integrations.All is false`; None for other events."""

    def raise_failure(self) -> None:
        """Raises MappingError for the first failure, for a service that stops at one."""
        for failure in self.failures:
            raise MappingError(failure.text)


class Refused(Exception):
    """Raised while a payload or a request is made; the mapper turns it into a Failure."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class MappingError(ValueError):
    """Raised where a value cannot be made; the text names the rule's file, line and column, and shows its line."""

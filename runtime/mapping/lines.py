"""JSON lines in, JSON lines out, and an account in which every event is found again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...printable import printable
from ...standard_streams import discard_output, open_streams, reason, say
from ..counted import counted
from ..encoding import json_bytes
from ..outcome import Failure, Origin, Outcome, Request
from .compiled import CompiledProgram
from .mapper import Mapper


@dataclass(slots=True)
class FailureGroup:
    """Failures of one kind: the same mapping, field and code."""

    mapping: str
    field: str | None
    code: str
    message: str
    """Of the first of them."""
    first_line: int
    span: Origin | None = None
    """The rule that the first of them is a failure of; None for a line that is no event."""
    count: int = 0


@dataclass(slots=True)
class Account:
    """What became of the events; each counts once, and `matched + unmatched + dropped + failed = events`."""

    events: int = 0
    matched: int = 0
    """Events that a mapping took, and none failed on."""
    unmatched: int = 0
    dropped: int = 0
    failed: int = 0
    """Events that a mapping failed on, and lines that are no event."""
    requests: int = 0
    groups: dict[tuple[str, str | None, str], FailureGroup] = field(default_factory=dict)

    def add(self, line: int, outcome: Outcome) -> None:
        """Counts an event."""
        self.events += 1
        self.requests += len(outcome.requests)
        if outcome.failures:
            self.failed += 1
            for failure in outcome.failures:
                self._group(failure, line)
        elif outcome.matched:
            self.matched += 1
        elif outcome.dropped:
            self.dropped += 1
        else:
            self.unmatched += 1

    def add_invalid(self, line: int, message: str) -> None:
        """Counts a line that is no event."""
        self.events += 1
        self.failed += 1
        self._group(Failure("", None, "not_an_event", message), line)

    def _group(self, failure: Failure, line: int) -> None:
        key = (failure.mapping, failure.field, failure.code)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = FailureGroup(*key, failure.message, line, failure.span)
        group.count += 1

    def merge(self, later: Account) -> None:
        """Takes over the account of lines that come later."""
        self.events += later.events
        self.matched += later.matched
        self.unmatched += later.unmatched
        self.dropped += later.dropped
        self.failed += later.failed
        self.requests += later.requests
        for key, group in later.groups.items():
            if key in self.groups:
                self.groups[key].count += group.count
            else:
                self.groups[key] = group

    def as_dict(self) -> dict[str, Any]:
        """The account as JSON has it."""
        return {
            "events": self.events,
            "matched": self.matched,
            "unmatched": self.unmatched,
            "dropped": self.dropped,
            "failed": self.failed,
            "requests": self.requests,
            "failures": [
                {
                    "count": group.count,
                    "mapping": group.mapping or None,
                    "field": group.field,
                    "code": group.code,
                    "message": group.message,
                    "first_line": group.first_line,
                    "rule": _rule(group.span),
                }
                for group in sorted(self.groups.values(), key=lambda group: -group.count)
            ],
        }

    def sentences(self) -> Iterable[str]:
        """The account for a person, a line each."""
        yield (
            f"{counted(self.events, 'event')}: {self.matched:,} matched ({counted(self.requests, 'request')}), "
            f"{self.unmatched:,} matched nothing, {self.dropped:,} dropped by a filter, {self.failed:,} failed"
        )
        groups = sorted(self.groups.values(), key=lambda group: (-group.count, group.first_line))
        width = max((len(f"{group.count:,}") for group in groups), default=0)
        for group in groups:
            place = f"{group.mapping}  " if group.mapping else ""
            field_name = f"{group.field}: " if group.field else ""
            rule = f"  {group.span.file}:{group.span.line}:{group.span.column}" if group.span else ""
            yield printable(
                f"  {group.count:>{width},}  {place}{field_name}{group.message}"
                f"      {rule}  first at line {group.first_line:,}"
            )


def _rule(span: Origin | None) -> dict[str, Any] | None:
    """A place in the rules, as JSON has it."""
    return None if span is None else {"file": span.file, "line": span.line, "column": span.column}


class MapsLines(Protocol):
    """A mapper, or one with a stage before it."""

    def map_bytes(self, line: bytes) -> Outcome: ...


def map_lines(
    mapper: MapsLines, lines: Iterable[bytes], write: Callable[[bytes], Any], account: Account, first: int = 1
) -> None:
    """Maps JSON lines, writes a line for each request, and keeps the account; a bad line stops nothing.

    `first` is the number of the first line.
    """
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            outcome = mapper.map_bytes(line)
        except ValueError as error:
            account.add_invalid(number, f"line is no event: {error}")
            continue
        account.add(number, outcome)
        for request in outcome.requests:
            write(request_line(number, request))


def request_line(number: int, request: Request) -> bytes:
    """A request as a JSON line, with the number of the line that its event stood on."""
    content = {"json": request.json} if request.form is None else {"form": request.form}
    return (
        json_bytes(
            {
                "line": number,
                "mapping": request.mapping,
                "action": request.action,
                "method": request.method,
                "url": request.url,
                **content,
            }
        )
        + b"\n"
    )


def run(program: CompiledProgram) -> int:
    """Maps events from standard input to requests on standard output; the account goes to standard error.

    Returns the exit code: 0, or 141 when nobody reads on, 130 for Ctrl-C, 2 when events cannot be read or requests
    cannot be written.
    """
    closed = open_streams()
    account = Account()
    code = 0
    try:
        map_lines(Mapper(program), sys.stdin.buffer, sys.stdout.buffer.write, account)
        sys.stdout.flush()
    except BrokenPipeError:
        code = 141
    except KeyboardInterrupt:
        code = 130
    except MemoryError:
        say("there is not enough memory")
        code = 2
    except OSError as error:
        say(f"mapping stopped: {printable(reason(error, closed))}")
        code = 2
    for sentence in account.sentences():
        say(sentence)
    if code in (2, 141):
        discard_output()
    return code

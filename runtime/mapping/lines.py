"""Maps JSON lines to JSON lines, with an account of every event."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias

from ...printable import printable
from ..encoding import json_bytes
from ..outcome import Outcome, Request
from ..standard_streams import discard_output, open_streams, reason, say
from .account import Account
from .unread_lines import not_an_event


class MapsLines(Protocol):
    """A mapper, or one with a stage before it."""

    def map_bytes(self, line: bytes) -> Outcome: ...


LineObserver: TypeAlias = Callable[[int, bytes, Outcome | ValueError], None]
"""Takes the number of a line, the line, and its outcome or the reason why it is not an event."""


def map_lines(
    mapper: MapsLines,
    lines: Iterable[bytes],
    write: Callable[[bytes], Any],
    account: Account,
    first: int = 1,
    observe: LineObserver | None = None,
    render: Callable[[int, Request], bytes] | None = None,
) -> None:
    """Maps JSON lines, writes a line for each request, and counts in the account; a bad line stops nothing.

    Blank lines are skipped, but numbered. `first` is the number of the first line. `observe` is called with the number,
    the text and the outcome or the error of each other line. `render` replaces `request_line`.
    """
    render = render or request_line
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            outcome = mapper.map_bytes(line)
        except ValueError as error:
            account.add_invalid(number, not_an_event(error))
            if observe is not None:
                observe(number, line, error)
            continue
        account.add(number, outcome)
        if observe is not None:
            observe(number, line, outcome)
        for request in outcome.requests:
            write(render(number, request))


def request_line(number: int, request: Request) -> bytes:
    """A request as a JSON line, with the number of the line of its event."""
    content: dict[str, Any] = {"json": request.json} if request.form is None else {"form": request.form}
    if request.added_headers is not None:
        content = {"headers": request.added_headers, **content}
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


def run(mapper: MapsLines) -> int:
    """Maps events from standard input to requests on standard output, with the account on standard error.

    Returns the exit code: 0; 141 if the output is closed; 130 for Ctrl-C; 2 if events cannot be read, requests cannot
    be written, or there is not enough memory.
    """
    closed = open_streams()
    account = Account()
    code = 0
    try:
        map_lines(mapper, sys.stdin.buffer, sys.stdout.buffer.write, account)
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

"""One form of a mapper in a process of its own: writes a line for the outcome of each event.

`python -m tests.equality.forms FORM RULES EVENTS OUTCOMES REQUESTS`
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import rulewright
from rulewright.runtime.destination import PLACEHOLDER
from rulewright.runtime.encoding import json_bytes
from rulewright.runtime.mapping.event_text import read_event
from rulewright.runtime.mapping.lines import request_line
from rulewright.runtime.outcome import Outcome

Line = Callable[[bytes], Outcome]


def of_objects(mapper: rulewright.Mapper) -> Line:
    return lambda line: mapper(read_event(line, keep_halves=True))


def of_text(mapper: rulewright.Mapper) -> Line:
    return mapper.map_bytes


def loaded(rules: Path) -> rulewright.Mapper:
    return rulewright.load(rules, settings={"apiKey": PLACEHOLDER})


def compiled(rules: Path) -> rulewright.Mapper:
    """The mapper of the module that `rulewright compile` writes, read from a file."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "compiled_rules.py").write_text(rulewright.compile_source(rules), encoding="utf-8")
        sys.path.insert(0, folder)
        made: rulewright.Mapper = import_module("compiled_rules").mapper(settings={"apiKey": PLACEHOLDER})
    return made


FORMS: Mapping[str, Callable[[Path], Line]] = {
    "objects": lambda rules: of_objects(loaded(rules)),
    "text": lambda rules: of_text(loaded(rules)),
    "module": lambda rules: of_text(compiled(rules)),
    "objects of a module": lambda rules: of_objects(compiled(rules)),
}


def said(outcome: Outcome) -> dict[str, Any]:
    """All of an outcome, as JSON; a body as the text that is sent."""
    return {
        "requests": [
            [request.mapping, request.action, request.method, request.url, request.headers, request.body.decode()]
            for request in outcome.requests
        ],
        "failures": [
            [failure.mapping, failure.field, failure.code, failure.message, failure.span and list(failure.span[1:])]
            for failure in outcome.failures
        ],
        "warnings": [[repair.mapping, repair.field, repair.code, repair.message] for repair in outcome.warnings],
        "matched": outcome.matched,
        "dropped": outcome.dropped,
        "opted_out": outcome.opted_out,
    }


def main(form: str, rules: str, events: str, outcomes: str, requests: str) -> None:
    """Writes what the form makes of the events: the outcomes, and the requests as `rulewright run` does."""
    map_line = FORMS[form](Path(rules))
    with Path(events).open("rb") as lines, Path(outcomes).open("wb") as written, Path(requests).open("wb") as sent:
        for number, line in enumerate(lines, 1):
            try:
                outcome = map_line(line)
            except ValueError:
                written.write(b'"no event"\n')
                continue
            written.write(json_bytes(said(outcome)) + b"\n")
            sent.writelines(request_line(number, request) for request in outcome.requests)


if __name__ == "__main__":
    main(*sys.argv[1:])

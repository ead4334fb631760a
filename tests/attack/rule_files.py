"""Random rule files through check, fmt, load and run: `python -m tests.attack.rule_files --seconds 60 --seed 1`.

Each file comes from the seed and its number, so that `--only NUMBER` makes it again. A case is wrong if it raises what
is no answer, if rules that check clean do not load and run, if both forms of an event differ, or if it takes more than
its share of processor time. The exit code is 1 if any is.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import rulewright
from rulewright.checking import check
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.format.formatter import format_file
from rulewright.dsl.render.github import github
from rulewright.dsl.render.json import diagnostic_data
from rulewright.dsl.render.sarif import sarif
from rulewright.dsl.render.text import render_all
from rulewright.dsl.source import Source
from rulewright.rule_files import read_rules

from .rule_texts import ROOT, rule_text

MOST_SECONDS = 20
"""Of processor time, for one file; the machine may be a slow one."""
MOST_MEMORY = 4 << 30
EVENTS: list[dict[str, Any]] = [
    {},
    {
        "type": "track",
        "event": "x",
        "userId": "user-1",
        "a": {"b": [1, {"x": 2}]},
        "b": "q",
        "properties": {"total": 1},
    },
    {"type": "page", "name": "x", "anonymousId": "anonymous-1", "a": [[1], {"x": None}], "p": 1, "properties": None},
    *(json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()[:5]),
]


class Wrong(Exception):
    """What a case did that it must not do."""


def attack(random: Random) -> bool:
    """One case, in the current folder; whether its rules ran. Raises what it must not raise."""
    first = Path("first.rules")
    first.write_bytes(rule_text(random).encode("utf-8", "surrogatepass"))
    Path("part.rules").write_bytes(rule_text(random).encode("utf-8", "surrogatepass"))
    Path("plan.json").write_text(random.choice(("{}", "[", '{"properties": {"a": {"type": "string"}}}', "[" * 5000)))
    found = _found(first)
    _rendered(found)
    content = first.read_bytes().decode("utf-8", "replace")
    formatted, problems = format_file(Source("first.rules", content))
    if not problems and format_file(Source("first.rules", formatted))[0] != formatted:
        raise Wrong("what fmt wrote is formatted in another way")
    try:
        _run(first)
    except rulewright.RuleError as error:
        if all(one.severity != "error" for one in found):
            raise
        str(error)
        return False
    return True


def _found(first: Path) -> list[Diagnostic]:
    try:
        return check(read_rules(first)).findings
    except rulewright.RuleError as error:
        return error.diagnostics


def _rendered(found: list[Diagnostic]) -> None:
    """All that a check writes is lines that a terminal shows."""
    text = render_all(found) + "\n" + "\n".join(map(github, found))
    for line in text.split("\n"):
        if any(char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" for char in line):
            raise Wrong(f"a control character is shown: {line!r}")
    json.dumps([list(map(diagnostic_data, found)), sarif(found, [], "0")])


def _run(first: Path) -> None:
    mapper = rulewright.load(first, settings={})
    for event in EVENTS:
        if mapper(event) != mapper.map_bytes(json.dumps(event)):
            raise Wrong(f"two forms of one event come to two things: {event}")
    compile(rulewright.compile_source(first), "module", "exec")


@contextmanager
def bounded() -> Iterator[None]:
    """Ends what takes too much processor time or memory, as an error of the case."""

    def too_slow(*_: object) -> None:
        raise Wrong(f"more than {MOST_SECONDS} s of processor time")

    signal.signal(signal.SIGVTALRM, too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main(arguments: list[str] | None = None) -> int:
    """Attacks for a time, says what was wrong, and gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one case")
    options = parser.parse_args(arguments)
    if options.only is None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    end = time.monotonic() + options.seconds
    wrong: list[int] = []
    ran = 0
    slowest = (0.0, -1)
    number = options.only or 0
    while time.monotonic() < end:
        started = time.process_time()
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            try:
                with bounded():
                    ran += attack(Random(f"{options.seed}/{number}"))
            except Exception:
                wrong.append(number)
                sys.stdout.write(f"--- --seed {options.seed} --only {number}\n{traceback.format_exc(limit=-6)}\n")
                sys.stdout.flush()
        slowest = max(slowest, (time.process_time() - started, number))
        if options.only is not None:
            break
        number += 1
    count = number if options.only is None else 1
    slow = f"the slowest, number {slowest[1]}, took {slowest[0]:.1f} s"
    sys.stdout.write(f"{count} rule files, {ran} of which ran, {len(wrong)} wrong; {slow}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

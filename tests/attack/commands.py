"""Random rules and inputs through the commands of an author: `python -m tests.attack.commands --seconds 60 --seed 1`.

A case is wrong if a command ends with another exit code than 0, 1 or 2, says nothing with a 2, writes a control
character to the terminal, or takes more than its share of processor time.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, NoReturn
from unittest.mock import patch

from tests.cli.running import rulewright
from tests.paths import ROOT

from .event_recipes import EXAMPLES
from .rule_texts import rule_text, with_other_operands
from .trials import Part, Wrong, main

TESTS = (ROOT / "examples" / "shop.test.rules").read_text(encoding="utf-8").split("\n\n")
WHOLE = (
    (ROOT / "examples" / "shop.rules").read_text(encoding="utf-8"),
    'destination amplitude\n\ninclude "amplitude/presets.rules"\n',
)
"""Rules in which nothing is wrong, so that commands come to their inputs."""
SUBSCRIPTIONS = json.loads((ROOT / "examples" / "segment.json").read_text(encoding="utf-8"))
LINES = (
    "check first.rules --events events.jsonl", "check first.rules --format sarif", "check first.rules --fix",
    "compile first.rules", "diff first.rules second.rules", "diff first.rules second.rules --events events.jsonl",
    "explain first.rules events.jsonl --line 1", "explain first.rules events.jsonl --line 1 --session-rules mobile",
    "export first.rules", "fmt first.rules --diff", "import subscriptions.json", "init events.jsonl",
    "lineage first.rules --events events.jsonl", "lineage first.rules --format html", "profile events.jsonl",
    "run first.rules events.jsonl --pretty", "run first.rules events.jsonl --report report.html",
    "run first.rules events.jsonl --session-rules web", "send first.rules --input events.jsonl --dry-run",
    "test first.rules --laws 5 --coverage", "test first.rules --laws 5 --events events.jsonl",
    "test first.rules --update", "test first.rules --laws 0 --suggest",
    "test first.rules --laws 0 --suggest first.test.rules",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**30, "", " ", "track", "2024-01-01", "\u0000", "\ud83d", [], {}, [None], {"": 1},
    {"a": {"b": 1}}, ["a", {"c": 2}], "x" * 1_100, "$.a", "{{a}}", {"@path": "$.a"}, {"@if": {"exists": 1}}, "\x1b[2J",
)  # fmt: skip
_BYTES = (b"\xff", b"\0", b"{", b'"', b"\n", b"[" * 1_100, b"1e999", b"\\ud800", b"NaN", b"\r", b"")


class Case(NamedTuple):
    line: str
    rules: str
    """The text of `first.rules`."""
    tests: str
    """The text of `first.test.rules`; empty for none."""
    changed: str
    """The text of `second.rules`."""
    events: bytes
    subscriptions: str


def make(random: Random) -> Case:
    rules = random.choice(WHOLE) if random.random() < 0.4 else rule_text(random)
    tests = "\n\n".join(random.sample(TESTS, 2)) + "\n" if random.random() < 0.3 else ""
    events = "\n".join(json.dumps(_with_others(random, random.choice(EXAMPLES))) for _ in range(4)).encode()
    if random.random() < 0.3:
        at = random.randrange(len(events))
        events = events[:at] + random.choice(_BYTES) + events[at + random.choice((0, 1, 50)) :]
    return Case(
        random.choice(LINES),
        rules,
        with_other_operands(random, tests) if tests and random.random() < 0.7 else tests,
        with_other_operands(random, rules) if random.random() < 0.7 else rule_text(random),
        gzip.compress(events, 1) if random.random() < 0.1 else events,
        json.dumps(_with_others(random, SUBSCRIPTIONS)),
    )


def _with_others(random: Random, data: Any) -> Any:
    """JSON with a few of its values removed, replaced or moved."""
    data = json.loads(json.dumps(data))
    for _ in range(random.choice((0, 1, 1, 2, 5))):
        places = list(_places(data))
        if not places:
            break
        # Half of them at the top, where most readers look.
        holder, key = random.choice(
            [place for place in places if place[0] is data] if random.random() < 0.5 else places
        )
        if random.random() < 0.2:
            del holder[key]
        else:
            other, its_key = random.choice(places)
            value = other[its_key] if random.random() < 0.3 else random.choice(_VALUES)
            holder[key] = json.loads(json.dumps(value))
    return data


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def smaller(case: Case) -> Iterator[Case]:
    """Without the other files, then without lines of the rules, of the tests and of the events."""
    for simpler in (
        case._replace(tests=""),
        case._replace(changed=case.rules),
        case._replace(subscriptions="[]"),
        case._replace(events=b"{}"),
    ):
        if simpler != case:
            yield simpler
    for rules in _with_fewer_lines(case.rules):
        yield case._replace(rules=rules)
    for tests in _with_fewer_lines(case.tests):
        yield case._replace(tests=tests)
    for events in _with_fewer_lines(case.events.decode("latin-1")):
        yield case._replace(events=events.encode("latin-1"))


def _with_fewer_lines(text: str) -> Iterator[str]:
    lines = text.split("\n")
    width = len(lines) // 2
    while width:
        for start in range(0, len(lines), width):
            yield "\n".join(lines[:start] + lines[start + width :])
        width //= 2


def attack(case: Case) -> str:
    """One case, in the current folder. Raises what it must not raise."""
    folder = Path.cwd()
    texts = {"first.rules": case.rules, "first.test.rules": case.tests, "second.rules": case.changed}
    texts |= {"subscriptions.json": case.subscriptions, "plan.json": "{}", "part.rules": ""}
    for name, text in texts.items():
        if text or name == "part.rules":
            Path(name).write_bytes(text.encode("utf-8", "surrogatepass"))
    Path("events.jsonl").write_bytes(case.events)
    with patch("rulewright.cli.report_fault", _raised):
        done = rulewright("--project", "off", *case.line.split(), folder=folder)
    if done.returncode not in (0, 1, 2):
        raise Wrong(f"the exit code {done.returncode}: {done.stderr}")
    if done.returncode == 2 and not done.stderr.strip():
        raise Wrong("nothing is said of why it ended with 2")
    odd = {
        char for char in done.stdout + done.stderr if (char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f"
    }
    if odd:
        raise Wrong(f"control characters are shown: {odd}")
    return f"{case.line.split()[0]} {done.returncode}"


def _raised(error: BaseException, program: str = "rulewright") -> NoReturn:
    """In place of the report of a fault, so that the case shows where it was raised."""
    del program
    raise error


PART = Part("commands", make, attack, smaller)


if __name__ == "__main__":
    sys.exit(main(PART))

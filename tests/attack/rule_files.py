"""Random rule files through check, fmt, load and run: `python -m tests.attack.rule_files --seconds 60 --seed 1`.

A case is wrong if it raises what is no answer, if rules that check clean do not load and run, if both forms of an event
differ, or if it takes more than its share of processor time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import rulewright
from rulewright.checking import check
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.format.formatter import format_file
from rulewright.dsl.render.github import github
from rulewright.dsl.render.json import diagnostic_data
from rulewright.dsl.render.sarif import sarif
from rulewright.dsl.render.text import render_all
from rulewright.dsl.source import Source
from rulewright.loading.rule_files import read_rules
from tests.paths import ROOT

from .rule_texts import rule_text
from .trials import Part, Wrong, main

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


class Files(NamedTuple):
    """The files of a case: rules, what they may include, and what they may name as a schema."""

    first: str
    part: str
    plan: str


def make(random: Random) -> Files:
    plan = random.choice(("{}", "[", '{"properties": {"a": {"type": "string"}}}', "[" * 5000))
    return Files(rule_text(random), rule_text(random), plan)


def smaller(files: Files) -> Iterator[Files]:
    """Without the other files, then without halves, quarters and at last single characters of the first."""
    if files.part or files.plan != "{}":
        yield Files(files.first, "", "{}")
    width = len(files.first) // 2
    while width:
        for start in range(0, len(files.first), width):
            yield files._replace(first=files.first[:start] + files.first[start + width :])
        width //= 2


def attack(files: Files) -> str:
    """One case, in the current folder. Raises what it must not raise."""
    first = Path("first.rules")
    first.write_bytes(files.first.encode("utf-8", "surrogatepass"))
    Path("part.rules").write_bytes(files.part.encode("utf-8", "surrogatepass"))
    Path("plan.json").write_text(files.plan)
    findings = _found(first)
    _rendered(findings)
    content = first.read_bytes().decode("utf-8", "replace")
    formatted, problems = format_file(Source("first.rules", content))
    if not problems and format_file(Source("first.rules", formatted))[0] != formatted:
        raise Wrong("what fmt wrote is formatted in another way")
    try:
        _run(first)
    except rulewright.RuleError as error:
        if all(finding.severity != "error" for finding in findings):
            raise
        str(error)
        return "refused"
    return "ran"


def _found(first: Path) -> list[Diagnostic]:
    try:
        return check(read_rules(first)).findings
    except rulewright.RuleError as error:
        return error.diagnostics


def _rendered(findings: list[Diagnostic]) -> None:
    """All that a check writes is lines that a terminal shows."""
    text = render_all(findings) + "\n" + "\n".join(map(github, findings))
    for line in text.split("\n"):
        if any(char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" for char in line):
            raise Wrong(f"a control character is shown: {line!r}")
    json.dumps([list(map(diagnostic_data, findings)), sarif(findings, [], "0")])


def _run(first: Path) -> None:
    mapper = rulewright.load(first, settings={})
    for event in EVENTS:
        if mapper(event) != mapper.map_bytes(json.dumps(event)):
            raise Wrong(f"two forms of one event come to two things: {event}")
    compile(rulewright.compile_source(first), "module", "exec")


PART = Part("rule files", make, attack, smaller)


if __name__ == "__main__":
    sys.exit(main(PART))

"""`rulewright explain`: what the rules make of one event, and why."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from ..dsl.diagnostics import RuleError
from ..explaining.as_json import as_json
from ..explaining.as_text import as_text
from ..explaining.explanation import explain
from ..rule_files import read_rules
from ..runtime.encoding import json_bytes
from ..tracing.traced_rules import SettingsRefused, TracedRules
from .reporting import fail, painter


@click.command("explain")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("event", default="-")
@click.option("--line", type=click.IntRange(min=1), help="The event on this line of a file of JSON lines.")
@click.option("--all", "everything", is_flag=True, help="Say of each default that found no value why.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(rules: Path, event: str, line: int | None, everything: bool, form: str) -> None:
    """Say what RULES make of an EVENT (a file with JSON, or - for standard input), and why.

    For each mapping, the clause that decided; for each part of a request, the rule that it came from.
    """
    try:
        traced = TracedRules.of(read_rules(rules))
    except RuleError as error:
        fail(error)
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from None
    explanation = explain(traced, _event(event, line))
    if form == "json":
        sys.stdout.write(json_bytes(as_json(explanation)).decode() + "\n")
    else:
        paint = painter(sys.stdout)
        sys.stdout.writelines(f"{text}\n" for text in as_text(explanation, paint, everything=everything))


def _event(name: str, line: int | None) -> dict[str, Any]:
    """The event that is meant. Raises UsageError where there is none."""
    text = _text(name)
    if line is not None:
        lines = text.splitlines()
        if line > len(lines):
            raise click.UsageError(f"{name} has {len(lines)} lines, and none of number {line}")
        text = lines[line - 1]
    try:
        event = json.loads(text)
    except ValueError as error:
        rows = [row for row in text.splitlines() if row.strip()]
        if line is None and len(rows) > 1 and _is_json(rows[0]):
            raise click.UsageError(f"{name} holds {len(rows)} events: say which one with --line") from None
        raise click.UsageError(f"{name} is no JSON: {error}") from None
    if not isinstance(event, dict):
        raise click.UsageError(f"an event is an object, and {name} holds something else")
    return event


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{name} is not UTF-8 text") from None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

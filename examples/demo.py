"""`make demo`: a few requests on screen, and the account of all sample events."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.json import JSON

import rulewright
from rulewright.runtime.mapping.lines import Account

HERE = Path(__file__).parent
RULES = HERE / "shop.rules"
EVENTS = HERE / "events.jsonl"


SHOWN = ("Orders", "Customers", "Companies")
"""Mappings of which a request is shown; the others' look much the same."""


def main() -> None:
    """Shows a request of a few mappings, then what became of all events."""
    console = Console(highlight=False, soft_wrap=True)
    mapper = rulewright.load(RULES)
    account = Account()
    waiting = set(SHOWN)
    for number, line in enumerate(EVENTS.read_bytes().splitlines(), 1):
        outcome = mapper.map_bytes(line)
        account.add(number, outcome)
        for request in outcome.requests:
            if request.mapping in waiting:
                waiting.remove(request.mapping)
                console.print(f"[bold]{request.mapping}[/bold], from line {number} of {EVENTS.name}")
                console.print(f"{request.method} {request.url}")
                console.print(JSON(json.dumps(_readable(request)), indent=2))
                console.print()
    for sentence in account.sentences():
        console.print(sentence, markup=False)
    rules = RULES.relative_to(HERE.parent)
    console.print(f"\nThe rules: {rules}. Change one, and run `make demo` again.", markup=False)


def _readable(request: rulewright.Request) -> Any:
    """The body without the key, the JSON inside of a form unfolded."""
    if request.json is not None:
        return {name: value for name, value in request.json.items() if name != "api_key"}
    form = request.form or {}
    return {name: json.loads(value) for name, value in form.items() if name != "api_key"}


if __name__ == "__main__":
    sys.exit(main())

"""`python -m differential --cases 100000`: random cases to both sides; an unexplained difference fails the run."""

from __future__ import annotations

import json
import sys
from collections import Counter
from random import Random
from typing import Any

import click

from . import events, mappings, triggers
from .comparison import Difference, compare_mapping, compare_trigger
from .reference import Reference
from .shrinking import shrink, shrink_trigger

EVENTS_FOR_A_RULE = 10


@click.command()
@click.option("--cases", default=4_000, show_default=True, help="Rules times events; half triggers, half mappings.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same cases.")
@click.option("--examples", default=1, show_default=True, help="Differences to show of each kind.")
def main(cases: int, seed: int, examples: int) -> None:
    """Runs random cases through Segment's npm packages and through Rulewright, and explains where they differ."""
    random = Random(seed)
    found: list[Difference] = []
    with Reference() as reference:
        for _ in range(cases // (2 * EVENTS_FOR_A_RULE)):
            given = [events.event(random) for _ in range(EVENTS_FOR_A_RULE)]
            found += compare_trigger(reference, triggers.trigger(random), given)
            found += compare_mapping(reference, mappings.mapping(random), given)
        counts = Counter(difference.explanation for difference in found)
        click.echo(f"{cases:,} cases from seed {seed}: {cases - len(found):,} agree")
        for explanation, count in counts.most_common():
            click.echo(f"{count:>8,}  {explanation or 'NOT EXPLAINED'}")
            shown = [difference for difference in found if difference.explanation == explanation]
            for difference in shown[: examples if explanation else 20]:
                _show(_smallest(reference, difference))
    sys.exit(1 if None in counts else 0)


def _smallest(reference: Reference, difference: Difference) -> Difference:
    def differs(rule: Any, event: Any) -> Difference | None:
        if not isinstance(event, dict):
            return None
        if isinstance(rule, str):
            again = compare_trigger(reference, rule, [event])
        else:
            again = compare_mapping(reference, rule, [event]) if isinstance(rule, dict) else []
        return again[0] if again and again[0].explanation == difference.explanation else None

    event = difference.event
    if isinstance(difference.rule, str):
        rule = shrink_trigger(difference.rule, lambda smaller: differs(smaller, event) is not None)
    else:
        rule = shrink(difference.rule, lambda smaller: differs(smaller, event) is not None)
    event = shrink(event, lambda smaller: differs(rule, smaller) is not None)
    return differs(rule, event) or difference


def _show(difference: Difference) -> None:
    for title in ("rule", "event", "segment", "ours"):
        text = json.dumps(getattr(difference, title), ensure_ascii=False)
        click.echo(f"            {title:<8} {text.encode('utf-8', 'backslashreplace').decode()}")


if __name__ == "__main__":
    main()

"""`python -m differential --cases 100000`: random cases to both sides; an unexplained difference fails the run."""

from __future__ import annotations

import json
import sys
from collections import Counter
from random import Random
from typing import Any

import click

from . import destination_events, events, mappings, triggers
from .comparison import RuleDifference, compare_mapping, compare_trigger
from .reference import Reference
from .requests import compare_requests, subscriptions
from .shrinking import shrink, shrink_trigger

EVENTS_FOR_A_RULE = 10


@click.command()
@click.option("--cases", default=4_000, show_default=True, help="Rules times events: triggers, mappings, requests.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same cases.")
@click.option("--examples", default=1, show_default=True, help="Differences to show of each kind.")
def main(cases: int, seed: int, examples: int) -> None:
    """Runs random cases through Segment's npm packages and through Rulewright, and explains where they differ."""
    random = Random(seed)
    differences: list[RuleDifference] = []
    with Reference() as reference:
        for _ in range(cases // (3 * EVENTS_FOR_A_RULE)):
            given = [events.event(random) for _ in range(EVENTS_FOR_A_RULE)]
            differences += compare_trigger(reference, triggers.trigger(random), given)
            differences += compare_mapping(reference, mappings.mapping(random), given)
            differences += compare_requests(
                reference, [destination_events.event(random) for _ in range(EVENTS_FOR_A_RULE)]
            )
        counts = Counter(difference.explanation for difference in differences)
        click.echo(f"{cases:,} cases from seed {seed}: {cases - len(differences):,} agree")
        for explanation, count in counts.most_common():
            click.echo(f"{count:>8,}  {explanation or 'NOT EXPLAINED'}")
            shown = [difference for difference in differences if difference.explanation == explanation]
            for difference in shown[: examples if explanation else 20]:
                _show(_smallest(reference, difference))
    sys.exit(1 if None in counts else 0)


def _smallest(reference: Reference, difference: RuleDifference) -> RuleDifference:
    names = [subscription["name"] for subscription in subscriptions()]

    def differs(rule: Any, event: Any) -> RuleDifference | None:
        if not isinstance(event, dict):
            return None
        if rule in names:
            again = [candidate for candidate in compare_requests(reference, [event]) if candidate.rule == rule]
        elif isinstance(rule, str):
            again = compare_trigger(reference, rule, [event])
        else:
            again = compare_mapping(reference, rule, [event]) if isinstance(rule, dict) else []
        return next((candidate for candidate in again if candidate.explanation == difference.explanation), None)

    event, rule = difference.event, difference.rule
    if rule in names:
        pass
    elif isinstance(rule, str):
        rule = shrink_trigger(difference.rule, lambda smaller: differs(smaller, event) is not None)
    else:
        rule = shrink(difference.rule, lambda smaller: differs(smaller, event) is not None)
    event = shrink(event, lambda smaller: differs(rule, smaller) is not None)
    return differs(rule, event) or difference


def _show(difference: RuleDifference) -> None:
    for title in ("rule", "event", "segment", "ours"):
        text = json.dumps(getattr(difference, title), ensure_ascii=False)
        click.echo(f"            {title:<8} {text.encode('utf-8', 'backslashreplace').decode()}")


if __name__ == "__main__":
    main()

"""The options for laws in `rulewright test`, and the message if laws cannot be tried."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from ..laws.options import LawOptions
from ..printable import printable
from ..runtime.semantics.event import Event
from ..testing.law_results import LawResult
from ..testing.suite.suite import Suite
from .number_range import NumberRange
from .reporting import tell

MISSING = "install `hypothesis`: `pip install 'rulewright[laws]'`"


def law_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which laws are tried."""
    usual = LawOptions()
    for option in (
        click.option("--events", "recorded", metavar="EVENTS", help="Recorded events on which laws are also tried."),
        click.option("--laws-seconds", type=NumberRange(0, min_open=True), default=usual.seconds,
                     show_default=True, metavar="SECONDS", help="The most seconds for each law."),
        click.option("--seed", type=int, default=usual.seed, show_default=True, metavar="NUMBER",
                     help="The seed of the generated events."),
        click.option("--laws", "law_events", type=click.IntRange(0), default=usual.count, show_default=True,
                     metavar="NUMBER", help="The number of events for each law; 0 tries no laws."),
    ):  # fmt: skip
        command = option(command)
    return command


def try_laws(
    suite: Suite,
    options: LawOptions,
    wanted: Callable[[str], bool],
    recorded: Iterable[Event],
    prepared: Callable[[Event], Event],
) -> list[LawResult]:
    """The results of the laws; without hypothesis, the author's laws count as not tried."""
    try:
        from ..laws.trying import LawTrial
    except ModuleNotFoundError as missing:
        if missing.name != "hypothesis":
            raise
        if not suite.laws:
            tell(f"{suite.path}: the built-in laws were not tried: {MISSING}")
        return [LawResult(law.name, law, problem=f"not tried: {MISSING}") for law in suite.laws if wanted(law.name)]
    return list(LawTrial(suite, options, recorded, prepared).results(wanted))


def say_untried(suites: Iterable[Suite]) -> None:
    """Says that laws were not tried, so that nobody takes silence for a pass."""
    for suite in suites:
        if suite.laws:
            count = len(suite.laws)
            sentence = (
                f"{suite.path}: {count} {'law was' if count == 1 else 'laws were'} not tried, because of `--laws 0`"
            )
            sys.stderr.write(printable(sentence) + "\n")

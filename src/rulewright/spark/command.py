"""`python -m rulewright.spark RULES INPUT --output FOLDER`: what `rulewright run` does, on a cluster."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from ..cli.reporting import fail
from ..dsl.rule_error import RuleError
from ..printable import printable
from ..runtime.inputs.problem import InputRefused
from ..runtime.mapping.account import Account
from ..standard_streams import say
from .account_text import read_account
from .event_files import file_names, place_of, read_events
from .frames import map_outcomes
from .outcome_rows import ACCOUNT
from .output_lines import SCHEMA, OutputLines
from .shipped_rules import ship

_REFUSED = f"{InputRefused.__module__}.{InputRefused.__name__}: "


@click.command("rulewright.spark")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("events")
@click.option("--output", required=True, help="A folder or URL that is not there yet, for requests and failures.")
@click.option("--checks/--no-checks", default=True, help="The destination's own limits: ids, depth, sizes.")
@click.option("--strict", is_flag=True, help="End with 1 when an event failed, and not only when all did.")
def command(rules: Path, events: str, output: str, checks: bool, strict: bool) -> None:
    """Map EVENTS (a file, a folder, a glob or a URL) by RULES on Spark, and write the requests.

    The output has JSON lines in two folders: `kind=request`, whose lines are those of `rulewright run`, and
    `kind=failure`. Each file of events is read by one task. Nothing is sent. The account of all events goes to standard
    error.
    """
    try:
        shipped = ship(rules, checks=checks)
        names = file_names(events)
    except RuleError as error:
        fail(error, "nothing was mapped", 2)
    except (InputRefused, ValueError) as error:
        raise click.UsageError(printable(str(error))) from None
    session = SparkSession.builder.getOrCreate()
    read = read_events(session, events)
    outcomes = map_outcomes(
        read, shipped, "event", keep=("file", "line"), identity=("file", "line"), numbers="event_number"
    )
    try:
        account = write_lines(outcomes, output, several_files=len(names) > 1)
    except PySparkException as problem:
        _end(problem)
    for sentence in account.sentences(lambda number: place_of(number, names)):
        say(sentence)
    if not account.events:
        raise click.UsageError(printable(f"`{events}` holds no events"))
    sys.exit(1 if account.failed and (strict or account.failed == account.events) else 0)


def write_lines(outcomes: DataFrame, output: str, *, several_files: bool) -> Account:
    """Writes requests and failures as JSON lines, and gives the account of all tasks."""
    lines = outcomes.mapInArrow(OutputLines(several_files), SCHEMA)
    lines.write.partitionBy("kind").text(output)
    account = Account()
    written = outcomes.sparkSession.read.schema("value string, kind string").text(output)
    rows = written.where(written.kind == ACCOUNT).collect()
    for part in sorted((read_account(row.value) for row in rows), key=_first_line):
        account.merge(part)
    return account


def _first_line(account: Account) -> int:
    groups = [*account.failures.values(), *account.repairs.values()]
    return min((group.first_line for group in groups), default=0)


def _end(problem: PySparkException) -> NoReturn:
    """Says what ended the job: the sentence of an input that cannot be read, or what Spark says."""
    text = str(problem)
    if _REFUSED in text:
        raise click.UsageError(printable(text.partition(_REFUSED)[2].partition("\n")[0])) from None
    say(printable(f"the job ended: {text.strip().splitlines()[0]}"))
    sys.exit(2)


def main() -> None:
    """The command, for `python -m rulewright.spark` and `spark-submit`."""
    command(prog_name="python -m rulewright.spark")

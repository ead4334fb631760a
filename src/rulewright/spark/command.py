"""`python -m rulewright.spark RULES INPUT --output FOLDER`: what `rulewright run` does, on a cluster."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from ..cli.faults import FAULT, report_fault, threads_watched
from ..cli.number_range import NumberRange
from ..cli.reporting import fail
from ..dsl.rule_error import RuleError
from ..printable import printable
from ..runtime.inputs.problem import InputRefused
from ..runtime.mapping.account import Account
from ..runtime.standard_streams import say
from .account_text import read_account
from .delivery import DeliveryStopped, adapter_of, deliver
from .event_files import file_names, place_of, read_events
from .frames import map_outcomes, requests_of
from .outcome_rows import ACCOUNT
from .output_lines import SCHEMA, OutputLines
from .shipped_rules import ship
from .task_faults import FaultInTask, is_fault, raised_in_task

_PROGRAM = "python -m rulewright.spark"
_REFUSED = f"{InputRefused.__module__}.{InputRefused.__name__}: "


@click.command("rulewright.spark")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("events")
@click.option("--output", required=True, help="A folder or URL that does not exist yet, for requests and failures.")
@click.option("--checks/--no-checks", default=True, help="The destination's own limits: ids, depth, sizes.")
@click.option("--strict", is_flag=True, help="End with 1 when an event failed, and not only when all did.")
@click.option(
    "--ledger",
    help="Also deliver, with this ledger: a folder or URL that records what is delivered, so that a rerun resumes.",
)
@click.option("--base-url", help="Put every endpoint under another host, for a fake.")
@click.option("--insecure", is_flag=True, help="Allow a base URL with http:// beyond this machine: keys go in clear.")
@click.option("--rate", type=NumberRange(min=0, min_open=True), help="Events a second at most, over the cluster.")
@click.option("--partitions", type=click.IntRange(1), help="Of a new ledger: into how many parts delivery is divided.")
def command(
    rules: Path,
    events: str,
    output: str,
    checks: bool,
    strict: bool,
    ledger: str | None,
    base_url: str | None,
    insecure: bool,
    rate: float | None,
    partitions: int | None,
) -> None:
    """Map EVENTS (a file, a folder, a glob or a URL) by RULES on Spark, and write the requests.

    The output has JSON lines in two folders: `kind=request`, whose lines are those of `rulewright run`, and
    `kind=failure`. Each file of events is read by one task. The account of all events goes to standard error.

    Nothing is sent without --ledger. With it, requests are delivered once all are mapped and written; the keys are
    those of the environment. Exit codes: 0, 1 for dead letters or where no event went well, 2 if it could not be done.
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
        if ledger is not None:
            adapter_of(shipped.destination, None, base_url, insecure=insecure)  # a missing key is reported first
            outcomes = outcomes.persist(StorageLevel.DISK_ONLY)
        account = write_lines(outcomes, output, several_files=len(names) > 1)
        for sentence in account.sentences(lambda number: place_of(number, names)):
            say(sentence)
        if not account.events:
            raise click.UsageError(printable(f"`{events}` holds no events"))
        code = 1 if account.useless or (account.failed and strict) else 0
        if ledger is not None:
            done = deliver(
                requests_of(outcomes),
                ledger,
                destination=shipped.destination,
                base_url=base_url,
                insecure=insecure,
                rate=rate,
                partitions=partitions,
            )
            say(f"{done.delivered:,} delivered, {done.dead:,} dead, {done.known:,} delivered or dead before")
            code = code or (1 if done.dead else 0)
    except PySparkException as problem:
        _end(problem)
    except DeliveryStopped as stopped:
        say(printable(f"stopped: {stopped}"))
        code = 2
    except ValueError as problem:
        raise click.UsageError(printable(str(problem))) from None
    sys.exit(code)


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
    """Ends the command: raises UsageError for unreadable input or FaultInTask for a fault, or says what Spark says."""
    text = str(problem)
    if _REFUSED in text:
        raise click.UsageError(printable(text.partition(_REFUSED)[2].partition("\n")[0])) from None
    raised = raised_in_task(text)
    if raised is not None and is_fault(raised):
        raise FaultInTask(raised) from problem
    say(printable(f"the job ended: {raised or text.strip().splitlines()[0]}"))
    sys.exit(2)


def main() -> None:
    """The command, for `python -m rulewright.spark` and `spark-submit`."""
    with threads_watched() as faults:
        try:
            command(prog_name=_PROGRAM)
        except Exception as error:
            sys.exit(report_fault(error, _PROGRAM))
        except SystemExit as ended:
            sys.exit(ended.code or (FAULT if faults else 0))

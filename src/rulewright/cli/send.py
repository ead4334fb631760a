"""`rulewright send`: maps events and delivers them to the destination of the rules, through a queue on disk."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from ..files.temporary_folder import temporary_folder
from ..printable import printable
from ..runtime.counted import counted
from ..runtime.delivery.adapter import Trial
from ..runtime.delivery.deliver import Options, Stopper, deliver
from ..runtime.delivery.input.ingest import MapEvent
from ..runtime.delivery.input.reader import InputProblem
from ..runtime.delivery.input.stored_input import require_readable
from ..runtime.delivery.logs import log_to
from ..runtime.delivery.sender import Report
from ..runtime.delivery.store.lease import QueueInUse
from ..runtime.delivery.store.problems import QueueProblem
from ..runtime.delivery.store.queue_status import dead_letters
from ..runtime.inputs.kafka_topic import SCHEME, KafkaTopic, topic_of
from ..runtime.inputs.locations import Inputs, locate
from ..runtime.inputs.problem import InputRefused
from ..runtime.standard_streams import discard_output, say
from .event_input import HELP
from .examples import examples
from .faults import traceback_wanted
from .logged_faults import logged_faults_said
from .progress import Progress
from .reporting import is_quiet, quiet_option, tell
from .rules_to_send import COULD_NOT_RUN, delivery_of, mapper_to_send
from .sending_options import (
    base_url_option,
    connections_option,
    grace_option,
    insecure_option,
    log_format_option,
    rate_option,
    verbose_option,
)
from .sessions import in_sessions
from .sessions import options as sessions_options
from .status import repaired


@click.command(
    "send",
    epilog=examples(
        "send shop.rules --input events.jsonl --dry-run",
        "send shop.rules --input events.jsonl --queue queue.db",
        "send shop.rules --input events.jsonl --queue queue.db --follow",
    ),
)
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--input", "source", help=f"Events: {HELP}; without it, what is pending.")
@click.option("--queue", type=click.Path(path_type=Path), help="The queue's file; created if it does not exist.")
@base_url_option
@insecure_option
@click.option("--follow", is_flag=True, help="Wait for more lines of the input until stopped.")
@click.option("--dry-run", is_flag=True, help="Send nothing; a strict fake in memory answers instead.")
@rate_option
@connections_option
@click.option("--batch-events", type=click.IntRange(min=1), help="The most events in one request.")
@click.option(
    "--group",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="The number of events of a pipe that are committed together.",
)
@sessions_options
@click.option("--http2", is_flag=True, help="Use HTTP/2 over TLS if the server offers it.")
@click.option(
    "--gzip/--no-gzip", "compress", default=None, help="Compress bodies; by default, if the destination documents it."
)
@click.option(
    "--recover", is_flag=True, help="Continue with what is left of a damaged queue, and report what is missing."
)
@grace_option
@click.option(
    "--metrics",
    type=click.Path(path_type=Path),
    help="A file for metrics: JSON if it ends in .json, otherwise Prometheus' text format.",
)
@log_format_option
@verbose_option
@quiet_option
def command(
    rules: Path,
    source: str | None,
    queue: Path | None,
    base_url: str | None,
    insecure: bool,
    follow: bool,
    dry_run: bool,
    rate: float | None,
    connections: int,
    batch_events: int | None,
    group: int,
    sessions: Path | None,
    session_rules: str | None,
    http2: bool,
    compress: bool | None,
    recover: bool,
    grace: float,
    metrics: Path | None,
    log_format: str,
    verbose: bool,
) -> None:
    """Map the input by RULES and deliver it to their destination, until nothing is pending.

    Keys come from the environment; `rulewright doctor` lists the variables. Run the same command again to resume,
    however it ended. Exit codes: 0 everything is delivered, 1 everything is settled and there are dead letters, 2 the
    command failed (rules with errors, a wrong key, a full disk; nothing is lost), 70 a fault of Rulewright (nothing is
    lost), 130 or 143 it was stopped before its end.
    """
    loaded = mapper_to_send(rules, "nothing was sent")
    mapper, delivery = in_sessions(loaded, sessions, session_rules), delivery_of(loaded)
    events = _events(source, follow)
    options = Options(connections, rate, batch_events, group, http2, compress, recover=recover, grace=grace)
    if dry_run:
        with _nothing_lost():
            trial = delivery.trial(loaded.settings)
            report, reasons = _try(mapper, trial, events, options)
        _conclude_trial(report, trial, reasons)
    if queue is None:
        raise click.UsageError("--queue names the file that keeps what is not delivered yet")
    if events is None and not queue.exists():
        raise click.UsageError(f"there is no queue `{queue}`, and no --input to fill one")
    try:
        adapter = delivery.adapter(loaded.settings, base_url, insecure=insecure)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
    if metrics is not None and not metrics.parent.is_dir():
        raise click.UsageError(f"there is no folder `{metrics.parent}` for the metrics")
    as_json, tracebacks = log_format == "json", traceback_wanted()
    log_to(sys.stderr, as_json=as_json, verbose=verbose, secrets=adapter.secrets, tracebacks=tracebacks)
    stopper = Stopper()
    with logged_faults_said(), _nothing_lost(), _signals(stopper) as received, Progress(metrics) as progress:
        report = deliver(
            mapper,
            events,
            queue=queue,
            adapter=adapter,
            options=options,
            follow=follow,
            stopper=stopper,
            progress=progress.show,
        )
    _conclude(report, queue, received, follow)


def _events(source: str | None, follow: bool) -> Inputs | KafkaTopic | int | None:
    if source is None:
        return None
    if source == "-":
        descriptor = sys.stdin.fileno()
        os.read(descriptor, 0)  # raises now, and not in the middle, for standard input that is closed
        return descriptor
    if source.startswith(SCHEME):
        try:
            return topic_of(source)
        except InputRefused as refused:
            raise click.UsageError(printable(str(refused))) from None
    if Path(source).is_fifo():
        return os.open(source, os.O_RDONLY)
    try:
        locations = locate(source)
        if follow and len(locations) > 1:
            raise click.UsageError(f"one file can be followed, and `{source}` means {len(locations):,}")
        for sentence in require_readable(locations):
            tell(sentence)
    except InputRefused as refused:
        raise click.UsageError(printable(str(refused))) from None
    return Inputs(tuple(locations))


@contextmanager
def _signals(stopper: Stopper) -> Iterator[list[int]]:
    """The first SIGINT or SIGTERM asks for a graceful end, a second one ends at once; both lose nothing."""
    received: list[int] = []

    def stop(number: int, frame: object) -> None:
        received.append(number)
        signal.signal(number, before[number])
        stopper.stop(signal.Signals(number).name)

    before = {int(number): signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _nothing_lost() -> Iterator[None]:
    """Says what ended a delivery in the middle, with its own exit code, which is not that of dead letters."""
    try:
        yield
    except (QueueProblem, QueueInUse, InputRefused) as problem:
        _end(str(problem), COULD_NOT_RUN)
    except MemoryError:
        _end("there is not enough memory; nothing that was accepted is lost", COULD_NOT_RUN)
    except OSError as problem:
        place = f"`{problem.filename}`: " if problem.filename else ""
        text = (problem.strerror or str(problem)).lower()
        _end(f"{place}{text}; nothing that was accepted is lost", COULD_NOT_RUN)
    except Exception:
        say("nothing that was accepted is lost")
        raise


def _conclude(report: Report, queue: Path, received: list[int], follow: bool) -> NoReturn:
    totals = report.totals
    report_totals = tell if _is_well(report) and not totals.pending else say
    report_totals(
        f"{counted(totals.events, 'event')} read: {totals.accepted:,} accepted, {totals.delivered:,} delivered,"
        f" {totals.dead:,} dead, {totals.pending:,} pending"
        f" ({totals.unmatched:,} matched nothing, {totals.dropped:,} dropped by a filter,"
        f" {totals.opted_out:,} opted out)"
    )
    for sentence in report.unrecognized:
        say(printable(sentence))
    if totals.repairs:
        say(repaired(totals.repairs))
    if totals.dead:
        say(printable(f"`rulewright dead-letters list --queue {queue}` shows why"))
    if len(report.suspects) == 1:
        say(
            printable(
                f"part {report.suspects[0]} is refused alone, and nothing else was sent that could be accepted:"
                f" `rulewright dead-letters bury --queue {queue} {report.suspects[0]}` makes it a dead letter"
            )
        )
    if report.problem is not None:
        _end_of_input(report.problem)
    if received and (totals.pending or (report.unfinished and not follow)):
        _end("stopped; run the same command to resume", 128 + received[0])
    if report.stopped is not None and not received:
        _end(f"stopped: {report.stopped.message}; nothing is lost", COULD_NOT_RUN)
    sys.exit(1 if totals.dead else 0)


def _end_of_input(problem: Exception) -> NoReturn:
    """Ends the command with the problem of the input; any other exception is raised again."""
    if not isinstance(problem, (InputProblem, InputRefused, OSError)):
        say("nothing that was accepted is lost")
        raise problem
    _end(f"the input could not be read to its end: {problem}", COULD_NOT_RUN)


def _is_well(report: Report) -> bool:
    """Whether a delivery came to its end, and nothing was refused, repaired or in place of an event."""
    totals = report.totals
    return not (totals.dead or totals.repairs or report.problem or report.stopped or report.unrecognized)


def _try(
    mapper: MapEvent, trial: Trial, events: Inputs | KafkaTopic | int | None, options: Options
) -> tuple[Report, Counter[tuple[str, str]]]:
    """Do everything but send, and give what was refused, by code and reason."""
    with temporary_folder() as folder:
        queue = folder / "queue.db"
        report = deliver(mapper, events, queue=queue, adapter=trial.adapter, options=options, exchange=trial.exchange)
        return report, Counter((letter.code, letter.reason) for letter in dead_letters(queue))


def _conclude_trial(report: Report, trial: Trial, reasons: Counter[tuple[str, str]]) -> NoReturn:
    """Say what would go out and what the destination would refuse."""
    totals = report.totals
    if is_quiet() and _is_well(report):
        sys.exit(0)
    click.echo(
        f"nothing was sent: {counted(totals.events, 'event')}, {totals.unmatched:,} match nothing,"
        f" {totals.dropped:,} dropped, {totals.opted_out:,} opted out; {totals.delivered:,} would go out in"
        f" {counted(trial.requests, 'request')}"
    )
    for count, kind in trial.taken():
        click.echo(f"{count:9,}  {kind}")
    for sentence in report.unrecognized:
        click.echo(printable(sentence))
    if totals.repairs:
        click.echo(repaired(totals.repairs))
    for (code, reason), count in reasons.most_common(20):
        click.echo(printable(f"{count:9,}  dead: {code}: {reason}"))
    if report.problem is not None:
        _end_of_input(report.problem)
    if report.stopped is not None:
        _end(f"stopped: {report.stopped.message}", COULD_NOT_RUN)
    sys.exit(1 if totals.dead else 0)


def _end(message: str, code: int) -> NoReturn:
    say(printable(message))
    discard_output()
    sys.exit(code)

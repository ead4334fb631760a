"""`rulewright run`: maps events to requests without sending them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from mmap import mmap
from pathlib import Path
from typing import Any, BinaryIO

import click

from ..dsl.diagnostics.diagnostic import near
from ..dsl.rule_error import RuleError
from ..files.file_access import FileAccess
from ..files.project import project
from ..flow.event_outcomes import Results
from ..loading.loader import access_to, load_by
from ..printable import printable, printable_json
from ..runtime.destination import PLACEHOLDER
from ..runtime.inputs.kafka_topic import SCHEME, topic_of
from ..runtime.mapper import Mapper
from ..runtime.mapping.account import Account
from ..runtime.mapping.lines import MapsLines, map_lines
from ..runtime.mapping.selected_mappings import selected
from .event_input import EventInput, event_input
from .examples import examples
from .output_files import refuse_input, write_output
from .pretty_request import pretty_request
from .reporting import CouldNotRun, fail, is_quiet, quiet_option
from .sessions import in_sessions
from .sessions import options as sessions_options


@click.command(
    "run",
    epilog=examples(
        "run shop.rules events.jsonl > requests.jsonl",
        'run shop.rules events.jsonl --pretty --mapping "Orders"',
        'run shop.rules "archive/*.jsonl.gz" --workers 4 --report report.html -o requests.jsonl',
    ),
)
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("events", default="-")
@click.option(
    "-o",
    "--output",
    default="-",
    help="Where to write requests as JSON lines: a file, a topic (kafka://broker/topic), or - for standard output.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="The format of the summary."
)
@click.option("--checks/--no-checks", default=True, help="Enforce the destination's limits on IDs, depth and sizes.")
@sessions_options
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    help="The number of processes; the output keeps the order of the input.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="An HTML page to write: event names, the mappings that took them, and the results, with sample lines.",
)
@click.option("--mapping", "names", multiple=True, help="Only the requests and failures of this mapping; repeatable.")
@click.option("--pretty", is_flag=True, help="Format requests for reading, with forms decoded.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any event failed, not only if all did.")
@quiet_option
def command(
    rules: Path,
    events: str,
    output: str,
    form: str,
    checks: bool,
    sessions: Path | None,
    session_rules: str | None,
    workers: int,
    report: Path | None,
    names: tuple[str, ...],
    pretty: bool,
    strict: bool,
) -> None:
    """Map EVENTS (a file, a folder, a glob, a URL, or - for standard input) by RULES, and write the requests.

    Nothing is sent. The summary of all events goes to standard error.
    """
    if workers > 1 and sessions is not None:
        raise click.UsageError("sessions depend on the order of events: use --sessions with one worker")
    if workers > 1 and pretty:
        raise click.UsageError("--pretty is for reading: use it with one worker")
    if pretty and output.startswith(SCHEME):
        raise click.UsageError("--pretty is for reading: a topic takes one line for each request")
    # Nothing is sent, so no key is needed, and none is shown.
    options: dict[str, Any] = {"placeholder": PLACEHOLDER, "checks": checks, "settings": project.get().settings}
    try:
        access = access_to(rules)
        mapper = load_by(access, rules, **options)
    except RuleError as error:
        fail(error)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if report is not None:
        refuse_input(report)
    only = _known(names, [mapping.name for mapping in mapper.program.mappings])
    staged = selected(in_sessions(mapper, sessions, session_rules), only)
    account: Account | None = None
    lines: EventInput | None = None
    results = None if report is None else Results()
    # `access` holds the files as they were read, so all processes have the same rules.
    load = partial(_load_selected, access, rules, options, only)
    processes = nullcontext() if workers == 1 else _workers(staged, load, workers, with_results=results is not None)
    try:
        with (
            processes as map_parts,
            event_input(events, "mapping", any_text=True) as lines,
            _sink(output, mapper, lines) as write,
        ):
            account = Account()
            if map_parts is not None:
                map_parts(lines.divided(), write, account, results)
                lines.require(account.events)
            else:
                map_lines(
                    staged,
                    lines,
                    write,
                    account,
                    observe=None if results is None else results.add,
                    render=pretty_request if pretty else None,
                )
    finally:
        # There is nothing to tell of events where they, or the place for their requests, could not be opened.
        if account is not None and lines is not None:
            if not (is_quiet() and account.went_well):
                _say(account, form, lines)
            if report is not None and results is not None:
                _write_report(report, results, account, rules, lines)
    # Where not one event went well, something is wrong with the rules or the events as a whole.
    sys.exit(1 if account.useless or (account.failed and strict) else 0)


def _load_selected(access: FileAccess, rules: Path, options: dict[str, Any], only: frozenset[str]) -> MapsLines:
    return selected(load_by(access, rules, **options), only)


@contextmanager
def _workers(
    mapper: MapsLines, load: Callable[[], MapsLines], count: int, *, with_results: bool
) -> Iterator[Callable[..., None]]:
    """Several processes, and what maps parts by them; it is said if one was ended, as by the system."""
    # What starts processes is an import that one process does without.
    from ..workers import WorkerEnded, map_parts, worker_processes

    try:
        with worker_processes(mapper, load, count, with_results=with_results) as processes:
            yield partial(map_parts, processes)
    except WorkerEnded:
        raise CouldNotRun("a worker was ended from outside; what was written until then is whole") from None


def _known(names: tuple[str, ...], known: list[str]) -> frozenset[str]:
    """The names, if all are those of mappings. Raises UsageError with the nearest name for another."""
    for name in names:
        if name not in known:
            every = ", ".join(f"`{mapping}`" for mapping in known)
            help_ = near(name, known, f"the mappings are {every}")
            raise click.UsageError(printable(f"no mapping `{name}`; {help_}"))
    return frozenset(names)


def _say(account: Account, form: str, lines: EventInput) -> None:
    if form == "json":
        sys.stderr.write(printable_json(json.dumps(account.as_dict(), ensure_ascii=False)) + "\n")
    else:
        sys.stderr.writelines(f"{sentence}\n" for sentence in account.sentences(lines.place))


def _write_report(report: Path, results: Results, account: Account, rules: Path, lines: EventInput) -> None:
    from ..flow.results_page import results_page

    title = printable(f"{lines.name} by {rules}")
    write_output(report, results_page(results, account, title, lines.place), *lines.files)


@contextmanager
def _sink(output: str, mapper: Mapper, lines: EventInput) -> Iterator[Callable[[bytes | mmap], Any]]:
    """Where request lines go; a block at a time."""
    if output == "-":
        try:
            buffered: BinaryIO = io.BufferedWriter(_Unclosed(sys.stdout.fileno(), "wb"), 1 << 18)
        except io.UnsupportedOperation:  # a stream in memory, as of a program that calls the command
            buffered = sys.stdout.buffer
        try:
            try:
                yield buffered.write
            finally:
                # Whatever ends the run: what is accounted for is written.
                buffered.flush()
        except OSError:
            # What cannot be written would be tried again when the buffer goes, with a traceback since Python 3.13.
            with suppress(OSError):
                buffered.close()
            raise
        return
    if output.startswith(SCHEME):
        from ..kafka_output import topic_sink

        with topic_sink(topic_of(output), mapper) as write:
            yield write
        return
    refuse_input(output, *lines.files)
    with Path(output).open("wb", buffering=1 << 18) as file:
        yield file.write


class _Unclosed(io.FileIO):
    """Standard output, which is not ours to close."""

    def __init__(self, descriptor: int, mode: str) -> None:
        super().__init__(descriptor, mode, closefd=False)

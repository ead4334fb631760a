"""`rulewright serve`: Segment's HTTP API in front of a queue."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from ..dsl.rule_error import RuleError
from ..printable import printable
from ..runtime.delivery.deliver import Options
from ..runtime.delivery.logs import log_to
from ..runtime.delivery.store.problems import QueueProblem
from ..runtime.delivery.transport.addresses import is_loopback
from ..runtime.standard_streams import say
from .examples import examples
from .extras import extra
from .faults import traceback_wanted
from .logged_faults import logged_faults_said
from .reporting import fail
from .rules_to_send import COULD_NOT_RUN, delivery_of
from .sending_options import (
    base_url_option,
    connections_option,
    grace_option,
    insecure_option,
    log_format_option,
    rate_option,
    verbose_option,
)
from .sessions import options as sessions_options
from .sessions import stage_for

WRITE_KEYS = "RULEWRIGHT_WRITE_KEYS"
WEBHOOK_SECRETS = "RULEWRIGHT_WEBHOOK_SECRETS"
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def _size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """The number of bytes that a text such as 10GB means."""
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?([kmgt]?)b?", value.strip().lower())
    if match is None:
        raise click.BadParameter(f"expected a size such as 500MB or 10GB, found `{value}`")
    return round(float(match[1]) * _UNITS[match[2]])


@click.command("serve", epilog=examples("serve shop.rules --queue queue.db --port 8000 --write-key web=KEY"))
@click.argument("rules", type=click.Path(path_type=Path))
@click.option(
    "--queue", type=click.Path(path_type=Path), required=True, help="The queue's file; created if it does not exist."
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), required=True, help="The port; 0 chooses a free one and prints it."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--write-key",
    "write_keys",
    metavar="NAME=KEY",
    multiple=True,
    help=f"A key that clients must show; repeatable. Also {WRITE_KEYS}, with spaces between.",
)
@click.option(
    "--webhook-secret",
    "webhook_secrets",
    multiple=True,
    help=f"The shared secret of Segment's webhooks; repeatable. Also {WEBHOOK_SECRETS}, with spaces between.",
)
@base_url_option
@insecure_option
@click.option(
    "--no-send", is_flag=True, help="Only accept events; `rulewright send --follow` sends them in another process."
)
@click.option(
    "--quota",
    metavar="SIZE",
    default="10GB",
    callback=_size,
    show_default=True,
    help="The most disk space for the queue.",
)
@click.option(
    "--reserve", metavar="SIZE", callback=_size, help="The disk space that must stay free; default: 5 %, at most 256MB."
)
@click.option(
    "--max-connections",
    type=click.IntRange(min=1),
    default=1_000,
    show_default=True,
    help="The most connections of clients.",
)
@rate_option
@connections_option
@grace_option
@sessions_options
@click.option("--access-log/--no-access-log", default=True, show_default=True, help="Log a line for each request.")
@log_format_option
@verbose_option
def command(
    rules: Path,
    queue: Path,
    port: int,
    host: str,
    write_keys: tuple[str, ...],
    webhook_secrets: tuple[str, ...],
    base_url: str | None,
    insecure: bool,
    no_send: bool,
    quota: int,
    reserve: int | None,
    max_connections: int,
    rate: float | None,
    connections: int,
    grace: float,
    sessions: Path | None,
    session_rules: str | None,
    access_log: bool,
    log_format: str,
    verbose: bool,
) -> None:
    """Accept events over Segment's HTTP API, map them by RULES, and deliver them to their destination.

    An answer of 200 means that the events are on disk. Rules are loaded again when their file changes, or on SIGHUP.
    Keys of the destination come from the environment; `rulewright doctor` lists the variables. Exit codes: 0 stopped
    by SIGINT or SIGTERM, 2 not started (rules with errors, a port in use, a damaged queue).
    """
    with extra("serve", "serve"):
        from ..serve.rules import RulesFile
        from ..serve.service import ServeOptions, serve
    keys = _named([*os.environ.get(WRITE_KEYS, "").split(), *write_keys])
    secrets = [*os.environ.get(WEBHOOK_SECRETS, "").split(), *webhook_secrets]
    if not keys and not is_loopback(host):
        raise click.UsageError(f"anybody who reaches {host} could write: give `--write-key NAME=KEY`, or {WRITE_KEYS}")
    file = RulesFile(rules)
    try:
        loaded = file.load()
    except RuleError as error:
        fail(error, "nothing is served", COULD_NOT_RUN)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    mapper, version = loaded
    try:
        adapter = delivery_of(mapper).adapter(mapper.settings, base_url, insecure=insecure)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
    hidden = [*adapter.secrets, *keys.values(), *secrets]
    log_to(sys.stderr, as_json=log_format == "json", verbose=verbose, secrets=hidden, tracebacks=traceback_wanted())
    options = ServeOptions(
        host=host,
        port=port,
        write_keys=keys,
        webhook_secrets=secrets,
        send=not no_send,
        quota=quota,
        reserve=reserve,
        most_connections=max_connections,
        access_log=access_log,
        stage=stage_for(mapper, sessions, session_rules),
        sending=Options(connections=connections, rate=rate, grace=grace),
    )
    try:
        with logged_faults_said():
            for address in serve(file, loaded, queue, adapter, options):
                say(printable(f"serving `{rules}`, version {version}, on {address}"))
    except QueueProblem as problem:
        say(printable(str(problem)))
        sys.exit(COULD_NOT_RUN)
    except OSError as problem:
        say(printable(f"cannot listen on {host}:{port}: {(problem.strerror or str(problem)).lower()}"))
        sys.exit(COULD_NOT_RUN)


def _named(pairs: Iterable[str]) -> dict[str, str]:
    """Keys by their names. No message shows a key."""
    keys: dict[str, str] = {}
    for pair in pairs:
        name, _, key = pair.partition("=")
        if not key or _NAME.fullmatch(name) is None:
            raise click.UsageError("expected each write key as NAME=KEY, with a name of letters, digits, `.`, `_`, `-`")
        if name in keys:
            raise click.UsageError(f"the write key `{name}` is given twice; give each its own name")
        keys[name] = key
    return keys

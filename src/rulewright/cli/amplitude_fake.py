"""`rulewright amplitude double`: a strict fake Amplitude on this machine, with a ledger and scripted faults."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from ..runtime.destinations.amplitude.fake.faults import FAULTS, TRANSIENT, FaultScript
from ..runtime.destinations.amplitude.fake.service import FakeAmplitude
from ..runtime.destinations.amplitude.fake.throttle import Throttle
from .examples import examples
from .extras import extra
from .logged_faults import logged_faults_said
from .number_range import NumberRange
from .output_files import write_output


@click.command(
    "double",
    short_help="Run a fake Amplitude server.",
    epilog=examples("amplitude double", "amplitude double --port 0 --faults all --every 3")
    + "\n\nFaults: "
    + "; ".join(f"{name} {what}" for name, what in FAULTS.items())
    + ".",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8_080, show_default=True, help="The port; 0 chooses a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--api-key", help="The only valid API key; without it, every key is valid.")
@click.option("--secret-key", help="The only valid secret key; without it, every secret key is valid.")
@click.option("--faults", help="Names of faults, separated by commas, or `all` for all temporary ones.")
@click.option(
    "--every", type=NumberRange(min=1), default=5.0, show_default=True, help="One request in this many fails."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Decides which requests fail, and how.")
@click.option("--throttle", type=click.IntRange(min=1), help="The most events of one user or device in any second.")
@click.option("--ledger", type=click.Path(path_type=Path), help="The file to which the ledger is written at the end.")
def fake(
    port: int,
    host: str,
    api_key: str | None,
    secret_key: str | None,
    faults: str | None,
    every: float,
    seed: int,
    throttle: int | None,
    ledger: Path | None,
) -> None:
    """Run a fake Amplitude server until stopped: `rulewright send … --base-url http://127.0.0.1:8080`.

    It is as strict as Amplitude's documentation, counts an event once for its insert_id and device_id, and shows what
    it received at /double/summary, /double/ledger and /double/user?user_id=….
    """
    with extra("serve", "amplitude double"):
        from ..runtime.destinations.amplitude.fake.server import serve
    kinds = list(TRANSIENT) if faults == "all" else [name.strip() for name in (faults or "").split(",") if name.strip()]
    try:
        script = FaultScript(kinds, every, seed)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
    listener = socket.create_server((host, port), backlog=256)
    click.echo(f"a fake Amplitude at http://{host}:{listener.getsockname()[1]}")
    service = FakeAmplitude(
        api_key=api_key,
        secret_key=secret_key,
        draw=script.draw,
        throttle=None if throttle is None else Throttle(throttle),
    )
    try:
        with logged_faults_said():
            serve(service, listener)
    finally:
        if ledger is not None:
            write_output(ledger, b"".join(service.ledger.lines()))

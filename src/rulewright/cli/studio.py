"""`rulewright studio`: a page to write rules on recorded events."""

from __future__ import annotations

import socket
import webbrowser
from pathlib import Path

import click

from .event_input import event_input
from .examples import examples
from .extras import extra
from .logged_faults import logged_faults_said
from .reporting import CouldNotRun


@click.command(
    "studio",
    epilog=examples("studio shop.rules --events events.jsonl", "studio shop.rules --events events.jsonl --write"),
)
@click.argument("rules", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--events", help="Recorded events on which to try the rules, in any input of `run`.")
@click.option(
    "--queue", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A queue of `send` to show."
)
@click.option("--write", is_flag=True, help="Let the page save the rule file and its tests.")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="The port on 127.0.0.1; default: a free one.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def command(rules: Path, events: str | None, queue: Path | None, write: bool, port: int, no_browser: bool) -> None:
    """Open RULES in the browser: edit them, and see what they do with recorded events, and why.

    The page is served only to this machine, at an address that contains a token.
    """
    with extra("studio", "studio"):
        from ..studio.app import application, new_token
        from ..studio.page_api import studio
        from ..studio.server import serve
    recorded: list[bytes] = []
    if events is not None:
        with event_input(events, "reading") as lines:
            recorded = list(lines)
    answers = studio(rules, recorded, events or "", write=write, queue=queue)
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise CouldNotRun(f"port {port} cannot be taken: {(error.strerror or str(error)).lower()}") from None
    port = listener.getsockname()[1]
    token = new_token()
    address = f"http://127.0.0.1:{port}/{token}/"
    click.echo(f"the studio is at {address}\nCtrl-C ends it")
    if not no_browser:
        webbrowser.open(address)
    with logged_faults_said():
        serve(application(answers, token, port), listener)

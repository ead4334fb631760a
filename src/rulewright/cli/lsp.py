"""`rulewright lsp`: the language server for editors."""

from __future__ import annotations

import click

from .event_input import event_input
from .examples import examples
from .extras import extra


@click.command("lsp", epilog=examples("lsp --stdio --events events.jsonl"))
@click.option("--stdio", is_flag=True, help="Over standard input and output, which is the only way; editors say it.")
@click.option("--events", help="Recorded events, JSON lines: for completion, hover and checks.")
def command(stdio: bool, events: str | None) -> None:
    """Serve an editor over standard input and output, by the Language Server Protocol."""
    del stdio
    with extra("lsp", "lsp"):
        from ..lsp.server import make_server
    if events is None:
        make_server().start_io()
        return
    with event_input(events, "reading") as lines:
        recorded = list(lines)
    make_server(recorded, events).start_io()

"""`rulewright lsp`: the language server for editors."""

from __future__ import annotations

import click

from .event_input import event_input
from .examples import examples
from .extras import extra
from .logged_faults import logged_faults_said


@click.command("lsp", epilog=examples("lsp --stdio --events events.jsonl"))
@click.option(
    "--stdio", is_flag=True, help="Use standard input and output; the only mode, accepted because editors pass it."
)
@click.option("--events", help="Recorded events, as JSON lines, for completion, hover and checks.")
def command(stdio: bool, events: str | None) -> None:
    """Run the language server for editors, over standard input and output."""
    del stdio
    with extra("lsp", "lsp"):
        from ..lsp.server import make_server
    recorded: list[bytes] | None = None
    if events is not None:
        with event_input(events, "reading") as lines:
            recorded = list(lines)
    with logged_faults_said():
        make_server(recorded, events or "").start_io()

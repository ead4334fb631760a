"""Options of the commands that send: `send`, and `serve`, which sends what it accepts."""

from __future__ import annotations

import click

from ..runtime.delivery.sender import GRACE

base_url_option = click.option("--base-url", help="Put every endpoint under another host, for a fake.")
insecure_option = click.option(
    "--insecure", is_flag=True, help="Allow a base URL with http:// beyond this machine: keys go in clear."
)
rate_option = click.option(
    "--rate", type=click.FloatRange(min=0, min_open=True), help="Events sent a second at most, over all users."
)
connections_option = click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Requests under way at once, at most.",
)
grace_option = click.option(
    "--grace",
    type=click.FloatRange(min=0),
    default=GRACE,
    show_default=True,
    help="Seconds that SIGINT or SIGTERM waits for requests that are under way.",
)
log_format_option = click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", help="On standard error."
)
verbose_option = click.option("--verbose", is_flag=True, help="Log retries too.")

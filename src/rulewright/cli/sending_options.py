"""Options of the commands that send: `send`, and `serve`, which sends what it accepts."""

from __future__ import annotations

import click

from ..runtime.delivery.sender import GRACE
from .number_range import NumberRange

base_url_option = click.option("--base-url", help="Put every endpoint under another host, such as a fake.")
insecure_option = click.option(
    "--insecure", is_flag=True, help="Allow an http:// base URL beyond this machine; keys are then sent unencrypted."
)
rate_option = click.option(
    "--rate", type=NumberRange(min=0, min_open=True), help="The most events sent per second, over all users."
)
connections_option = click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="The most requests in flight.",
)
grace_option = click.option(
    "--grace",
    type=NumberRange(min=0),
    default=GRACE,
    show_default=True,
    help="Seconds to wait for requests in flight after SIGINT or SIGTERM.",
)
log_format_option = click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", help="The format of the log on standard error."
)
verbose_option = click.option("--verbose", is_flag=True, help="Log retries too.")

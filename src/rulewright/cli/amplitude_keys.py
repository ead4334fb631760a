"""`rulewright amplitude check-keys` and `delete-user`: what is asked of Amplitude beside events."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from ..runtime.counted import counted
from .inputs import content_of


def _to_amplitude(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which Amplitude is asked."""
    region = click.option(
        "--endpoint",
        type=click.Choice(["north_america", "europe"]),
        help="The project's region; else AMPLITUDE_ENDPOINT, else north_america.",
    )
    return region(click.option("--base-url", help="Ask another host, for a fake.")(command))


@click.command("check-keys")
@_to_amplitude
def check_keys(endpoint: str | None, base_url: str | None) -> None:
    """Ask Amplitude whether AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY are right."""
    _ask(endpoint, base_url, lambda administration: administration.check_keys())
    click.echo("the keys are right")


@click.command("delete-user")
@click.argument("user_ids", nargs=-1)
@click.option("--input", "source", help="User IDs, one a line; - is standard input.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@_to_amplitude
def delete_user(
    user_ids: tuple[str, ...], source: str | None, yes: bool, endpoint: str | None, base_url: str | None
) -> None:
    """Ask Amplitude to delete USER_IDS and all that it knows of them, which cannot be undone."""
    ids = [*user_ids, *(_ids(source) if source else ())]
    if not ids:
        raise click.UsageError("name the users that are to be deleted, or give a file with --input")
    if not yes:
        click.confirm(f"delete {counted(len(ids), 'user')} from Amplitude?", abort=True)

    def delete(administration: Any) -> None:
        done = 0
        try:
            for some in administration.delete_users(ids):
                done += len(some)
        finally:
            click.echo(f"{done:,} of {len(ids):,} asked for; Amplitude deletes within 30 days", err=True)

    _ask(endpoint, base_url, delete)


def _ids(source: str) -> list[str]:
    """The lines of a file, each a user ID. Raises UsageError: to delete a user by half a name cannot be undone."""
    try:
        text = content_of(source).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"`{source}` is not UTF-8 text") from None
    return [line.strip() for line in text.split("\n") if line.strip()]


def _ask(endpoint: str | None, base_url: str | None, question: Callable[[Any], None]) -> None:
    # imported here, for httpx is slow to import and `--help` needs none of it
    from ..runtime.destinations.amplitude.administration import Administration, AdministrationError
    from ..runtime.destinations.amplitude.settings import settings_of

    try:
        administration = Administration(settings_of({"endpoint": endpoint} if endpoint else {}), base_url=base_url)
        try:
            question(administration)
        finally:
            administration.close()
    except (AdministrationError, ValueError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)

"""`rulewright amplitude check-keys` and `delete-user`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from ..runtime.counted import counted
from .examples import examples
from .inputs import content_of
from .reporting import is_quiet, quiet_option, tell

COULD_NOT_ASK = 2


def _to_amplitude(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which Amplitude is asked."""
    region = click.option(
        "--endpoint",
        type=click.Choice(["north_america", "europe"]),
        help="The project's region; default: AMPLITUDE_ENDPOINT, or else north_america.",
    )
    return region(click.option("--base-url", help="Use another host, such as a fake.")(command))


@click.command(
    "check-keys",
    short_help="Ask Amplitude whether the keys are valid.",
    epilog=examples("amplitude check-keys --endpoint europe"),
)
@_to_amplitude
@quiet_option
def check_keys(endpoint: str | None, base_url: str | None) -> None:
    """Ask Amplitude whether AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY are valid.

    Exit codes: 0 the keys are valid, 1 Amplitude refuses them, 2 Amplitude could not be asked.
    """
    _ask(endpoint, base_url, lambda administration: administration.check_keys(), refused=1)
    if not is_quiet():
        click.echo("the keys are valid")


@click.command(
    "delete-user",
    short_help="Ask Amplitude to delete users and their data.",
    epilog=examples("amplitude delete-user user-1 user-2", "amplitude delete-user --input users.txt --yes"),
)
@click.argument("user_ids", nargs=-1)
@click.option("--input", "source", help="A file of user IDs, one per line; - is standard input.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@_to_amplitude
@quiet_option
def delete_user(
    user_ids: tuple[str, ...], source: str | None, yes: bool, endpoint: str | None, base_url: str | None
) -> None:
    """Ask Amplitude to delete USER_IDS and all their data, which cannot be undone.

    Exit codes: 0 the deletion of all is requested, 1 it was not confirmed, 2 the deletion of some is not requested.
    """
    ids = [*user_ids, *(_ids(source) if source else ())]
    if not ids:
        raise click.UsageError("name the users that are to be deleted, or give a file with --input")
    if not yes and not _is_confirmed(f"delete {counted(len(ids), 'user')} from Amplitude?"):
        click.echo("no deletion is requested; `--yes` requests it without a question", err=True)
        sys.exit(1)

    def delete(administration: Any) -> None:
        done = 0
        try:
            for batch in administration.delete_users(ids):
                done += len(batch)
        finally:
            tell(f"{done:,} of {len(ids):,} asked for; Amplitude deletes within 30 days")

    _ask(endpoint, base_url, delete)


def _is_confirmed(question: str) -> bool:
    """Whether the user answers yes. Where standard input has no answer, as in a job, that is a no."""
    try:
        return click.confirm(question, err=True)
    except click.Abort as abort:
        if not isinstance(abort.__context__, EOFError):
            raise
        click.echo(err=True)
        return False


def _ids(source: str) -> list[str]:
    """The lines of a file, each a user ID. Raises UsageError: to delete a user by half a name cannot be undone."""
    try:
        text = content_of(source).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"`{source}` is not UTF-8 text") from None
    return [line.strip() for line in text.split("\n") if line.strip()]


def _ask(
    endpoint: str | None, base_url: str | None, question: Callable[[Any], None], refused: int = COULD_NOT_ASK
) -> None:
    """Asks Amplitude, or ends the command: with `refused` where it refuses the keys."""
    # imported here, because httpx is slow to import and `--help` does not need it
    from ..runtime.destinations.amplitude.administration import Administration, AdministrationError, KeysRefused
    from ..runtime.destinations.amplitude.settings import settings_of

    try:
        administration = Administration(settings_of({"endpoint": endpoint} if endpoint else {}), base_url=base_url)
        try:
            question(administration)
        finally:
            administration.close()
    except (AdministrationError, ValueError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(refused if isinstance(problem, KeysRefused) else COULD_NOT_ASK)

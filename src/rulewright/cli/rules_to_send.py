"""The rules of a command that delivers, and what their destination brings for that."""

from __future__ import annotations

from pathlib import Path

import click

from ..dsl.rule_error import RuleError
from ..loading.loader import access_to, load_by
from ..runtime.delivery.adapter import Delivery
from ..runtime.destination import PLACEHOLDER
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapper import Mapper
from .reporting import fail

COULD_NOT_RUN = 2


def mapper_to_send(rules: Path, nothing_done: str) -> Mapper:
    """The mapper without keys, which the adapter adds. Ends the command with exit code 2 if rules have errors.

    Raises UsageError for settings that the destination refuses.
    """
    try:
        return load_by(access_to(rules), rules, placeholder=PLACEHOLDER)
    except RuleError as error:
        fail(error, nothing_done, COULD_NOT_RUN)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def delivery_of(mapper: Mapper) -> Delivery:
    """The `Delivery` of the destination of the rules. Raises UsageError if it has none."""
    name = mapper.program.destination
    delivery = DESTINATIONS[name].delivery
    if delivery is None:
        raise click.UsageError(f"requests of {name} cannot be sent: the destination declares no delivery")
    return delivery()

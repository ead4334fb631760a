"""The names that the reader of a rule file knows from the catalog."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import NamedTuple

FieldsOf = Callable[[str], Container[str]]
"""The names of the fields of an action, by the action's name."""


def no_fields(action: str) -> Container[str]:
    """The known fields of an action without a catalog: none."""
    return ()


def _nothing() -> Container[str]:
    return ()


def _is_no_secret(name: str) -> bool:
    return False


class KnownNames(NamedTuple):
    """Names that tell what a line is meant to be; by default none is known."""

    fields_of: FieldsOf = no_fields
    settings: Callable[[], Container[str]] = _nothing
    """The names of the settings of all destinations."""
    is_secret: Callable[[str], bool] = _is_no_secret
    """Whether a name is that of a setting which no rule file may hold, however it is written."""

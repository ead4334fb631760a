"""All keys of an object, in C if it was built: a loop in Python takes three times as long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..native import native


def _has_only(value: Any, names: tuple[str, ...]) -> bool:
    """Whether a value is a dict whose keys are all among the names. No method of another class is called."""
    return value.__class__ is dict and all(key.__class__ is str and key in names for key in value)


has_only = _has_only if native is None else native.has_only


def _surely_has_ids(_value: dict[str, Any], _names: tuple[str, ...], _shortest: int) -> bool:
    """Whether one look shows that the IDs at some keys are usual: texts that are long enough, do not begin
    with two zeros, as the ID of nobody does, and have visible ASCII characters at both ends.

    A key may be missing or null, but not all of them. False where it does not show, which is every object here: in
    Python it costs as much as to check the IDs.
    """
    return False


surely_has_ids = _surely_has_ids if native is None else native.surely_has_ids


def _add_missing(target: dict[str, Any], source: Mapping[str, Any]) -> None:
    """Puts into a dict what another one has at keys that it does not have, after its own and in the other's order."""
    for name in source:
        if name not in target:
            target[name] = source[name]


add_missing = _add_missing if native is None else native.add_missing

"""Checks the types of arguments at the public face, so that a wrong one is named where it is given."""

from __future__ import annotations

from os import PathLike
from typing import Any


def require(value: object, types: type | tuple[type, ...], wanted: str) -> None:
    """Raises TypeError for a value of another type than these; `wanted` names them for the sentence."""
    if not isinstance(value, types):
        raise TypeError(f"expected {wanted}, found {type(value).__name__}")


def require_rules(path_or_text: Any) -> None:
    """Raises TypeError for what is neither the path nor the text of rules."""
    require(path_or_text, (str, PathLike), "rules as a path (str or Path) or as text (str)")

"""Checks the arguments of the public functions, so that an error names the argument that is wrong."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any


def require(value: object, types: type | tuple[type, ...], wanted: str) -> None:
    """Raises TypeError for a value that is of none of the types; `wanted` names the argument and its type."""
    if not isinstance(value, types):
        raise TypeError(f"expected {wanted}, found {type(value).__name__}")


def require_rules(path_or_text: Any) -> None:
    """Raises TypeError if the argument is neither the path nor the text of rules."""
    require(path_or_text, (str, PathLike), "rules as a path (str or Path) or as text (str)")


def is_text(path_or_text: str | Path) -> bool:
    """Whether the argument is the text of rules, and not the path of a rule file."""
    return isinstance(path_or_text, str) and ("\n" in path_or_text or "{" in path_or_text or not path_or_text.strip())

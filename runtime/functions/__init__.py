"""The functions of the rule language, one on each page; a page is found by being here.

`FUNCTIONS` is read on first use, so that a compiled mapper that takes one function from its page reads no other.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..function import Function

if TYPE_CHECKING:
    FUNCTIONS: dict[str, Function]


@cache
def _discovered() -> dict[str, Function]:
    """Every function by its name, in the order of names."""
    names = sorted(page.stem for page in Path(__file__).parent.glob("[a-z]*.py"))
    return {name: import_module(f"{__name__}.{name}").FUNCTION for name in names}


def __getattr__(name: str) -> Any:
    if name == "FUNCTIONS":
        return _discovered()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

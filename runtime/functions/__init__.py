"""The functions of the rule language: one in each module, found by the name of the module.

`FUNCTION` in a module says in words and examples what the function takes and gives; the Python function above it has
no docstring of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..function import Function
from ..pages import Pages

FUNCTIONS: Mapping[str, Function] = Pages(__name__, __path__[0], "FUNCTION")

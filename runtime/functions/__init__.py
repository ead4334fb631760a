"""The functions of the rule language: one in each module, found by the name of the module.

`FUNCTION` in a module says in words and examples what the function takes and gives; the Python function above it has
no docstring of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path

from ..function import Function


class _Pages(Mapping[str, Function]):
    """Every function by its name, in the order of names; its module is imported when it is asked for."""

    def __init__(self) -> None:
        self._imported: dict[str, Function] = {}

    @cached_property
    def _names(self) -> dict[str, None]:
        return dict.fromkeys(sorted(page.stem for page in Path(__file__).parent.glob("[a-z]*.py")))

    def __getitem__(self, name: str) -> Function:
        function = self._imported.get(name)
        if function is None:
            if name not in self._names:
                raise KeyError(name)
            function = self._imported[name] = import_module(f"{__name__}.{name}").FUNCTION
        return function

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


FUNCTIONS: Mapping[str, Function] = _Pages()

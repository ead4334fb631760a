"""What the modules of a package declare, one value in each, as a mapping by name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import TypeVar

Declared = TypeVar("Declared")


class Pages(Mapping[str, Declared]):
    """Values by name, in the order of their modules; a module is imported when its value is first asked for."""

    def __init__(self, package: str, folder: str, constant: str, name_of: Callable[[str], str] = str) -> None:
        """Each module in the folder of the package declares a `constant`; `name_of` gives its name by the module's."""
        self._package, self._folder, self._constant, self._name_of = package, folder, constant, name_of
        self._imported: dict[str, Declared] = {}

    @cached_property
    def _modules(self) -> dict[str, str]:
        # pathlib is a large import.
        files = sorted(name for name in os.listdir(self._folder) if name.endswith(".py") and name != "__init__.py")  # noqa: PTH208
        modules = [name.removesuffix(".py") for name in files]
        return {self._name_of(module): f"{self._package}.{module}" for module in modules}

    def __getitem__(self, name: str) -> Declared:
        value = self._imported.get(name)
        if value is None:
            value = self._imported[name] = getattr(import_module(self._modules[name]), self._constant)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __contains__(self, name: object) -> bool:
        return name in self._modules

"""The dataclass of nodes: frozen for the type checker, and made in a third of the time."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, eq: bool = True, **options: Any) -> Any:
        """A dataclass that is equal and hashed as a frozen one, but that only the type checker keeps from changes.

        To refuse assignments at run time, Python makes a call for each field of each object that it constructs: a tenth
        of the time of a check.
        """
        assert frozen

        def make(cls: type) -> type:
            has_own_hash = "__hash__" in cls.__dict__
            return dataclasses.dataclass(eq=eq, unsafe_hash=eq and not has_own_hash, **options)(cls)

        return make


__all__ = ["dataclass"]

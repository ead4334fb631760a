"""A dataclass for modules that every start imports: frozen for the type checker alone, and quick to define."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, eq: bool = True, slots: bool = False, kw_only: bool = False) -> Any:
        """A dataclass with the equality and hash of a frozen one; only the type checker refuses assignments.

        To refuse them at run time, Python makes a call for each field of each new object, which for the nodes of rules
        is a tenth of the time of a check. To compile the methods of each class is a fifth of the time of importing a
        compiled module, so a method is made when it is first called.
        """
        assert frozen
        names = ("__init__", "__repr__", *(("__eq__", "__hash__") if eq else ()))

        def make(cls: type) -> type:
            later = [name for name in names if cls.__dict__.get(name) is None]
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            for name in later:
                setattr(made, name, _made_when_called(made, name))
            return made

        return make


def _made_when_called(cls: type, name: str) -> Any:
    """A method that, when called, replaces itself with that of a dataclass with the same fields."""

    def method(node: Any, *args: Any, **kwargs: Any) -> Any:
        fields: list[Any] = [(field.name, field.type, field) for field in dataclasses.fields(cls)]
        wanted: dict[str, Any] = {
            "init": name == "__init__",
            "repr": name == "__repr__",
            "unsafe_hash": name == "__hash__",
        }
        # A class without a docstring is given one that lists its parameters, which takes longer than the method.
        wanted["namespace"] = {"__doc__": cls.__doc__}
        made = getattr(dataclasses.make_dataclass(cls.__name__, fields, eq=name == "__eq__", **wanted), name)
        setattr(cls, name, made)
        return made(node, *args, **kwargs)

    return method


__all__ = ["dataclass"]

"""MISSING: the value of a path that an event does not have; it is not null, empty text or `omit`."""

from __future__ import annotations

from typing import Any, Final, final


@final
class Missing:
    """The type of MISSING, its only instance; it is false, and survives copy and pickle."""

    __slots__ = ()
    _only: Missing | None = None

    def __new__(cls) -> Missing:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


def is_nothing(value: Any) -> bool:
    """Whether a value is null or missing, which the language treats alike."""
    return value is None or value is MISSING

"""Values whose own code fails, or changes an event while somebody looks at it."""

from __future__ import annotations

from typing import Any, NoReturn


class Refusing(dict[Any, Any]):
    """An object whose methods raise."""

    def refuse(self, *_given: Any) -> NoReturn:
        raise ValueError("not to be called")

    get = __getitem__ = __contains__ = __iter__ = keys = values = items = __len__ = refuse


ARMED: list[Any] = []
"""The objects and lists of the event that is being looked at: not while hypothesis puts them into one."""


def empty_armed() -> bool:
    """Empties all that holds the value that is being looked at, and holds it no longer."""
    kept: list[Any] = [({}, []) for _ in range(100)]
    del kept  # Python keeps up to 80 dicts and lists for reuse. With these kept, the ones below are really freed.
    while ARMED:
        container = ARMED.pop()
        (dict if isinstance(container, dict) else list).clear(container)
    return False

"""Members of objects, lists and texts, as a path in a Liquid template reads them.

Source: `readProperty` of liquidjs, with its option `ownPropertyOnly`, which is on by default.
"""

from __future__ import annotations

from typing import Any

from ..semantics.javascript import number_text, unit_count
from ..semantics.missing import MISSING
from ..semantics.property_access import readable

Container = dict[str, Any] | list[Any] | str


def member(container: Container, key: Any) -> Any:
    """The value at a key. Raises KeyError where there is none, which Liquid takes for nil."""
    if isinstance(container, list) and key in ("first", "last", "size"):
        return len(container) if key == "size" else _element(container, 0 if key == "first" else -1)
    if isinstance(container, list) and isinstance(key, int) and key < 0:
        return _element(container, key)
    name = key if isinstance(key, str) else _as_name(key)
    if container in ("", []):  # `readable` gives the empty text back for each of its members
        value: Any = 0 if name == "length" else MISSING
    else:
        value = container.get(name, MISSING) if isinstance(container, dict) else readable(container).get(name, MISSING)
    if value is MISSING and name == "size":
        return unit_count(container) if isinstance(container, str) else len(container)
    if value is MISSING:
        raise KeyError(key)
    return value


def _element(items: list[Any], index: int) -> Any:
    try:
        return items[index]
    except IndexError:
        raise KeyError(index) from None


def _as_name(key: Any) -> str:
    """The name that JavaScript makes of a number. Raises KeyError for any other value."""
    if isinstance(key, int | float) and not isinstance(key, bool):
        return number_text(key)
    raise KeyError(key)

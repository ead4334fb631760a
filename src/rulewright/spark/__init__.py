"""Rules on Apache Spark: events of a DataFrame in, requests and failures out, delivered with a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .delivery import Delivered, DeliveryStopped, dead_letters, deliver
    from .event_files import read_events
    from .frames import map_events, map_outcomes

_WHERE = {
    "Delivered": ".delivery",
    "DeliveryStopped": ".delivery",
    "dead_letters": ".delivery",
    "deliver": ".delivery",
    "map_events": ".frames",
    "map_outcomes": ".frames",
    "read_events": ".event_files",
}
"""Imported when first used: executors import this package too, and need neither the compiler nor a session."""

__all__ = ["Delivered", "DeliveryStopped", "dead_letters", "deliver", "map_events", "map_outcomes", "read_events"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        value = getattr(import_module(_WHERE[name], __name__), name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("pyspark", "pyarrow", "pandas"):
            raise
        message = f"{missing.name} is not installed; install it with `pip install 'rulewright[spark]'`"
        raise ModuleNotFoundError(message, name=missing.name) from None
    globals()[name] = value
    return value

"""Opt-outs: whether an event says that it must not go to a destination.

Segment decides this before a destination sees an event, so whoever takes the place of Segment decides it too. Sources:
Segment, "Filtering with the integrations object" and "Consent in Segment Connections" ("Reconcile consent conflicts").
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..frozen import dataclass
from .native import native
from .semantics.event import Event


@dataclass(frozen=True, slots=True)
class OptOuts:
    """What opts an event out of one destination."""

    names: tuple[str, ...]
    """The destination's own keys in an event's `integrations` object."""
    categories: tuple[str, ...] = ()
    """The consent categories of the destination: an event that says its preferences needs consent to all of them."""
    consent: ClassVar[tuple[str, ...]] = ("context", "consent", "categoryPreferences")
    """The path of the object in which an event says which consent categories its user has agreed to."""

    def reason(self, event: Event) -> str | None:
        """What opts the event out, as a sentence without a full stop; None where nothing does."""
        integrations = event.get("integrations")
        if isinstance(integrations, dict) and (key := self._of_integrations(integrations)):
            return key
        return self._of_consent(event) if self.categories else None

    def _of_integrations(self, integrations: dict[str, Any]) -> str | None:
        """An own key that is false opts out; so does `All`, unless an own key is true or holds options."""
        own = {name: integrations[name] for name in self.names if name in integrations}
        for name, value in own.items():
            if value is False:
                return f"{path_of(name)} is false"
        opts_in = any(value is True or isinstance(value, dict) for value in own.values())
        return None if opts_in or integrations.get("All") is not False else "integrations.All is false"

    def _of_consent(self, event: Event) -> str | None:
        """An event without preferences is not restricted; a category that the preferences leave out is refused."""
        value: Any = event
        for key in self.consent:
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, dict):
            return None
        refused = next((category for category in self.categories if value.get(category) is not True), None)
        return None if refused is None else f'there is no consent to "{refused}" in {".".join(self.consent)}'


def _holds_false(event: Event, key: str) -> bool:
    """Whether the object at a key of an event has `false` at some key of its own, as nearly none has.

    No method of a subclass is called. The answer is True as well when a key of the event cannot be compared.
    """
    try:
        value = dict.get(event, key)
    except Exception:
        return True
    return isinstance(value, dict) and any(held is False for held in dict.values(value))


holds_false = _holds_false if native is None else native.holds_false


def path_of(name: str) -> str:
    """The path of a key of `integrations`, as rules write it."""
    return f"integrations.{name}" if name.isidentifier() else f'integrations."{name}"'

"""User properties: what a campaign or a referrer adds, and how plain ones and operations keep out of each other's way.

Amplitude takes plain properties or operations (`$set`, `$add`, …) in one request, never both, and a property in one
operation only. Sources: Amplitude, Identify API; Segment, Amplitude (Actions) destination, section
"Set Once/Set Always fields".
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from ...action import ConflictPolicy
from ...fields.coercion import kind, shown
from ...outcome import Refused
from ...semantics.javascript import text_to_number
from .objects import UtmProperties

Properties = dict[str, Any]

OPERATIONS = frozenset(
    ("$set", "$setOnce", "$add", "$append", "$prepend", "$unset", "$preInsert", "$postInsert", "$remove", "$clearAll")
)
"""`$clearAll` is one of Amplitude's SDKs; all others are of the Identify API."""

INITIAL = {name: f"initial_{name}" for name in UtmProperties.model_fields}
"""The name of the first touch, by that of the last."""


def has_operations(properties: Properties) -> bool:
    """Whether one of Amplitude's operations is among the properties."""
    return not _no_operations(properties)


_no_operations = OPERATIONS.isdisjoint
_only_operations = OPERATIONS.issuperset


class Conflict:
    """Keeps plain properties and operations apart, by the policy of a mapping."""

    def __init__(self, policy: ConflictPolicy, checks: bool) -> None:
        self._apart = _APART[policy]
        self._checks = checks

    def within(self, properties: Properties, field: str = "user_properties") -> tuple[Properties, Properties | None]:
        """Properties for one request that never mix, and plain ones for a request of their own (`split` alone)."""
        plain = None
        if _no_operations(properties):
            return properties, None
        if not _only_operations(properties):
            mixed, properties = properties, {name: properties[name] for name in properties if name in OPERATIONS}
            plain = self._apart({name: mixed[name] for name in mixed if name not in OPERATIONS}, properties, field)
        if self._checks:
            _check_operations(properties, field)
        return properties, plain

    def beside(
        self,
        properties: Properties | None,
        operations: Properties,
        merged: Callable[[Properties, Properties], Properties],
    ) -> tuple[Properties, Properties | None]:
        """The same for user properties and operations of other fields, which may be changed.

        `merged` joins them where both have operations.
        """
        plain = None
        if properties:
            if not _no_operations(properties):
                return self.within(merged(properties, operations))
            plain = self._apart(properties, operations, "user_properties")
        if self._checks:
            _check_operations(operations, "user_properties")
        return operations, plain


def _reject(plain: Properties, operations: Properties, field: str) -> None:
    raise Refused(
        "mixed_user_properties",
        f"plain properties ({_names(plain)}) and operations ({_names(operations)}) cannot be in one request",
        field,
    )


def _fold(plain: Properties, operations: Properties, field: str) -> None:
    """Moves plain properties into `$set`, which means the same; what is explicitly set wins."""
    explicit = operation(operations, "$set", field)
    operations["$set"] = {**plain, **explicit} if explicit else plain


def _split(plain: Properties, operations: Properties, field: str) -> Properties:
    """Plain properties for a request of their own."""
    return plain


_APART: dict[ConflictPolicy, Callable[[Properties, Properties, str], Properties | None]] = {
    "reject": _reject,
    "fold": _fold,
    "split": _split,
}


def operation(properties: Properties, name: str, field: str = "user_properties") -> Properties:
    """The properties that one operation is on, none if it is not there."""
    value = properties.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused("bad_operation", f"must be an object but it is {kind(value)}: {shown(value)}", f"{field}.{name}")
    return value


def is_filled(properties: Properties) -> bool:
    """Whether an operation has anything but empty texts in it; Segment sends none that has not."""
    return any(value != "" for value in properties.values())


def touches(utm_properties: Properties | None, referrer: str | None) -> Properties:
    """The last touch as `$set` and the first touch as `$setOnce`, of a campaign and a referrer; empty for neither.

    The campaign's own object becomes the last touch.
    """
    if not utm_properties and not referrer:
        return {}
    last: Properties = utm_properties or {}
    first: Properties = {}
    for name in last:
        first[INITIAL[name]] = last[name]
    if referrer:
        last["referrer"] = first["initial_referrer"] = referrer
    return {"$set": last, "$setOnce": first}


def merge(under: Properties, over: Properties) -> Properties:
    """Both together: `over` wins, and `$set` and `$setOnce` are merged within."""
    merged = {**under, **over}
    for name in ("$set", "$setOnce"):
        if name in merged:
            merged[name] = {**operation(under, name), **operation(over, name)}
    return merged


def without_touches(properties: Properties | None) -> Properties:
    """Properties but for the two names that the touches stand for."""
    if not properties:
        return {}
    if "referrer" in properties or "utm_properties" in properties:
        return {key: value for key, value in properties.items() if key not in ("referrer", "utm_properties")}
    return properties


def merge_below(properties: Properties, touched: Properties) -> Properties:
    """Properties of an event with the touches of its campaign and referrer, which they win over."""
    return merge(touched, properties)


def _check_operations(operations: Properties, field: str) -> None:
    taken: list[tuple[str, Properties]] = []
    for name in operations:
        if name == "$clearAll":
            continue
        properties = operation(operations, name, field)
        if name == "$add":
            _check_numbers(properties, f"{field}.$add")
        for other, others in taken:
            if not others.keys().isdisjoint(properties):
                both = next(key for key in properties if key in others)
                raise Refused(
                    "property_in_two_operations",
                    f"`{both}` is in `{other}` and in `{name}`, and Amplitude takes a property in one operation only",
                    field,
                )
        taken.append((name, properties))


def _check_numbers(properties: Properties, field: str) -> None:
    """What is added to must be added to by a number, which a text may hold (Segment's page, "Increment Traits")."""
    for name, value in properties.items():
        if value is not None and value.__class__ not in (int, float) and not _holds_number(value):
            message = f"must be a number to be added, but it is {kind(value)}: {shown(value)}"
            raise Refused("bad_operation", message, f"{field}.{name}")


def _holds_number(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != "" and isfinite(text_to_number(value))


def _names(properties: Properties) -> str:
    names = [f"`{name}`" for name in properties]
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")

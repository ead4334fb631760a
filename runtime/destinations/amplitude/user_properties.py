"""Combines the plain user properties and the operations of several fields into what one request may hold.

Amplitude takes plain properties or operations (`$set`, `$add`, …) in one request, never both, and a property in one
operation only. Sources: Amplitude, Identify API; Segment, Amplitude (Actions) destination, sections
"Set Once/Set Always fields" and "Increment Traits".
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from sys import intern
from typing import Any

from ...action import ConflictPolicy
from ...fields.coercion import note_number_in_text
from ...fields.declaration import fields_of
from ...outcome import Refused
from ...repairs import note_repair
from ...semantics.description import json_type, shown
from ...semantics.javascript import as_double, exact_number
from ...semantics.object_keys import has_only
from .limits import inside
from .objects import UtmProperties
from .operation_names import OPERATIONS, has_operations, is_operation, unknown

Properties = dict[str, Any]
SettledProperties = tuple[Properties, Properties | None]
"""The properties of a request, and plain ones for a request of their own (`split` alone)."""

INITIAL = {field.name: intern(f"initial_{field.name}") for field in fields_of(UtmProperties)}
"""The name of the first touch, by that of the last. They are interned, as keys in rules are, so that C compares no
characters."""
LAST_TOUCH = ("referrer", *INITIAL)
FIRST_TOUCH = ("initial_referrer", *INITIAL.values())
"""The names that nearly all operations are on: `$set` on those of the last touch, `$setOnce` on those of the first."""
_TOUCHES = frozenset((*LAST_TOUCH, *FIRST_TOUCH))


_NUMERIC, _WHOLE = OPERATIONS.numeric, OPERATIONS.whole


class Conflict:
    """Keeps plain properties and operations out of one request, by the policy of a mapping (`on conflict`).

    With checks on, operations that Amplitude would not take raise Refused. `field` is the path that messages name.
    """

    def __init__(self, policy: ConflictPolicy, checks: bool) -> None:
        self.folds = policy == "fold"
        self._apart = _APART[policy]
        self._checks = checks

    def within(self, properties: Properties, field: str = "user_properties") -> SettledProperties:
        """The properties of one field, which may hold operations beside plain ones; the given object is not changed."""
        if not has_operations(properties):
            return properties, None
        plain, operations = _separated(properties, field)
        return self._settled(plain, operations, field)

    def beside(
        self, properties: Properties | None, operations: Properties, *, own_win: bool = False
    ) -> SettledProperties:
        """User properties combined with the operations of other fields; the object of the operations may be changed.

        If both have a value for the same property of the same operation, that of the other fields is sent; with
        `own_win`, that of the user properties.
        """
        if properties and has_operations(properties):
            properties, own = _separated(properties, "user_properties")
            operations = merge(operations, own) if own_win else merge(own, operations)
        return self._settled(properties, operations, "user_properties")

    def _settled(self, plain: Properties | None, operations: Properties, field: str) -> SettledProperties:
        if not operations:
            return plain or {}, None
        # Plain properties only join those that nothing is wrong with under names that no operation is on.
        checks = self._checks and not are_touches(operations)
        if checks:
            _check_names(operations, field)
        separate = self._apart(plain, operations, field) if plain else None
        if checks:
            _check_operations(operations, field)
        return operations, separate


def _separated(properties: Properties, field: str) -> tuple[Properties, Properties]:
    """Plain properties, and operations under the names that are sent; an operation on nothing is left out."""
    plain: Properties = {}
    operations: Properties = {}
    for name, value in properties.items():
        if not is_operation(name):
            plain[name] = value
            continue
        sent = OPERATIONS.names.get(name)
        if sent is None:
            raise Refused("unknown_operation", unknown(name), f"{field}.{name}")
        if sent in _NUMERIC and isinstance(value, dict):
            value = numbers_of(value)
        if value is not None and value != {}:
            given = {sent: value}
            operations = merge(operations, given, field) if name == sent else merge(given, operations, field)
    return plain, operations


def _reject(plain: Properties, operations: Properties, field: str) -> None:
    raise Refused(
        "mixed_user_properties",
        f"plain properties ({_names(plain)}) and operations ({_names(operations)}) cannot be in one request",
        field,
    )


def _fold(plain: Properties, operations: Properties, field: str) -> None:
    """Moves plain properties into `$set`, which means the same; the operation that a property is in wins."""
    explicit = operation(operations, "$set", field)
    names = plain.keys()
    for name, changed in operations.items():
        if name != "$set" and changed.__class__ is dict and not names.isdisjoint(changed):
            plain = _without(plain, operations, name, field)
    folded = {**plain, **explicit} if explicit else plain
    if len(folded) < len(plain) + len(explicit):
        _without(plain, operations, "$set", field)
    if folded:
        operations["$set"] = folded


def _split(plain: Properties, operations: Properties, field: str) -> Properties | None:
    """Plain properties for a request of their own; one that is added to must not be set each time before."""
    return _without(plain, operations, "$add", field) or None


_APART: dict[ConflictPolicy, Callable[[Properties, Properties, str], Properties | None]] = {
    "reject": _reject,
    "fold": _fold,
    "split": _split,
}


def _without(plain: Properties, operations: Properties, name: str, field: str) -> Properties:
    """Plain properties but for those that an operation is on, which are noted where the value differs."""
    changed = operations.get(name)
    if not isinstance(changed, dict) or changed.keys().isdisjoint(plain):
        return plain
    for key in changed:
        if key in plain and (name != "$set" or plain[key] != changed[key]):
            note_repair(OVERRIDDEN, f"{shown(plain[key])} is left out; `{name}` has the property too", f"{field}.{key}")
    return {key: value for key, value in plain.items() if key not in changed}


OVERRIDDEN = "property_overridden"
"""The code of the repair that leaves one of two values for a property out."""


def operation(properties: Properties, name: str, field: str = "user_properties") -> Properties:
    """The properties that an operation changes; empty without the operation. Raises Refused if it is not an object."""
    value = properties.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(
            "bad_operation", f"must be an object but it is {json_type(value)}: {shown(value)}", f"{field}.{name}"
        )
    return value


def operations_of(set_once: Properties | None, set_always: Properties | None, add: Properties | None) -> Properties:
    """The fields `setOnce`, `setAlways` and `add` as operations by their names; a field without a value gives none."""
    # Nearly always there is a referrer, or something else that is true, which are the shorter questions.
    operations: Properties = {}
    if set_once and (set_once.get("initial_referrer") or any(set_once.values()) or _is_filled(set_once)):
        operations["$setOnce"] = set_once
    if set_always and (set_always.get("referrer") or any(set_always.values()) or _is_filled(set_always)):
        operations["$set"] = set_always
    if add and (numbers := numbers_of(add)) and _is_filled(numbers):
        operations["$add"] = numbers
    return operations


def _is_filled(properties: Properties) -> bool:
    """Whether an operation has anything but empty texts in it; Segment sends none that has not."""
    return any(value != "" for value in properties.values())


def numbers_of(added: Properties) -> Properties:
    """The numbers that are added, by property; a property with null is left out."""
    return {name: value for name, value in added.items() if value is not None} if None in added.values() else added


def touches(utm_properties: Properties | None, referrer: str | None) -> Properties:
    """The operations for a campaign and a referrer: `$set` of the last touch and `$setOnce` of the first one.

    Empty if neither has a value. The given object of the campaign is changed, and becomes the last touch.
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


def merge(under: Properties, over: Properties, field: str = "user_properties") -> Properties:
    """The operations of both, with the properties of both; of two values for one, `over` wins, which is noted."""
    merged = {**under, **over}
    for name in over:
        if name in under and name not in _WHOLE:
            hidden, winning = operation(under, name, field), operation(over, name, field)
            for key in winning:
                if key in hidden and hidden[key] != winning[key]:
                    message = f"{shown(hidden[key])} is left out; `{name}` has another value for the property"
                    note_repair(OVERRIDDEN, message, f"{field}.{name}.{key}")
            merged[name] = {**hidden, **winning}
    return merged


def are_touches(operations: Properties) -> bool:
    """Whether operations set only the last and the first touch, and so need no check."""
    get = operations.get
    return len(operations) == 2 and has_only(get("$set"), LAST_TOUCH) and has_only(get("$setOnce"), FIRST_TOUCH)


def without_touches(properties: Properties | None, touched: Properties) -> Properties:
    """Properties without `referrer` and `utm_properties`, whose fields are sent instead; another value is noted."""
    if not properties:
        return {}
    if "referrer" not in properties and "utm_properties" not in properties:
        return properties
    for name in ("referrer", "utm_properties"):
        value = properties.get(name)
        if value is not None and value != touched["$set"].get(name):
            message = f"{shown(value)} is left out; the fields of the campaign and the referrer are sent"
            note_repair(OVERRIDDEN, message, f"user_properties.{name}")
    return {key: value for key, value in properties.items() if key not in ("referrer", "utm_properties")}


def _check_names(operations: Properties, field: str) -> None:
    """No operation holds another one, which is seen before plain properties join them."""
    for name, properties in operations.items():
        if properties.__class__ is dict and not _TOUCHES.issuperset(properties) and has_operations(properties):
            inner = next(filter(is_operation, properties))
            message = f"begins with `$`, as operations do, and cannot be inside `{name}`"
            raise Refused("bad_operation", message, f"{field}.{name}.{inner}")


def _check_operations(operations: Properties, field: str) -> None:
    taken: list[tuple[str, Properties]] = []
    for name, properties in operations.items():
        if name in _WHOLE:
            continue
        if properties.__class__ is not dict:
            operation(operations, name, field)
        if name in _NUMERIC:
            operations[name] = properties = _as_numbers(properties, f"{field}.{name}")
        for first, others in taken:
            if not others.keys().isdisjoint(properties):
                key = next(key for key in properties if key in others)
                raise Refused(
                    "property_in_two_operations",
                    f"`{key}` is in `{first}` and in `{name}`, and Amplitude accepts a property in one operation only",
                    field,
                )
        taken.append((name, properties))


def _as_numbers(properties: Properties, field: str) -> Properties:
    """What is added to, with the numbers that texts hold (Segment's page, "Increment Traits": a numerical value).

    The same object where all are numbers. Text that is not the number in decimal digits is noted. Raises Refused.
    """
    if all(value.__class__ in (int, float) and isfinite(as_double(value)) for value in properties.values()):
        return properties
    return {name: _as_number(value, inside(field, name)) for name, value in properties.items()}


def _as_number(value: Any, field: str) -> int | float:
    number = exact_number(value) if isinstance(value, str) and value.strip() else value
    if number.__class__ not in (int, float) or not isfinite(as_double(number)):
        wanted = "a finite number" if json_type(value) == "a number" else "a number"
        message = f"must be {wanted} to be added, but it is {json_type(value)}: {shown(value)}"
        raise Refused("bad_operation", message, field)
    if number is not value:
        note_number_in_text(value, number, field)
    return number


def _names(properties: Properties) -> str:
    names = [f"`{name}`" for name in properties]
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")

"""Amplitude's limits, and the IDs, times and groups that are refused or left out because of them.

Source: Amplitude, HTTP V2 API and Batch Event Upload API ("Request limits", "Device IDs and user IDs minimum length",
"Invalid IDs", "Keys for the event argument"), Identify API and Group Identify API; Amplitude's SDKs (event
types of identify calls). As there, the length of a string is in characters, and the size of a body in bytes.
"""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

from ...fields.coercion import note_blank
from ...outcome import Refused
from ...repairs import note_repair
from ...semantics.blank import is_blank, seen_part
from ...semantics.description import shown
from ...semantics.javascript import as_double
from .operation_names import OPERATIONS
from .settings import BeyondLimit

SHORTEST_ID = 5
LONGEST_STRING = 1024
DEEPEST = 40
MOST_GROUPS = 5
MOST_GROUP_VALUES = 10
MOST_GROUP_PROPERTIES = 1_024
MOST_EVENTS = 2_000
LARGEST_BODY = 1_000_000
LARGEST_BATCH = 20_000_000
_LONGEST_KEY = 100
"""Characters of a key that a path shows."""
_WORDS_FOR_NOBODY = frozenset(
    ("anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown", "", "{}", "lmy47d", "0", "-1")
)
_LONGER_THAN_WORDS = 1 + max(map(len, _WORDS_FOR_NOBODY))
SURELY_LONG_ID = max(SHORTEST_ID, _LONGER_THAN_WORDS)
"""An ID of this many characters is long enough and none of those words, unless it begins with two zeros or has
blanks around it."""
_BOOLEANS = ("true", "false")
"""Amplitude accepts these words, but they are booleans that became text, and would merge unrelated users."""
FORBIDDEN_IDS = _WORDS_FOR_NOBODY | {"00000000-0000-0000-0000-000000000000"}
"""Whether Amplitude minds the case is not documented; here any case is refused."""

PLACE = {"location_lat": ("latitude", 90), "location_lng": ("longitude", 180)}
"""The fields of a location, each with what it is and the most degrees that it has."""

RESERVED_EVENTS = {
    **dict.fromkeys(
        (
            "[Amplitude] Start Session",
            "[Amplitude] End Session",
            "[Amplitude] Revenue",
            "[Amplitude] Revenue (Verified)",
            "[Amplitude] Revenue (Unverified)",
            "[Amplitude] Merged User",
        ),
        "is the name of an event of Amplitude's own",
    ),
    "$identify": "is read as an identify call, which is not an event; use `identifyUser`",
    "$groupidentify": "is read as a call that identifies a group, which is not an event; use `groupIdentifyUser`",
}
"""Names that no event of another kind may have, and what each of them is to Amplitude."""

LIMITS = {
    "no_id": "an event has a user ID or a device ID, a user mapping both of its IDs",
    "short_id": f"an ID has at least {SHORTEST_ID} characters, or as many as `min_id_length` says",
    "min_id_length": "`min_id_length` is greater than 0; another number has no effect, with a warning",
    "forbidden_id": "an ID is not a word that means nobody, in any case, also with blanks around it: "
    + ", ".join(f"`{word}`" for word in sorted(FORBIDDEN_IDS.union(_BOOLEANS)) if word),
    "reserved_event": "the name of an event is not one that Amplitude reserves: "
    + ", ".join(f"`{name}`" for name in RESERVED_EVENTS),
    "not_a_time": "a time is not before 1970",
    "not_a_place": "a latitude is from -90 to 90 degrees, a longitude from -180 to 180; "
    "another number is sent, with a warning",
    "too_deep": f"objects are nested at most {DEEPEST} deep, operations not counted (`deepObjects`)",
    "nested_list": "a list holds no list (`nestedLists`)",
    "not_a_group": "a group is named by text or a number",
    "too_many_groups": f"an event belongs to groups of at most {MOST_GROUPS} types (`extraGroups`)",
    "too_many_group_values": f"an event belongs to at most {MOST_GROUP_VALUES} groups of one type (`extraGroups`)",
    "long_string": f"a string has at most {LONGEST_STRING:,} characters (`longStrings`)",
    "long_id": f"the ID of a user, a device, an event or a group has at most {LONGEST_STRING:,} characters; "
    "a group of an event that is longer is left out (`extraGroups`)",
    "too_many_properties": f"a request sets at most {MOST_GROUP_PROPERTIES:,} properties of groups (`largeBodies`)",
    "not_finite": "a number is finite (`nonFiniteNumbers`)",
    "body_too_large": f"a body has at most {MOST_EVENTS:,} events and {LARGEST_BODY:,} bytes, "
    f"{LARGEST_BATCH:,} bytes for the batch endpoint (`largeBodies`)",
    "mixed_user_properties": "plain properties and operations are not in one request (unless `on conflict` says how)",
    "unknown_operation": "a property whose name begins with `$` is one of the operations "
    + ", ".join(f"`{name}`" for name in OPERATIONS.names),
    "property_in_two_operations": "a property is in one operation only",
    "property_overridden": "one value is sent for a property: the operation wins over the plain property, and a field "
    "over the same operation in `user_properties`; the other value is left out with a warning",
    "bad_operation": "an operation on properties is an object, and `$add` holds numbers",
}
"""What Amplitude takes, by the code of the failure or the warning where a value is beyond it.

A setting in parentheses chooses between both. The last five are of `user_properties.py`.
"""


def check_ids(user_id: str | None, device_id: str | None, min_id_length: int | None) -> None:
    """Raises Refused unless a user or a device ID has a value, and Amplitude accepts each that has one.

    `min_id_length` is the least number of characters that a request asks for; None for Amplitude's own.
    """
    shortest = SHORTEST_ID if min_id_length is None else shortest_id(min_id_length)
    # Nearly all IDs are longer than any of the words and do not begin with a zero, which is the fastest test.
    usual = shortest if shortest > _LONGER_THAN_WORDS else _LONGER_THAN_WORDS
    if user_id:
        if len(user_id) < usual or user_id[0] == "0" or not _begins_and_ends_seen(user_id):
            check_id(user_id, "user_id", shortest)
    elif not device_id:
        raise Refused("no_id", "has no value and neither has `device_id`; Amplitude needs one of them", "user_id")
    if device_id and (len(device_id) < usual or device_id[0] == "0" or not _begins_and_ends_seen(device_id)):
        check_id(device_id, "device_id", shortest)


def _begins_and_ends_seen(value: str) -> bool:
    """Whether both ends of a text are visible ASCII characters, which is faster than a look at all characters."""
    return "!" <= value[0] <= "~" and "!" <= value[-1] <= "~"


def is_nobody(value: str) -> bool:
    """Whether an ID is a word for nobody, such as `null`; Amplitude ignores case and blanks around it."""
    return seen_part(value).lower() in FORBIDDEN_IDS


def check_id(value: str, field: str, shortest: int = SHORTEST_ID) -> None:
    """Raises Refused for an ID of fewer than `shortest` characters, a word for nobody, and the word of a boolean."""
    if is_nobody(value):
        raise Refused("forbidden_id", f"{shown(value)} identifies nobody, and Amplitude never accepts it", field)
    if seen_part(value).lower() in _BOOLEANS:
        raise Refused("forbidden_id", f"{shown(value)} is the text of a boolean, which identifies nobody", field)
    if len(value) < shortest:
        raise Refused(
            "short_id",
            f"{shown(value)} is shorter than {shortest} characters (`min_id_length` lowers that limit)",
            field,
        )


def shortest_id(min_id_length: int | None) -> int:
    """The least number of characters of an ID; an option that is not above 0 has no effect, which is noted."""
    if min_id_length is None:
        return SHORTEST_ID
    if min_id_length > 0:
        return min_id_length
    message = (
        f"{min_id_length} has no effect, because it is not greater than 0: an ID has at least {SHORTEST_ID} characters"
    )
    note_repair("min_id_length", message, "min_id_length")
    return SHORTEST_ID


def check_event_type(name: str) -> None:
    """Raises Refused for a name that Amplitude reserves: the event would be counted as another one, or not at all."""
    if (meaning := RESERVED_EVENTS.get(name)) is not None:
        raise Refused("reserved_event", f"{shown(name)} {meaning}", "event_type")


def check_time(time: int, given: Any, field: str) -> None:
    """Raises Refused for a time before 1970, in milliseconds; `given` is the value that the message shows."""
    if time < 0:
        raise Refused("not_a_time", f"{shown(given)} is a time before 1970", field)


def note_place(event: dict[str, Any]) -> None:
    """Notes a repair for a location that is not on earth. It is sent unchanged, because Amplitude documents no range.

    `fitted` handles numbers that are not finite.
    """
    for field, (name, most) in PLACE.items():
        value = event.get(field)
        if value is not None and isfinite(as_double(value)) and not -most <= value <= most:
            message = f"{shown(value)} is sent, but a {name} is from -{most} to {most} degrees"
            note_repair("not_a_place", message, field)


def tracked_groups(groups: dict[str, Any], extra: BeyondLimit = "repair") -> dict[str, Any]:
    """The groups that Amplitude tracks, by type: the first 5 types, each with its first 10 values.

    Further ones are left out and noted; with `refuse`, they raise Refused. A type or a value that is blank, an object
    or too long names no group, and is left out; with `refuse`, a long one stays, and is refused like any long ID. The
    given object is returned if it is within the limits, and never changed. Source: Segment, Amplitude (Actions)
    destination, field "Groups": "Any groups past that threshold will not be tracked."
    """
    field = "groups"
    tracked = groups = _named_groups(groups, field, extra)
    if len(groups) > MOST_GROUPS:
        if extra == "refuse":
            raise Refused("too_many_groups", f"has {len(groups)} types of groups and may have {MOST_GROUPS}", field)
        names = list(groups)
        tracked = {name: groups[name] for name in names[:MOST_GROUPS]}
        for name in names[MOST_GROUPS:]:
            message = f"{shown(groups[name])} is left out; Amplitude tracks groups of {MOST_GROUPS} types"
            note_repair("too_many_groups", message, inside(field, name))
    for name, values in tracked.items():
        if isinstance(values, list) and len(values) > MOST_GROUP_VALUES:
            if extra == "refuse":
                message = f"has {len(values)} groups of one type and may have {MOST_GROUP_VALUES}"
                raise Refused("too_many_group_values", message, inside(field, name))
            if tracked is groups:
                tracked = {**groups}
            tracked[name] = values[:MOST_GROUP_VALUES]
            left_out = shown(values[MOST_GROUP_VALUES:])
            message = f"{left_out} is left out; Amplitude tracks {MOST_GROUP_VALUES} groups of one type"
            note_repair("too_many_group_values", message, inside(field, name))
    return tracked


def _named_groups(groups: dict[str, Any], field: str, extra: BeyondLimit) -> dict[str, Any]:
    """The groups without what names none: blank types and values, objects, lists in lists, NaN, text that is too long.

    What is left out is noted, except for null and empty text.
    """
    named = {}
    too_long = LONGEST_STRING if extra == "repair" else inf
    for name, values in groups.items():
        items = values if isinstance(values, list) else [values]
        is_named = _names_group(name, too_long)
        kept = [item for item in items if _names_group(item, too_long)] if is_named else []
        if kept:
            named[name] = kept if isinstance(values, list) and len(kept) < len(items) else values
        path = inside(field, name)
        for item in items if is_named else [name]:
            if isinstance(item, str) and len(item) > too_long:
                message = f"{shown(item)} is left out; it has {len(item):,} characters and may have {LONGEST_STRING:,}"
                note_repair("long_id", message, path)
            elif _is_other(item):
                note_repair("not_a_group", f"{shown(item)} is left out; text or a number names a group", path)
            elif item and is_blank(item):
                note_blank(item, path)
    return groups if named == groups else named


def _names_group(value: Any, too_long: float) -> bool:
    if isinstance(value, str) and len(value) > too_long:
        return False
    return not _is_other(value) and not is_blank(value)


def _is_other(value: Any) -> bool:
    if isinstance(value, int | float):
        return not isfinite(as_double(value))
    return isinstance(value, dict | list)


def inside(path: str, key: str) -> str:
    """The path of a key below another path; a key of more than 100 characters is cut."""
    return f"{path}.{key if len(key) <= _LONGEST_KEY else key[: _LONGEST_KEY - 1] + '…'}"

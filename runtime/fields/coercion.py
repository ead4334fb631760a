"""Converts values to the declared type of their field, or refuses them with a message that shows the value.

Follows what Segment does before an action sees a payload: empty values are removed, then its JSON schema
validator coerces. Sources: the package `@segment/actions-core` (its removal of empty values, its schema from
fields) and the page "Type coercion rules" of Ajv, with the option `coerceTypes: "array"`.

Each function of a type takes any value of an event and the path of the field, which messages name. It raises Refused
with the code `wrong_type` for a value that it cannot convert.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, isinf, isnan
from typing import Any

from ..outcome import Refused
from ..repairs import note_repair
from ..semantics.blank import is_blank
from ..semantics.dates import NO_TIME, iso_text, read_time
from ..semantics.description import json_type, shown
from ..semantics.javascript import as_double, as_number, exact_number, is_decimal, number_text
from ..semantics.json_values import described
from ..semantics.missing import MISSING
from .field import Field


def string(value: Any, field: str) -> str:
    """Text: numbers and booleans are written out, null is empty text, a list of one item is that item.

    A boolean is noted, because it is probably a mistake. NaN and Infinity are refused: as an ID, they would merge
    unrelated users.
    """
    value = _alone(value)
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "true" if value else "false"
        note_repair("boolean_as_text", f'{text} is sent as the text "{text}"', field)
        return text
    if isinstance(value, int | float) and (isinstance(value, int) or isfinite(value)):
        return number_text(value)
    raise _wrong("a string", value, field)


def number(value: Any, field: str) -> int | float:
    """A number: from a number, numeric text, a boolean (0 or 1), null (0), or a list of one such item.

    A boolean and text in another base than 10 (`0x10`) are noted. NaN and Infinity pass, also `"Infinity"` as text: the
    destination repairs or refuses them.
    """
    value = _alone(value)
    if value is None:
        return 0
    if isinstance(value, int):
        return _whole(value, field)
    if isinstance(value, float):
        return value
    if isinstance(value, str) and value and not isnan(read := exact_number(value)):
        note_number_in_text(value, read, field)
        return read
    raise _wrong("a number", value, field)


def integer(value: Any, field: str) -> int | float:
    """A whole number, converted as `number` does: 3.0 becomes 3, 3.5 is refused, and NaN and Infinity pass."""
    value = _alone(value)
    if value is None:
        return 0
    if isinstance(value, int):
        return _whole(value, field)
    if isinstance(value, float) and (value.is_integer() or not isfinite(value)):
        return as_number(value) if isfinite(value) else value
    if isinstance(value, str) and value:
        read = exact_number(value)
        if isinf(read) or (not isnan(read) and read == int(read)):
            note_number_in_text(value, read, field)
            return read
    raise _wrong("a whole number", value, field)


def _whole(value: int, field: str) -> int:
    if isinstance(value, bool):
        note_repair("boolean_as_number", f"{shown(value)} is sent as the number {int(value)}", field)
    return int(value)


def boolean(value: Any, field: str) -> bool:
    """A boolean: from a boolean, the texts "true" and "false", 1 and 0, null (false), or a list of one such item."""
    value = _alone(value)
    if value is True or value is False:
        return bool(value)
    if value is None:
        return False
    if isinstance(value, int | float) and value in (0, 1):
        return value == 1
    if value in ("true", "false"):
        return bool(value == "true")
    raise _wrong("true or false", value, field)


def datetime(value: Any, field: str) -> Any:
    """The value itself. Refuses only what `time_given` refuses: blank text and null pass."""
    if read_time(value).form == "not a time":
        raise _not_a_time(value, field)
    return value


def time_given(value: Any, field: str, *, takes_none: bool = False) -> int | None:
    """Milliseconds since 1970 of a time in any form (`semantics/dates.py`); None for an unknown time or empty text.

    0 and -1 mean that the time is unknown; with `takes_none`, -1 is kept. The size of a number tells its unit: seconds,
    milliseconds, microseconds or nanoseconds. Both an unknown time and another unit than milliseconds are noted as
    repairs. Raises Refused for a value that is not a time.
    """
    time, form = read_time(value)
    if form == "empty" and _alone(value):
        note_blank(value, field)
    if form in ("exact", "empty") or (takes_none and time == NO_TIME):
        return time
    if form == "not a time":
        raise _not_a_time(value, field)
    if time is None or time == NO_TIME:
        note_repair("no_time", f"{shown(value)} marks a missing time and is left out", field)
        return None
    note_repair(f"time_in_{form}", f"{shown(value)} is read as {form} since 1970: {iso_text(time)}", field)
    return time


def _not_a_time(value: Any, field: str) -> Refused:
    is_number = json_type(value) == "a number"
    return _wrong("a time in milliseconds or seconds since 1970," if is_number else "a time", value, field)


def object_(value: Any, field: str) -> dict[str, Any]:
    """An object; no other value is converted to one."""
    if value.__class__ is dict:
        return value
    raise _wrong("an object", value, field)


BY_TYPE: dict[str, Callable[[Any, str], Any]] = {
    "string": string,
    "number": number,
    "integer": integer,
    "boolean": boolean,
    "datetime": datetime,
    "object": object_,
}


def coerce(field: Field, value: Any) -> Any:
    """The value of a field at the top of a payload; MISSING if the field is left out.

    A field is left out if its value is missing, empty text or, unless the field is nullable, null; a text also for a
    list with one such item, and an ID, a name or a number also for blank text. The event's own objects are never
    changed: an object with known keys is copied. Raises Refused for a value that cannot be converted to the field's
    type, or is not among its choices.
    """
    if field.type == "string" and not field.multiple and value.__class__ is list and value in ([None], [""]):
        value = value[0]
    if value is MISSING or (value.__class__ is str and not value):
        return MISSING
    if value is None:
        return None if field.nullable else MISSING
    if _is_unseen(field, value, field.name):
        return MISSING
    if field.nullable and value.__class__ is list and len(value) == 1:
        return _nullable_in_list(field, value)
    if not field.multiple:
        return _of_type(field, value, field.name)
    items = value if value.__class__ is list else [value]
    # Numbered as they came, so that a failure names the item that the author sees.
    return [_of_type(field, item, f"{field.name}[{at}]") for at, item in enumerate(items) if not _is_empty(field, item)]


def _nullable_in_list(field: Field, value: list[Any]) -> Any:
    """The one item of a list for a field that takes null as well: Ajv takes it only as what it can be made to be."""
    item = value[0]
    if item == "" or (field.type != "string" and item == 0 and item is not False):
        return None
    if item.__class__ in _NOT_CONVERTED[field.type]:
        raise _wrong(f"{_NOUNS[field.type]} or null", value, field.name)
    return _of_type(field, item, field.name)


def coerce_inside(field: Field, value: Any, path: str) -> Any:
    """The value of a key of an object; MISSING if the key is left out. A nullable key keeps null.

    A key is left out if its value is missing, null or, unless its type is text or a time, empty text; an ID, a name or
    a number also for blank text. This holds in an item of a list too, where Segment's schema makes zeros of them: a
    price of 0 would hide the revenue of a product. Raises Refused as `coerce` does.
    """
    if value is None and field.nullable:
        return None
    if value is MISSING or _is_empty(field, value):
        return MISSING
    if _is_unseen(field, value, path):
        return MISSING
    return _of_type(field, value, path)


_NOUNS = {"string": "a string", "integer": "a whole number"}
"""What a field that takes null takes besides; no other type has such a field."""
_NUMBERS = ("number", "integer")
_NOT_CONVERTED = {"string": (str, list), "integer": (int, float, list)}


def missing_required(field: str) -> Refused:
    """The refusal of a payload whose required field has no value."""
    return Refused("missing_field", "is required and has no value", field)


def _of_type(field: Field, value: Any, path: str) -> Any:
    if field.type == "object" and field.fields:
        return _known_object(field, object_(value, path), path)
    value = BY_TYPE[field.type](value, path)
    if field.choices and value not in field.choices:
        choices = ", ".join(map(shown, field.choices))
        raise Refused("not_a_choice", f"must be one of {choices} but it is {shown(value)}", path)
    return value


def _known_object(field: Field, value: dict[str, Any], path: str) -> dict[str, Any]:
    known = {inner.name: inner for inner in field.fields}
    result = {}
    for key, item in value.items():
        inner = known.get(key)
        if inner is None:
            if field.open:
                result[key] = item
        elif item is None and inner.nullable:
            result[key] = None
        elif not _is_empty(inner, item) and not _is_unseen(inner, item, f"{path}.{key}"):
            result[key] = _of_type(inner, item, f"{path}.{key}")
    return result


def _is_empty(field: Field, value: Any) -> bool:
    """Whether Segment removes the value below the top: null, and empty text if the field is not a text."""
    return value is None or (value.__class__ is str and not value and field.type not in ("string", "datetime"))


def _is_unseen(field: Field, value: Any, path: str) -> bool:
    """Whether the value of an ID, a name or a number is blank; text that is left out although it is not empty is noted.

    To Segment a blank number is 0, which is a price and a place on earth.
    """
    if not (field.visible or (field.type in _NUMBERS and not field.nullable)) or not is_blank(value):
        return False
    if _alone(value):
        note_blank(value, path)
    return True


def note_blank(value: Any, path: str) -> None:
    """Notes a repair: blank text is left out where an ID, a name, a number or a time was expected."""
    note_repair("blank_text", f"{shown(value)} is blank and is left out", path)


def note_number_in_text(text: str, number: int | float, path: str) -> None:
    """Notes a repair: JavaScript reads `0x10` as a number, which is probably not a number to the sender.

    Nothing is noted of decimal text, nor of Infinity, which the destination repairs or refuses.
    """
    if isfinite(as_double(number)) and not is_decimal(text):
        note_repair("number_in_text", f"{shown(text)} is sent as the number {number_text(number)}", path)


def _alone(value: Any) -> Any:
    return value[0] if value.__class__ is list and len(value) == 1 else value


def _wrong(wanted: str, value: Any, field: str) -> Refused:
    kind = json_type(value)
    if kind != described(value):
        kind = f"{kind}: {shown(value)}"
    return Refused("wrong_type", f"must be {wanted} but it is {kind}", field)

"""JavaScript's conversions, where Segment's own code makes them visible to users.

Values are those of JSON and MISSING, which stands for `undefined`. Numbers are int or float. One rule is not
JavaScript's: a whole number (an int) keeps all its digits, where JavaScript rounds it to a double beyond 2⁵³ and so
gives two users one ID. A float is a double in both languages. Source: the ECMAScript language specification, "Type
Conversion", "Number::toString" and "JSON.stringify"; a table that Node wrote holds each rule to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, islice
from json.encoder import encode_basestring
from math import inf, isfinite, isnan, nan
from typing import Any

from .json_values import MANY_STEPS, not_json, require_end, taken_from
from .missing import MISSING, Missing

WHITESPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What `trim` and number parsing take off. Python's `strip` takes off other characters: also U+001C to U+001F and
U+0085, but not U+FEFF."""

LARGEST_EXACT = 2**53
"""Up to here every integer is a double of its own, and its text is its digits."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_RADIX = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+", re.ASCII)
_INFINITY = {"Infinity": inf, "+Infinity": inf, "-Infinity": -inf}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST_INDEX = 2**32 - 2
_MOST_DIGITS = 308
"""A whole number with this many digits is below the largest double."""
_LARGEST_STR = 10**4000
"""Below this, `str` writes a number of any Python; above it, Python may refuse to (`sys.set_int_max_str_digits`)."""


def as_double(value: int | float) -> float:
    """The double that JavaScript holds for a number; an int beyond the largest double is infinite."""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def as_number(value: float) -> int | float:
    """The same number, as int when it is whole and exact, so that its JSON text has no `.0`."""
    if -LARGEST_EXACT <= value <= LARGEST_EXACT and value == int(value):
        return int(value)
    return value


def number_text(value: int | float) -> str:
    """`String(number)`: `5.0` is `5`, `1e21` is `1e+21`, `-0.0` is `0`. An int is its digits, however many."""
    if isinstance(value, int):
        return str(value) if -_LARGEST_STR < value < _LARGEST_STR else str(Decimal(value))
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Digits with the decimal point after the first `point` of them, as Number::toString writes it."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    exponent = f"e{point - 1:+d}"
    return f"{digits[0]}.{digits[1:]}{exponent}" if count > 1 else digits + exponent


def text(value: Any) -> str:
    """`String(value)`: a list is its items with commas between, an object is `[object Object]`, MISSING is `undefined`.

    Null and missing items of a list are empty. Raises ValueFailure for a value that is not a JSON value.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list):
        return _list_text(value)
    if isinstance(value, dict):
        return "[object Object]"
    if value is MISSING:
        return "undefined"
    raise not_json(value)


def _list_text(items: list[Any]) -> str:
    """The items of nested lists read as those of one list; an empty list inside is one item without text."""
    pieces: list[str] = []
    pending = items[::-1]
    for item in taken_from(pending, items):
        if isinstance(item, list) and item:
            pending.extend(reversed(item))
        else:
            pieces.append("" if item is None or item is MISSING else text(item))
    return ",".join(pieces)


def template_text(value: Any) -> str:
    """What a template writes for `{{ value }}`: nothing for missing and null, else `String(value)` (see `text`)."""
    if value.__class__ is str:
        return value
    return "" if value is None or value is MISSING else text(value)


def text_to_number(value: str) -> int | float:
    """`Number(text)`: white space around it is ignored, empty text is 0, and text that is not a number is NaN."""
    bare = value.strip(WHITESPACE)
    if not bare:
        return 0
    if _DECIMAL.fullmatch(bare):
        return as_number(float(bare))
    if _RADIX.fullmatch(bare):
        return as_number(as_double(int(bare, 0)))
    return _INFINITY.get(bare, nan)


def exact_number(value: str) -> int | float:
    """`Number(text)`, except that a whole number in decimal digits keeps them all, up to 308 characters."""
    bare = value.strip(WHITESPACE)
    if len(bare) <= _MOST_DIGITS and _WHOLE.fullmatch(bare):
        return int(bare)
    return text_to_number(value)


def is_decimal(value: str) -> bool:
    """Whether a text is a number in decimal digits, with a fraction or an exponent or without: not `0x10`, `Infinity`
    or empty text, which not every language reads as numbers."""
    return _DECIMAL.fullmatch(value.strip(WHITESPACE)) is not None


def equals_empty_text(value: Any) -> bool:
    """`value == ""`, loosely: true for `""`, 0, false and a list whose text is empty, but not for null."""
    if isinstance(value, str):
        return not value
    if isinstance(value, int | float):
        return value == 0
    return isinstance(value, list) and not _list_text(value)


def list_index(key: str) -> int | None:
    """The index that a property key is for a list, or None: `"0"` and `"12"`, not `"01"`, `"-1"`, `"1.0"`."""
    if not key.isdigit() or not key.isascii() or len(key) > 10 or (key[0] == "0" and key != "0"):
        return None
    index = int(key)
    return index if index <= _LARGEST_INDEX else None


def keys_in_order(value: dict[str, Any]) -> Iterable[str]:
    """Keys as JavaScript walks them: those that are list indexes first, by size, then the rest in turn."""
    indexes = [key for key in value if key[:1].isdigit() and list_index(key) is not None]
    if not indexes:
        return value
    indexes.sort(key=int)
    apart = set(indexes)
    return indexes + [key for key in value if key not in apart]


class _Json(str):
    """Text that is JSON already, among values that are still to be written."""

    __slots__ = ()


def json_text(value: Any) -> str | Missing:
    """`JSON.stringify(value)`, at any depth; MISSING for MISSING, which is left out of an object, and null in a list.

    NaN and Infinity are null. Raises ValueFailure for a value that is not a JSON value, or that holds itself.
    """
    if isinstance(value, Missing):
        return value
    pieces = _json_pieces(value)
    beginning = "".join(islice(pieces, MANY_STEPS))
    following = next(pieces, "")
    if not following:
        return beginning
    require_end(value)
    return "".join(chain((beginning, following), pieces))


def json_beginning(value: Any, length: int) -> str:
    """The beginning of `JSON.stringify(value)`: all of it, or more than `length` characters. MISSING is `null`.

    Ends also for a value that holds itself. Raises ValueFailure for a value that is not a JSON value.
    """
    written = ""
    for piece in _json_pieces(value):
        written += piece
        if len(written) > length:
            break
    return written


def _json_pieces(value: Any) -> Iterator[str]:
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if item.__class__ is _Json:
            yield item
        elif isinstance(item, dict):
            pending.extend(reversed(_object_parts(item)))
        elif isinstance(item, list):
            pending.extend(reversed(_list_parts(item)))
        else:
            yield _scalar_json(item)


def _object_parts(value: dict[str, Any]) -> list[Any]:
    parts: list[Any] = [_Json("{")]
    for key in keys_in_order(value):
        if (item := value[key]) is not MISSING:
            comma = "," if len(parts) > 1 else ""
            parts += (_Json(f"{comma}{quoted(key)}:"), item)
    parts.append(_Json("}"))
    return parts


def _list_parts(value: list[Any]) -> list[Any]:
    parts: list[Any] = [_Json("[")]
    for item in value:
        if len(parts) > 1:
            parts.append(_Json(","))
        parts.append(item)
    parts.append(_Json("]"))
    return parts


def _scalar_json(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        return number_text(value)
    if value is None or value is MISSING or isinstance(value, float):
        return "null"
    raise not_json(value)


def quoted(value: str) -> str:
    """The JSON text of a string; half a surrogate pair is written as an escape."""
    plain: str = encode_basestring(value)
    if plain.isascii():
        return plain
    return _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", plain)


def utf8(value: str) -> bytes:
    """The bytes of a text; half a surrogate pair, which has none, is U+FFFD as JavaScript encodes it."""
    return whole_text(value).encode()


def whole_text(value: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair that stands alone; two halves in order become their
    character. The same object where there is no half."""
    if value.isascii() or not _LONE_SURROGATE.search(value):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def units(value: str) -> list[str]:
    """The UTF-16 units of a text, each as a text: `"x"[0]` and the values of a spread string.

    Both units of a character beyond U+FFFF are U+FFFD, because half of a surrogate pair cannot be sent.
    """
    return [unit for character in value for unit in (character if character <= "\uffff" else "\ufffd\ufffd")]


def unit_count(value: str) -> int:
    """`text.length`, in UTF-16 units."""
    return len(value) if value.isascii() else len(value.encode("utf-16-le", "surrogatepass")) // 2

"""Operations on user and group properties: the names that begin with `$`, defined once for checker, requests and fake.

Sources: Amplitude, Identify API and Group Identify API; Segment, Amplitude (Actions) destination, section
"Set Once/Set Always fields", which names `$setAlways`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...action import Operations

SIGN = "$"
"""The first character of an operation's name, and of no plain property's."""

_WORDS_OF_OTHERS = {
    "$increment": "$add",
    "$inc": "$add",
    "$increase": "$add",
    "$push": "$append",
    "$delete": "$unset",
}
"""Operations as other tools call them."""


def nearest(name: str) -> str | None:
    """The operation that an unknown name was probably meant to be."""
    if operation_name := _WORDS_OF_OTHERS.get(name.lower()):
        return operation_name
    from difflib import get_close_matches  # a large import, which only a mistake needs

    by_spelling = {known.lower(): known for known in OPERATIONS.names}
    close = get_close_matches(name.lower(), by_spelling, n=1, cutoff=0.7)
    return by_spelling[close[0]] if close else None


_SENT = ("$set", "$setOnce", "$add", "$append", "$prepend", "$unset", "$preInsert", "$postInsert", "$remove")
OPERATIONS = Operations(
    sign=SIGN,
    names={**{name: name for name in (*_SENT, "$clearAll")}, "$setAlways": "$set"},
    nearest=nearest,
    numeric=frozenset(("$add",)),
    whole=frozenset(("$clearAll",)),
)
"""`$setAlways` is Segment's word for `$set`, `$clearAll` one of Amplitude's SDKs; the Identify API has the others."""


def has_operations(properties: Mapping[str, Any]) -> bool:
    """Whether a name among the properties begins with `$`."""
    # One search in all names at once costs a third of a look at each, and nearly no name holds the sign.
    try:
        return SIGN in "".join(properties) and any(map(is_operation, properties))
    except TypeError:  # a name that is not text, which only an event made in Python can hold
        return any(map(is_operation, properties))


def is_operation(name: Any) -> bool:
    """Whether the name of a property begins with `$`, as those of operations do, known or unknown."""
    return isinstance(name, str) and name.startswith(SIGN)


def unknown(name: str) -> str:
    """The sentence that refuses an unknown operation."""
    suggestion = nearest(name)
    return f"`{name}` is not an operation of Amplitude" + (f"; did you mean `{suggestion}`?" if suggestion else "")

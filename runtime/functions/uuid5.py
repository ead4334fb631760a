"""A UUID made from a name."""

from __future__ import annotations

from hashlib import sha1
from typing import Any
from uuid import NAMESPACE_DNS, NAMESPACE_OID, NAMESPACE_URL, NAMESPACE_X500, UUID

from ..argument import as_text
from ..function import Example, Function, Parameter, failing
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.javascript import utf8
from ..semantics.missing import MISSING, is_nothing

_KNOWN = {"dns": NAMESPACE_DNS, "oid": NAMESPACE_OID, "url": NAMESPACE_URL, "x500": NAMESPACE_X500}


def uuid5(value: Any, namespace: Any) -> Any:
    if is_nothing(value):
        return value
    try:
        space = _KNOWN.get(namespace) or UUID(namespace)
    except (AttributeError, TypeError, ValueError):
        raise ValueFailure(f"{shown(namespace)} is neither a UUID nor one of {', '.join(_KNOWN)}") from None
    digest = sha1(space.bytes + utf8(as_text(value)), usedforsecurity=False).digest()
    return str(UUID(bytes=digest[:16], version=5))


FUNCTION = Function(
    name="uuid5",
    parameters=(
        Parameter("value", "any"),
        Parameter("namespace", "string", fault=failing(lambda namespace: uuid5("", namespace))),
    ),
    returns="string",
    sentence="the UUID of a name in a namespace: a UUID, `dns`, `url`, `oid` or `x500`; always the same",
    examples=(
        Example('uuid5(messageId, "url")', {"messageId": "m-1"}, "3387dab8-bada-55e6-9092-0064c468c58c"),
        Example(
            'uuid5(userId, "6ba7b810-9dad-11d1-80b4-00c04fd430c8")',
            {"userId": "é"},
            "ebfe0af8-3997-5ade-b634-ba92cf69f557",
        ),
        Example(
            'uuid5(userId, "dns")',
            {"userId": 5},
            "c8691da2-158a-5ed6-8537-0e6f140801f2",
            "a number or a bool is taken as its text",
        ),
        Example('uuid5(userId, "dns")', {"userId": None}, None),
        Example('uuid5(userId, "dns")', {}, MISSING),
    ),
    call=uuid5,
    fails=True,
    source="RFC 9562, UUID Version 5",
)

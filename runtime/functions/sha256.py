"""The SHA-256 hash of a text."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from ..argument import as_text
from ..function import Example, Function, Parameter
from ..semantics.javascript import utf8
from ..semantics.missing import MISSING, is_nothing


def hashed(value: Any) -> Any:
    if is_nothing(value):
        return value
    return sha256(utf8(as_text(value))).hexdigest()


FUNCTION = Function(
    name="sha256",
    parameters=(Parameter("value", "any"),),
    returns="string",
    sentence="the SHA-256 hash of a string's UTF-8 bytes, in lowercase hexadecimal",
    examples=(
        Example("sha256(userId)", {"userId": "u1"}, "bb82030dbc2bcaba32a90bf2e207a84a856fc5f033b77c480836ab6f77f40f19"),
        Example(
            "sha256(lowercase(trim(traits.email)))",
            {"traits": {"email": " Ada@Example.com "}},
            "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72",
        ),
        Example("sha256(userId)", {"userId": "é"}, "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"),
        Example(
            "sha256(userId)",
            {"userId": 5},
            "ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d",
            "a number or a bool is taken as its text",
        ),
        Example("sha256(userId)", {"userId": None}, None),
        Example("sha256(userId)", {}, MISSING),
    ),
    call=hashed,
    fails=True,
)

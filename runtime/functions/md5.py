"""The MD5 hash of a text."""

from __future__ import annotations

from hashlib import md5
from typing import Any

from ..argument import as_text
from ..function import Example, Function, Parameter
from ..semantics.javascript import utf8
from ..semantics.missing import MISSING, is_nothing


def hashed(value: Any) -> Any:
    if is_nothing(value):
        return value
    return md5(utf8(as_text(value)), usedforsecurity=False).hexdigest()


FUNCTION = Function(
    name="md5",
    parameters=(Parameter("value", "any"),),
    returns="string",
    sentence="the MD5 hash of a string's UTF-8 bytes, in lowercase hexadecimal",
    examples=(
        Example("md5(userId)", {"userId": "u1"}, "e4774cdda0793f86414e8b9140bb6db4"),
        Example(
            "md5(lowercase(trim(traits.email)))",
            {"traits": {"email": " Ada@Example.com "}},
            "3e3417d7ef77d5932a6734b916515ed5",
        ),
        Example("md5(userId)", {"userId": "é"}, "66ddcd97cfdeabb2f6fb8a999b4bc76f"),
        Example(
            "md5(userId)", {"userId": 5}, "e4da3b7fbbce2345d7772b0674a318d5", "a number or a bool is taken as its text"
        ),
        Example("md5(userId)", {"userId": None}, None),
        Example("md5(userId)", {}, MISSING),
    ),
    call=hashed,
    fails=True,
)

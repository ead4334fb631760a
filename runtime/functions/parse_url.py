"""The parts of a web address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..argument import as_text
from ..function import Example, Function, Parameter
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.missing import MISSING, is_nothing


def parse_url(value: Any) -> Any:
    if is_nothing(value):
        return value
    try:
        parts = urlsplit(as_text(value).strip())
        port = parts.port
    except ValueError:
        raise ValueFailure(f"{shown(value)} is not a web address") from None
    parts_found = {
        "protocol": parts.scheme,
        "host": parts.hostname,
        "port": port,
        "path": parts.path,
        "search": parts.query and f"?{parts.query}",
        "query": dict(parse_qsl(parts.query, keep_blank_values=True)),
        "hash": parts.fragment and f"#{parts.fragment}",
    }
    return {name: part for name, part in parts_found.items() if part or part == 0}


FUNCTION = Function(
    name="parse_url",
    parameters=(Parameter("value", "string"),),
    returns="object",
    sentence="the parts of a web address: `protocol`, `host`, `port`, `path`, `search`, `query` and `hash`",
    examples=(
        Example(
            "parse_url(context.page.url)",
            {"context": {"page": {"url": "https://shop.test:8080/p?a=1&b=x%20y#top"}}},
            {
                "protocol": "https",
                "host": "shop.test",
                "port": 8080,
                "path": "/p",
                "search": "?a=1&b=x%20y",
                "query": {"a": "1", "b": "x y"},
                "hash": "#top",
            },
        ),
        Example(
            "parse_url(event).query.utm_source",
            {"event": "/p?utm_source=mail&utm_source=ad"},
            "ad",
            "the last of a name",
        ),
        Example("parse_url(event)", {"event": "/p"}, {"path": "/p"}),
        Example("parse_url(event).host", {"event": "https://me:secret@Shop.test/"}, "shop.test", "never a password"),
        Example("parse_url(event)", {"event": ""}, {}),
        Example("parse_url(event)", {"event": None}, None),
        Example("parse_url(event)", {}, MISSING),
    ),
    call=parse_url,
    fails=True,
)

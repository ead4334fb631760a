"""Makes a difference small: whatever can go from a rule or an event while the two sides still differ, goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from rulewright.laws.smaller import reduced

MOST_TRIES = 400


def shrink(document: Any, still_differs: Callable[[Any], bool]) -> Any:
    """The smallest document found that still shows the difference."""
    return reduced(document, _smaller, still_differs, MOST_TRIES)


def _smaller(document: Any) -> Iterator[Any]:
    """The document without one of its parts, or with a simpler part in a place."""
    if isinstance(document, dict):
        for key, value in document.items():
            rest = {other: item for other, item in document.items() if other != key}
            yield rest
            yield value
            yield from ({**document, key: part} for part in _smaller(value))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield document[:index] + document[index + 1 :]
            yield value
            yield from ([*document[:index], part, *document[index + 1 :]] for part in _smaller(value))
    elif isinstance(document, str) and len(document) > 1:
        yield from (document[: len(document) // 2], document[len(document) // 2 :])


def shrink_trigger(text: str, still_differs: Callable[[str], bool]) -> str:
    """The same for the text of a trigger, by its words."""
    words = re.findall(r"\"[^\"]*\"|'[^']*'|[\w.\\-]+\s*\([^()]*\)|[()]|\S+", text)
    size = len(words)
    while size:
        at = 0
        while at < len(words):
            fewer = words[:at] + words[at + size :]
            if fewer and still_differs(" ".join(fewer)):
                words = fewer
            else:
                at += 1
        size -= 1
    return " ".join(words)

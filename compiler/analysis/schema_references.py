"""References of JSON Schema, followed inside one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_NOWHERE: Any = object()
_INDEX = re.compile("[0-9]{1,9}")


class References:
    """What the references of a document lead to: pointers, anchors, and schemas by their `$id`."""

    def __init__(self, document: Any, around: Any = None) -> None:
        """`around` is the whole file, which is asked for what the document does not define."""
        self._documents = [document] if around is None or around is document else [document, around]
        self._base = _identifier(document)
        self._named: dict[str, Any] = {}
        for each in self._documents:
            for name, schema in _names(each, self._base):
                self._named.setdefault(name, schema)

    def target(self, reference: Any) -> Any:
        """The schema that a reference leads to; None for one that leads nowhere."""
        schema = self._find(reference) if isinstance(reference, str) else _NOWHERE
        return None if schema is _NOWHERE else schema

    def problem(self, reference: Any) -> str | None:
        """What is wrong with a reference, as the end of a sentence; None for one that leads to a schema."""
        if not isinstance(reference, str):
            return "is not text"
        schema = self._find(reference)
        if schema is not _NOWHERE:
            return None if isinstance(schema, Mapping | bool) else f"leads to `{reference}`, which is not a schema"
        if reference.startswith("#"):
            return f"leads to `{reference}`, which does not exist"
        return f"leads to `{reference}`, which is not in this file, and no other file is read"

    def _find(self, reference: str) -> Any:
        resource, fragment = _divided(reference)
        if resource:
            whole = _joined(self._base, resource)
            if f"{whole}#{fragment}" in self._named:
                return self._named[f"{whole}#{fragment}"]
            starts = [self._named[whole]] if whole in self._named else []
            starts += self._documents if whole == self._base else []
        else:
            starts = self._documents
        for start in starts:
            part = _pointed(start, unquote(fragment))
            if part is not _NOWHERE:
                return part
        return self._named.get(f"{self._base}#{fragment}", _NOWHERE)


def _pointed(document: Any, pointer: str) -> Any:
    """The part that a JSON pointer (RFC 6901) names."""
    first, *steps = pointer.split("/")
    if first:
        return _NOWHERE
    for step in steps:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, Mapping) and key in document:
            document = document[key]
        elif (
            isinstance(document, list)
            and key.isascii()
            and key.isdigit()
            and len(key) < 10
            and int(key) < len(document)
        ):
            document = document[int(key)]
        else:
            return _NOWHERE
    return document


def _identifier(schema: Any) -> str:
    own = next((schema[word] for word in ("$id", "id") if isinstance(schema, Mapping) and word in schema), "")
    return _divided(own)[0] if isinstance(own, str) else ""


def _divided(reference: str) -> tuple[str, str]:
    """The address and the fragment of a reference; `urllib` refuses some texts that are no address."""
    try:
        address, fragment = urldefrag(reference)
    except ValueError:
        return reference, ""
    return address, fragment


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def _names(document: Any, base: str) -> Iterator[tuple[str, Any]]:
    """Every schema that has a name of its own: `$id`, or an anchor."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            for word in ("$id", "id"):
                if isinstance(own := part.get(word), str) and own:
                    yield _joined(base, own), part
            for word in ("$anchor", "$dynamicAnchor"):
                if isinstance(own := part.get(word), str):
                    yield f"{base}#{own}", part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part

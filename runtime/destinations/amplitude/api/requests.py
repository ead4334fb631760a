"""Requests as typed models, by their endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from ....outcome import Request
from ..settings import ENDPOINTS
from .events import EventsRequest
from .forms import GroupIdentifyRequest, IdentifyRequest, UserMapRequest
from .privacy import DeletionRequest
from .values import id_context

AnyRequest = EventsRequest | IdentifyRequest | GroupIdentifyRequest | UserMapRequest | DeletionRequest

_MODELS: Mapping[str, type[AnyRequest]] = {
    "httpapi": EventsRequest,
    "batch": EventsRequest,
    "identify": IdentifyRequest,
    "groupidentify": GroupIdentifyRequest,
    "usermap": UserMapRequest,
    "deletions": DeletionRequest,
}
LIST_PART = {"identify": "identification", "groupidentify": "identification", "usermap": "mapping"}
"""The part of a form that holds JSON text of one call or of several, by endpoint."""

_BY_PATH = {urlsplit(url).path: name for name, regions in ENDPOINTS.items() for url in regions.values()}


def endpoint_of(url: str) -> str | None:
    """The name of the endpoint of an address or a path, by its path alone; None if Amplitude has no such path."""
    return _BY_PATH.get(urlsplit(url).path)


def parse(request: Request) -> AnyRequest:
    """A request that a mapper made, as the model of its endpoint.

    Raises ValueError if the request is not to an endpoint of Amplitude, or has what its API does not document; the
    text names the place and quotes no value.
    """
    endpoint = endpoint_of(request.url)
    if endpoint is None or endpoint not in _MODELS:
        raise ValueError(f"`{request.url}` is not an address of Amplitude that takes events or users")
    content = request.json if request.form is None else content_of_form(endpoint, request.form)
    return validated(endpoint, content)


def validated(endpoint: str, content: Any) -> AnyRequest:
    """The decoded body of a request as the model of its endpoint. Raises pydantic's ValidationError."""
    options = content.get("options") if isinstance(content, dict) else None
    return _MODELS[endpoint].model_validate(content, context=dict(id_context(options)))


def content_of_form(endpoint: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form, with JSON text decoded, and a single call as a list of one. Raises ValueError."""
    content = cast("dict[str, Any]", dict(form))
    part = LIST_PART[endpoint]
    for name in (part, "options"):
        if name in content:
            content[name] = decoded(content[name])
    if isinstance(content.get(part), dict):
        content[part] = [content[part]]
    return content


def decoded(text: str | bytes) -> Any:
    """The value of JSON text. Raises ValueError for text that is not JSON, or is nested too deep."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None

"""Requests as plain data: as an expectation reads them, and with the JSON that a form holds unfolded; without keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..runtime.outcome import Request
from ..runtime.semantics.missing import MISSING

RequestView = dict[str, Any]
RequestPath = tuple[str | int, ...]
"""Steps from a list of views to a part of one: `(0, "json", "events", 0, "revenue")`."""


def written(request: Request, hidden: str) -> RequestView:
    """A request as tests see it: action, method, url, added headers, and json or form; JSON in a form is text."""
    view: RequestView = {"action": request.action, "method": request.method, "url": request.url}
    if request.added_headers is not None:
        view["headers"] = _without(request.added_headers, hidden)
    if request.form is None:
        return {**view, "json": _without(request.json or {}, hidden)}
    return {**view, "form": _without(request.form, hidden)}


def unfolded(request: Request, hidden: str) -> RequestView:
    """A request as `written` gives it, with the JSON texts of a form decoded."""
    view = written(request, hidden)
    if "form" in view:
        view["form"] = {name: _read(text) for name, text in view["form"].items()}
    return view


def _without(body: Mapping[str, Any], hidden: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value != hidden}


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def at(views: Any, steps: RequestPath) -> Any:
    """The part of views that the steps lead to; MISSING if there is none."""
    for step in steps:
        in_list = isinstance(views, list) and isinstance(step, int) and step < len(views)
        if not in_list and not (isinstance(views, dict) and step in views):
            return MISSING
        views = views[step]
    return views

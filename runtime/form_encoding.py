"""Encodes the fields of a form as `application/x-www-form-urlencoded` text."""

from __future__ import annotations

from collections.abc import Mapping

from .native import native


def form_text(fields: Mapping[str, str]) -> str:
    """`key=value&key=value`, as the URL Standard writes it, so as Segment does."""
    text = None if native is None else native.ascii_form(fields)
    return _form_text(fields) if text is None else text


def _form_text(fields: Mapping[str, str]) -> str:
    """The same of any text; in C only ASCII is written, in a fifth of the time."""
    from can_ada import URLSearchParams  # a library of its own, which few need: their identify calls are ASCII

    form = URLSearchParams("")
    for key, value in fields.items():
        form.append(key, value)
    # can_ada does not change a backslash, which the standard quotes
    return str(form).replace("\\", "%5C")

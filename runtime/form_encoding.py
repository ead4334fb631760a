"""Fields of a form to their text in `application/x-www-form-urlencoded`."""

from __future__ import annotations

from collections.abc import Mapping

from can_ada import URLSearchParams


def form_text(fields: Mapping[str, str]) -> str:
    """`key=value&key=value`, as the URL Standard writes it, so as Segment does."""
    form = URLSearchParams("")
    for key, value in fields.items():
        form.append(key, value)
    # can_ada leaves a backslash as it stands, which the standard quotes
    return str(form).replace("\\", "%5C")

"""Templates of the generated Python, and an environment that refuses any text but code."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import jinja2

from ..python_code import only_code


def render(template: str, **parts: Any) -> str:
    """The text of a template; whatever it shows must be code already."""
    return _environment().get_template(template).render(**parts)


@cache
def _environment() -> jinja2.Environment:
    folder = resources.files(__name__)
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        undefined=jinja2.StrictUndefined,
        finalize=only_code,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # what is shown is code already, which `only_code` holds
    )

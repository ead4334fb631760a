"""A number of an option within a range; NaN, which no comparison refuses, is none."""

from __future__ import annotations

from math import isnan
from typing import Any

import click


class NumberRange(click.FloatRange):
    """As `click.FloatRange`, which takes `nan`: a minimum of NaN is reached by every number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; fails for a text that is not one within the range."""
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number

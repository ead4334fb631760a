"""Which values a field accepts unchanged: one table, for the compiler and for the functions that copy.

A test here may be narrower than the field, which then coerces the value to itself. It is never wider:
`tests/compiler/plan/test_accepted_values.py` holds it to `fields/coercion.py`, and
`tests/runtime/mapping/test_copy_tables.py` holds the tests in C to it.
"""

from __future__ import annotations

from math import inf as INFINITY
from typing import Any, NamedTuple


class Accepted(NamedTuple):
    """The test of a value as Python code, with `{}` in place of the value."""

    test: str
    """For any value."""
    kind: str | None = None
    """The type whose values need only `test_of_kind`; None if the test needs to see the class of each value."""
    test_of_kind: str = "{} is not None"
    """The test for a value that is known to be of that type or None."""

    def accepts(self, value: Any) -> bool:
        """Whether the test holds for a value."""
        names = {"INFINITY": INFINITY, "value": value}
        return bool(eval(self.test.replace("{}", "value"), names))  # noqa: S307 -- a literal of this file


ACCEPTED = {
    "filled text": Accepted("{} and {}.__class__ is str", "string", "{}"),
    # The rest of visible text begins with a blank, or beyond ASCII, and the field judges it.
    "visible text": Accepted("{}.__class__ is str and '!' <= {} < '\\x7f'", "string", "{} and '!' <= {} < '\\x7f'"),
    "text": Accepted("{}.__class__ is str", "string"),
    "object": Accepted("{}.__class__ is dict", "object"),
    "number": Accepted("{}.__class__ is int or {}.__class__ is float and -INFINITY < {} < INFINITY"),
    "integer": Accepted("{}.__class__ is int"),
    "boolean": Accepted("{}.__class__ is bool", "boolean"),
}
"""By the kind of a row of a copy table."""

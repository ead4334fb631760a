"""Cases of a table that do more of what its other cases do: `make test` leaves them out, and `make deep` runs them."""

from __future__ import annotations

from typing import Any

import pytest


def long_cases(*values: Any) -> list[Any]:
    return [pytest.param(value, marks=pytest.mark.long) for value in values]

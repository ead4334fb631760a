"""A limit on the examples that each law tries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import hypothesis
import pytest


def limit_examples(items: Iterable[pytest.Item], most: int) -> None:
    for item in items:
        test: Any = getattr(item, "obj", None)
        own: Any = getattr(test, "_hypothesis_internal_use_settings", hypothesis.settings.default)
        if getattr(test, "is_hypothesis_test", False) and own.max_examples > most:
            # Hypothesis has no public way to change the settings of a test that declares its own.
            test._hypothesis_internal_use_settings = hypothesis.settings(own, max_examples=most)

"""A limit on the examples that each law tries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import hypothesis
import pytest


def limit_examples(items: Iterable[pytest.Item], most: int, share: int = 1) -> None:
    """Lets each law try at most so many examples, and no more than one of `share` that it declares.

    A law that declares few takes long for each.
    """
    for item in items:
        test: Any = getattr(item, "obj", None)
        own: Any = getattr(test, "_hypothesis_internal_use_settings", None)
        # A state machine has no settings here: its class declares them.
        if own is not None and getattr(test, "is_hypothesis_test", False):
            examples = min(most, max(1, own.max_examples // share))
            # Hypothesis has no public way to change the settings of a test that declares its own.
            test._hypothesis_internal_use_settings = hypothesis.settings(own, max_examples=examples)

"""What holds for all tests: none reads or writes the cache of the person who runs them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def no_cache() -> None:
    pytest.MonkeyPatch().setenv("RULEWRIGHT_CACHE", "off")

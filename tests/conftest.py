"""Settings of all tests: no deadline, and no use of the cache of the person who runs them."""

from __future__ import annotations

import hypothesis
import pytest

# A deadline would make a slow machine fail a test.
hypothesis.settings.register_profile("without deadline", deadline=None)
hypothesis.settings.load_profile("without deadline")


@pytest.fixture(autouse=True, scope="session")
def no_cache() -> None:
    pytest.MonkeyPatch().setenv("RULEWRIGHT_CACHE", "off")

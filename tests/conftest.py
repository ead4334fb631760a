"""Settings of all tests: how many examples each law tries, and no cache of the person who runs them."""

from __future__ import annotations

import os

import hypothesis
import pytest

from .law_examples import limit_examples

# Before a test module is imported, because some load rules then.
os.environ["RULEWRIGHT_CACHE"] = "off"

# A deadline would make a slow machine fail a test. `--hypothesis-profile` selects a profile: in `quick`, no law tries
# more examples than the profile says, and tests marked `long` do not run; in `deep`, the default, every test runs, and
# each law tries as many as it declares.
hypothesis.settings.register_profile("deep", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis.settings.load_profile("deep")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hypothesis.settings.default == hypothesis.settings.get_profile("quick"):
        limit_examples(items, hypothesis.settings.default.max_examples)
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]

"""Settings of all tests: no deadline, no cache of the person who runs them, and laws without a tracer."""

from __future__ import annotations

import sys
from collections.abc import Generator

import hypothesis
import pytest

# A deadline would make a slow machine fail a test.
hypothesis.settings.register_profile("without deadline", deadline=None)
hypothesis.settings.load_profile("without deadline")


@pytest.fixture(autouse=True, scope="session")
def no_cache() -> None:
    pytest.MonkeyPatch().setenv("RULEWRIGHT_CACHE", "off")


UNTRACED = ("hypothesis", "untraced")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the tracer of coverage out of laws and of tests that are marked `untraced`.

    Tracing makes a test take two or three times as long, and what the examples of a law reach differs from run to run.
    The marker `no_cover` of pytest-cov stops only one of the two tracers that a worker of pytest-xdist has.
    """
    tracer = sys.gettrace()
    if tracer is None or not any(map(item.get_closest_marker, UNTRACED)):
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)

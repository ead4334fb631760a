"""Settings of all tests: no deadline, no cache of the person who runs them, and a tracer only where it counts."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import hypothesis
import pytest

# A deadline would make a slow machine fail a test.
hypothesis.settings.register_profile("without deadline", deadline=None)
hypothesis.settings.load_profile("without deadline")


@pytest.fixture(autouse=True, scope="session")
def no_cache() -> None:
    pytest.MonkeyPatch().setenv("RULEWRIGHT_CACHE", "off")


# Tracing for coverage doubles the time of what it follows. It follows the bodies of tests and fixtures, and nothing of
# pytest; nor laws, because what their examples reach differs from run to run, nor tests that are marked `untraced`.
# (The marker `no_cover` of pytest-cov stops only one of the two tracers that a worker of pytest-xdist has.) The run of
# mutants, which asks what each law reaches, has a tracer of its own and no pytest-cov.
UNTRACED = ("hypothesis", "untraced")
TRACER = pytest.StashKey[Any]()


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    if not session.config.pluginmanager.hasplugin("_cov"):
        return (yield)
    session.config.stash[TRACER] = sys.gettrace()
    with tracing(None):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    if TRACER not in request.config.stash:
        return (yield)
    with tracing(request.config.stash[TRACER]):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    if TRACER not in item.config.stash or any(map(item.get_closest_marker, UNTRACED)):
        return (yield)
    with tracing(item.config.stash[TRACER]):
        return (yield)


@contextmanager
def tracing(tracer: Any) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(before)

"""Coverage follows cases, and neither laws nor tests that say so: tracing makes them two or three times as slow."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def is_traced(config: pytest.Config) -> bool:
    """Whether pytest-cov measures here; the run of mutants and debuggers trace as they like."""
    return config.pluginmanager.hasplugin("_cov") and sys.gettrace() is not None


@settings(max_examples=1)
@given(st.none())
def test_a_law_is_not_traced(pytestconfig: pytest.Config, _: None) -> None:
    assert not is_traced(pytestconfig)


@pytest.mark.untraced
def test_what_is_marked_is_not_traced(pytestconfig: pytest.Config) -> None:
    assert not is_traced(pytestconfig)

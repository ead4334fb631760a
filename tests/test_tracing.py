"""Coverage follows cases, and neither laws nor tests that say so: tracing makes them two or three times as slow."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=1)
@given(st.none())
def test_a_law_is_not_traced(_: None) -> None:
    assert sys.gettrace() is None


@pytest.mark.untraced
def test_what_is_marked_is_not_traced() -> None:
    assert sys.gettrace() is None

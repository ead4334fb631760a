"""The collector rests while rules are compiled, and is as it was before and after."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from rulewright.collecting import without_collecting


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_rests_meanwhile() -> None:
    with without_collecting():
        assert not gc.isenabled()
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_wakes_it() -> None:
    with pytest.raises(KeyError), without_collecting():
        raise KeyError
    assert gc.isenabled()


def test_a_program_that_does_without_it_goes_on_so() -> None:
    gc.disable()
    with without_collecting():
        pass
    assert not gc.isenabled()

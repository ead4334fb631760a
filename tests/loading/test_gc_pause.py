"""The collector rests while rules are compiled, and is as it was before and after."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

import rulewright.loading.gc_pause as module
from rulewright.loading.gc_pause import gc_pause


@pytest.fixture(autouse=True)
def thawed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a program that begins; `conftest.py` freezes what the collection of tests leaves."""
    for state, beginning in (("_frozen", False), ("_least", 0), ("_grown", 0)):
        monkeypatch.setattr(module, state, beginning)
    gc.unfreeze()
    gc.enable()
    yield
    gc.enable()
    gc.freeze()


def test_it_rests_meanwhile() -> None:
    with gc_pause():
        assert not gc.isenabled()
        with gc_pause():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_wakes_it() -> None:
    with pytest.raises(KeyError), gc_pause():
        raise KeyError
    assert gc.isenabled()


def test_a_program_that_does_without_it_goes_on_so() -> None:
    gc.disable()
    with gc_pause():
        pass
    assert not gc.isenabled()


class Ring:
    """What only the collector frees."""

    def __init__(self) -> None:
        self.ring = self


def test_what_is_left_over_counts_as_old_and_is_still_collected() -> None:
    with gc_pause():
        left_over = weakref.ref(Ring())
    assert any(sent_object is left_over() for sent_object in gc.get_objects(generation=2))
    gc.collect()
    assert left_over() is None


def test_what_earlier_work_left_over_is_freed_once_it_adds_up() -> None:
    with gc_pause():
        pass
    left_over = []
    most = len(gc.get_objects())
    for _ in range(40):
        with gc_pause():
            rings = [Ring() for _ in range(2_000)]
            left_over.append(weakref.ref(rings[0]))
            del rings
    assert sum(ring() is not None for ring in left_over) * 2_000 <= most // 16 + 2_000


def test_what_a_program_has_frozen_stays_so_and_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.freeze()
    with gc_pause():
        pass
    assert gc.get_freeze_count() > 0
    monkeypatch.setattr(gc, "get_freeze_count", lambda: pytest.fail("all frozen objects are walked through again"))
    with gc_pause():
        pass

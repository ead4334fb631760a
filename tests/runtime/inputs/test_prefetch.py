"""Reading ahead: items in order, problems in their place, and turns that are short while a reader is at work."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from rulewright.runtime.inputs.prefetch import AHEAD, HANDOFF_SECONDS, read_ahead


@pytest.fixture(autouse=True)
def usual_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield
    sys.setswitchinterval(before)


def test_items_come_in_order() -> None:
    with read_ahead(range(100)) as items:
        assert list(items) == list(range(100))


def test_a_problem_comes_where_its_item_would_have_been() -> None:
    def damaged() -> Iterator[int]:
        yield 1
        raise ValueError("damaged")

    with read_ahead(damaged()) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="damaged"):
            next(items)


def test_few_items_are_read_ahead_and_the_reader_ends_with_its_block() -> None:
    taken: list[int] = []
    enough = threading.Event()

    def counted() -> Iterator[int]:
        for item in range(1_000):
            taken.append(item)
            if len(taken) == AHEAD:
                enough.set()
            yield item

    with read_ahead(counted()) as items:
        assert next(items) == 0
        assert enough.wait(10)
    assert len(taken) <= AHEAD + 2
    assert "rulewright-read-ahead" not in {thread.name for thread in threading.enumerate()}


def test_turns_are_short_while_any_reader_is_at_work_and_then_as_before() -> None:
    first, second = read_ahead([1]), read_ahead([2])
    first.__enter__()
    second.__enter__()
    assert sys.getswitchinterval() == pytest.approx(HANDOFF_SECONDS, abs=2e-6)
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() == pytest.approx(HANDOFF_SECONDS, abs=2e-6)
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == pytest.approx(0.005)


def test_turns_are_as_before_after_a_problem() -> None:
    with pytest.raises(ValueError, match="mapping"), read_ahead(range(100)):
        raise ValueError("mapping")
    assert sys.getswitchinterval() == pytest.approx(0.005)


def test_turns_that_are_shorter_stay() -> None:
    sys.setswitchinterval(0.0001)
    with read_ahead([1]):
        assert sys.getswitchinterval() == pytest.approx(0.0001, abs=2e-6)
    assert sys.getswitchinterval() == pytest.approx(0.0001, abs=2e-6)

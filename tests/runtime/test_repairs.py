"""Repairs noted while a mapping is run arrive in `outcome.warnings`, and those of a failed mapping do not."""

from __future__ import annotations

from threading import Thread

import pytest

from rulewright.runtime.repairs import Repair, note_repair, take_repairs


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    """No repair is left from a test that ran in this thread before."""
    take_repairs("")


def test_repairs_are_taken_once_and_carry_the_mapping() -> None:
    note_repair("long_string", "cut", "event_type")
    assert take_repairs("Orders") == [Repair("Orders", "event_type", "long_string", "cut")]
    assert take_repairs("Orders") == []


def test_repairs_stay_in_their_thread() -> None:
    thread = Thread(target=note_repair, args=("long_string", "cut"))
    thread.start()
    thread.join()
    assert take_repairs("Orders") == []

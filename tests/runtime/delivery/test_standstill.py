"""A sender that delivers nothing says so at growing intervals, with what is pending, and when delivery continues."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from rulewright.runtime.delivery.adapter import Answer
from rulewright.runtime.delivery.standstill import Standstill

from .sender_cases import assert_all_once_in_order, events
from .simulation import Simulation

NOBODY = Answer(0, {}, b"", "no connection", cause="connection refused")
BUSY = Answer(503, {}, b"")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said of the standstill."""
    return [
        record.getMessage() for record in caplog.records if re.match("nothing was|delivery cont", record.getMessage())
    ]


@pytest.mark.parametrize(("answer", "text"), [(NOBODY, "connection refused"), (BUSY, "503")])
def test_a_server_that_takes_nothing_is_told_again_and_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, answer: Answer, text: str
) -> None:
    simulation = Simulation(tmp_path)
    simulation.exchange.answers = answer
    simulation.mailbox.later(1_300, lambda: setattr(simulation.exchange, "answers", None))
    with caplog.at_level(logging.WARNING):
        simulation.run(events(20))
    assert_all_once_in_order(simulation, 20)
    *sentences, last = told(caplog)
    durations = [
        re.search(r"for ([\d,]+ \w+), 20 parts are pending; the last answer: .*" + text, each) for each in sentences
    ]
    assert [found and found[1] for found in durations] == [
        "10 seconds", "30 seconds", "60 seconds", "5 minutes", "10 minutes", "15 minutes", "20 minutes",
    ]  # fmt: skip
    assert re.fullmatch(r"delivery continues after 2\d minutes", last)


def test_users_that_are_throttled_for_long_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """While they are held back there are no answers; what is told is the last one."""
    simulation = Simulation(tmp_path, faults=["429-quota"] * 3)
    with caplog.at_level(logging.WARNING):
        simulation.run(events(10, users=1))
    assert_all_once_in_order(simulation, 10, users=1)
    sentences = told(caplog)
    assert [each.partition(",")[0] for each in sentences[:4]] == [
        "nothing was delivered for 10 seconds",
        "nothing was delivered for 30 seconds",
        "nothing was delivered for 60 seconds",
        "nothing was delivered for 5 minutes",
    ]
    assert "held back for" in sentences[0]
    assert sentences[-1].startswith("delivery continues after ")


def test_a_rate_of_ones_own_is_no_standstill(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simulation = Simulation(tmp_path, rate=0.05, batch_events=1)
    with caplog.at_level(logging.WARNING):
        simulation.run(events(5))
    assert_all_once_in_order(simulation, 5)
    assert told(caplog) == []


def test_nothing_is_told_of_a_fault_that_passes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simulation = Simulation(tmp_path, faults=["503", None, "502", "stall"])
    with caplog.at_level(logging.WARNING):
        simulation.run(events(100))
    assert told(caplog) == []


def test_time_in_which_nothing_was_pending_does_not_count() -> None:
    standstill = Standstill()
    assert standstill.looked_at(0.0, 1, "no") is None
    assert standstill.delivered(1.0) is None
    assert standstill.looked_at(2.0, 0, None) is None
    assert standstill.looked_at(1_000.0, 1, "no") is None
    assert standstill.looked_at(1_009.0, 1, "no") is None
    sentence = "nothing was delivered for 10 seconds, 1 part is pending; the last answer: no"
    assert standstill.looked_at(1_010.0, 1, "no") == sentence
    assert standstill.looked_at(1_011.0, 1, "no") is None


def test_what_was_missed_is_told_once() -> None:
    """After a machine slept, for example."""
    standstill = Standstill()
    standstill.looked_at(0.0, 1, None)
    assert standstill.looked_at(9_000.0, 3, "no") == (
        "nothing was delivered for 2 hours, 3 parts are pending; the last answer: no"
    )
    assert standstill.looked_at(9_001.0, 3, "no") is None
    assert standstill.delivered(9_002.0) == "delivery continues after 2 hours"
    assert standstill.delivered(9_003.0) is None

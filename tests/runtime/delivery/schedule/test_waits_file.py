"""What a sender waits for is told while it waits, and no longer."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rulewright.runtime.delivery.schedule.waits_file import STALE_SECONDS, Wait, WaitsFile, read_waits, waits_file
from tests.runtime.delivery.simulation import Simulation, event

HELD = Wait("held back", 2, 130.0, 160.0, "too many requests")


def test_waits_are_there_until_nothing_waits(tmp_path: Path) -> None:
    queue = tmp_path / "queue.db"
    file = WaitsFile(queue)
    file.write([], 100.0)
    assert not waits_file(queue).exists()
    file.write([HELD], 100.0)
    assert read_waits(queue, 101.0) == [HELD]
    assert stat.S_IMODE(waits_file(queue).stat().st_mode) == 0o600
    file.write([], 102.0)
    assert not waits_file(queue).exists()
    assert read_waits(queue, 102.0) == []


def test_waits_of_a_sender_that_was_killed_are_not_told(tmp_path: Path) -> None:
    queue = tmp_path / "queue.db"
    WaitsFile(queue).write([HELD], 100.0)
    assert read_waits(queue, 100.0 + STALE_SECONDS) == []


@pytest.mark.parametrize("content", [b"", b"{}", b'{"at": 100, "waits": [["else", 1, 2, 3, ""]]}', b"\xff"])
def test_a_file_that_is_none_tells_nothing(tmp_path: Path, content: bytes) -> None:
    queue = tmp_path / "queue.db"
    waits_file(queue).write_bytes(content)
    assert read_waits(queue, 100.0) == []


def test_waits_that_cannot_be_written_stop_nobody(tmp_path: Path) -> None:
    WaitsFile(tmp_path / "nowhere" / "queue.db").write([HELD], 100.0)


def test_a_throttled_user_is_told_with_the_moment_and_the_reason(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, throttle=30)
    told: list[tuple[float, list[Wait]]] = []
    for second in range(1, 20):
        simulation.mailbox.later(
            second, lambda: told.append((simulation.clock.wall(), read_waits(simulation.path, simulation.clock.wall())))
        )
    simulation.run([event(number) for number in range(200)])
    held = [(now, wait) for now, waits in told for wait in waits if wait.cause == "held back"]
    assert held
    assert all(
        now < wait.first + 1 and wait.first <= wait.last and wait.number == 1 and wait.reason for now, wait in held
    )
    assert read_waits(simulation.path, simulation.clock.wall()) == []
    assert not waits_file(simulation.path).exists()


def test_requests_that_are_tried_again_are_told(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["503"] * 12)
    told: list[Wait] = []
    for step in range(1, 60):
        simulation.mailbox.later(step / 4, lambda: told.extend(read_waits(simulation.path, simulation.clock.wall())))
    simulation.run([event(number) for number in range(3)])
    assert {wait.cause for wait in told} == {"retry"}
    assert not waits_file(simulation.path).exists()

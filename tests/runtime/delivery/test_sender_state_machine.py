"""Sender and fake as a state machine: whatever happens in whatever order, nothing is lost, doubled or overtaken."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rulewright.runtime.delivery.input.ingest import RawEvent
from rulewright.runtime.delivery.input.reader import Chunk, EndOfInput
from rulewright.runtime.delivery.sender import Sender
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT

from .simulation import FakeMailbox, OpenSource, Simulation, event

USERS = [f"user-{number}" for number in range(4)]
PASSING = [fault for fault in TRANSIENT if fault not in ("400", "403")]
"""Faults that never make a dead letter; the other two may, when they meet one event alone three times."""


class Delivery(RuleBasedStateMachine):
    """Events come, requests fail, time jumps, the process dies; at the end all is well."""

    @initialize(seed=st.integers(0, 1_000), size=st.integers(1, 6), connections=st.integers(1, 4))
    def begin(self, seed: int, size: int, connections: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.simulation = Simulation(self.folder, seed=seed, batch_events=size, connections=connections)
        self.accepted: list[tuple[str, str]] = []
        self.refused: set[str] = set()
        self.offered: list[tuple[str, str]] = []
        self.number = 0
        self.start()

    def start(self) -> None:
        self.queue = Queue(self.simulation.path, "amplitude")
        source = OpenSource(self.simulation.mailbox)
        self.sender: Sender = self.simulation.sender(self.queue, source)  # type: ignore[arg-type]
        self.sender.start()

    @rule(users=st.lists(st.sampled_from(USERS), min_size=1, max_size=6), bad=st.booleans())
    def events_come(self, users: list[str], bad: bool) -> None:
        events: list[RawEvent] = []
        for user in users:
            self.number += 1
            name = f"m-{self.number:06}"
            self.offered.append((user, name))
            if bad and user == USERS[0]:
                self.refused.add(name)
            extra = {"amplitude": {"time": "noon"}} if name in self.refused else {}
            events.append(event(self.number, user, **extra))
        self.simulation.mailbox.put(Chunk(events, None))

    @rule(faults=st.lists(st.sampled_from([None, *PASSING]), max_size=4))
    def requests_fail(self, faults: list[str | None]) -> None:
        self.simulation.faults.extend(faults)

    @rule(rounds=st.integers(1, 8))
    def the_sender_works(self, rounds: int) -> None:
        for _ in range(rounds):
            self.sender.step(self.sender.patience())
            self.learn()

    @rule(seconds=st.sampled_from([0.01, 1.0, 40.0, 90_000.0]), jump=st.sampled_from([-1e9, -60.0, 0.0, 60.0, 1e9]))
    def time_passes(self, seconds: float, jump: float) -> None:
        self.simulation.clock.now += seconds
        self.simulation.clock.wall_offset += jump

    @rule()
    def the_process_dies(self) -> None:
        """What is in flight is answered to nobody; what was read and not committed is read again."""
        self.queue.close()
        accepted = {name for _, name in self.accepted}
        again = [offer for offer in self.offered if offer[1] not in accepted]
        self.simulation.mailbox = FakeMailbox(self.simulation.clock)
        self.simulation.exchange._mailbox = self.simulation.mailbox
        self.start()
        if again:
            self.simulation.mailbox.put(Chunk([self._event(user, name) for user, name in again], None))

    def _event(self, user: str, name: str) -> dict[str, object]:
        extra = {"amplitude": {"time": "noon"}} if name in self.refused else {}
        return event(int(name[2:]), user, **extra)

    def learn(self) -> None:
        """The first so many offers are accepted: chunks are committed in the order in which they came."""
        self.accepted = self.offered[: self.queue.totals.accepted]

    @invariant()
    def accounts_add_up(self) -> None:
        if hasattr(self, "simulation"):
            counts = self.simulation.status()
            assert counts.balanced
            assert counts[:4] == (*self.queue.totals[:3], self.queue.totals.pending)
            assert counts.delivered <= len(self.simulation.delivered)

    @invariant()
    def nothing_is_doubled_or_overtaken(self) -> None:
        if hasattr(self, "simulation"):
            assert len(set(self.simulation.delivered)) == len(self.simulation.delivered)
            for user in USERS:
                order = self.simulation.delivered_of(user)
                assert order == sorted(order)

    def teardown(self) -> None:
        if not hasattr(self, "simulation"):
            return
        try:
            self.simulation.faults.clear()
            self.simulation.mailbox.put(EndOfInput())
            for _ in range(2_000):
                if self.sender.step(self.sender.patience()):
                    break
            self.learn()
            assert self.queue.totals[:3] == (
                len(self.offered),
                len(self.offered) - len(self.refused),
                len(self.refused),
            )
            expected = sorted(name for _, name in self.offered if name not in self.refused)
            assert sorted(self.simulation.delivered) == expected
            self.nothing_is_doubled_or_overtaken()
        finally:
            self.queue.close()
            shutil.rmtree(self.folder)


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)

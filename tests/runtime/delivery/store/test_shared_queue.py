"""Several writers of one queue: the accounts agree, numbers are given once, and a sender sees what others accept."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.delivery.adapter import Part, Route
from rulewright.runtime.delivery.deliver import Stopper, deliver
from rulewright.runtime.delivery.disposition import Reason
from rulewright.runtime.delivery.schedule.partitions import Partitions
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.delivery.store.receipts import LONGEST_ID, Receipt, key_of
from rulewright.runtime.delivery.store.transaction import Totals, Transaction, Unsent
from rulewright.runtime.delivery.window import Window
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.exchange import FakeExchange
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.simulation import HTTP_API, KEY, FakeClock, track

ADAPTER = AmplitudeDelivery(Keys(KEY), None, paced=False)
EVENTS = Route("events", "POST", HTTP_API)


def part(number: int, route: Route = EVENTS) -> Part:
    body = b'{"user_id":"user-%d","event_type":"e","insert_id":"i-%d"}' % (number, number)
    return Part(route, f"user {number}", body)


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.booleans(), st.booleans()), max_size=12))
def test_the_accounts_of_all_writers_agree(tmp_path_factory: object, steps: list[tuple[int, int, bool, bool]]) -> None:
    path = tmp_path_factory.mktemp("queue") / "q.db"  # type: ignore[attr-defined]
    writers = [Queue(path, "amplitude") for _ in range(3)]
    given_numbers: list[int] = []
    pending: list[int] = []
    try:
        for who, count, fails, settles in steps:
            change = Transaction(parts=[part(n) for n in range(count)], events=1)
            if fails:
                change.unsent.append(Unsent(Reason("failed", "it failed"), None, b"{}"))
            if settles and pending:
                change.delivered.append(pending.pop())
            items = writers[who].apply(change, 1.0)
            given_numbers += [item.seq for item in items]
            pending += [item.seq for item in items]
        assert len(set(given_numbers)) == len(given_numbers)
        for writer in writers:
            writer.refresh()
        assert writers[0].totals == writers[1].totals == writers[2].totals
        counts = status(path, 2.0)
        assert counts.balanced and counts.pending == len(pending)
        assert counts.events == len(steps)
    finally:
        for writer in writers:
            writer.close()


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_each_part_comes_into_memory_once_whenever_another_writer_accepts_it(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool, bool]]
) -> None:
    path = tmp_path_factory.mktemp("queue") / "q.db"
    accepted = 0
    with closing(Queue(path, "amplitude")) as sender, closing(Queue(path, "amplitude")) as acceptor:
        partitions = Partitions()
        window = Window(sender, partitions, FakeClock())
        for count, refreshes, fills in steps:
            acceptor.apply(Transaction(parts=[part(accepted + n) for n in range(count)], events=1), 1.0)
            accepted += count
            if refreshes:
                sender.refresh()
            if fills:
                window.fill()
        sender.refresh()
        window.fill()
        assert partitions.waiting == accepted


def test_a_route_of_another_writer_is_known(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    with closing(Queue(path, "amplitude")) as sender, closing(Queue(path, "amplitude")) as acceptor:
        acceptor.apply(Transaction(parts=[part(1)]), 1.0)
        items, damaged = sender.after(0, 10)
        assert damaged == []
        assert sender.route(items[0].route) == EVENTS


def test_a_sender_that_stays_sends_what_another_writer_accepts(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    fake, stopper = FakeAmplitude(), Stopper()
    acceptor = Queue(path, "amplitude")
    given_out = iter(range(1, 4))

    def feed(totals: Totals, metrics: object) -> None:
        """Once all is delivered, another writer accepts one more, until there is none left."""
        if totals.pending or totals.delivered < acceptor.totals.accepted:
            return
        number = next(given_out, None)
        if number is None:
            stopper.stop()
        else:
            acceptor.apply(Transaction(parts=[part(number)]), 1.0)
            stopper.more()

    with closing(acceptor):
        report = deliver(
            track,
            None,
            queue=path,
            adapter=ADAPTER,
            follow=True,
            stopper=stopper,
            progress=feed,
            exchange=FakeExchange(fake),
        )
    assert report.totals.delivered == 3 and report.totals.pending == 0
    assert sorted(str(entry.insert_id) for entry in fake.ledger.entries) == ["i-1", "i-2", "i-3"]


def receipt(message_id: str, source: str = "web") -> Receipt:
    return Receipt(message_id, source, 1.0, "v1", "mapped", (("m", "a"),), 0, 1, 0, 0)


def test_receipts_are_found_by_id_and_source(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    with closing(Queue(path, "amplitude")) as queue:
        queue.keep_receipts()
        queue.apply(Transaction(parts=[part(1)], receipts=[receipt("m-1")], events=1), 1.0)
        asked = [("m-1", "web"), ("m-1", "server"), ("m-2", "web")]
        assert queue.known_ids(asked) == {("m-1", "web")}


def test_a_receipt_is_kept_for_seven_days(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    with closing(Queue(path, "amplitude")) as queue:
        queue.keep_receipts()
        queue.apply(Transaction(parts=[part(1)], receipts=[receipt("old")], events=1), 1.0)
        queue.apply(Transaction(receipts=[receipt("mid")._replace(received_at=600_000.0)], events=1), 604_801.0 - 1)
        assert queue.known_ids([("old", "web")])
        queue.apply(Transaction(receipts=[receipt("new")._replace(received_at=604_802.0)], events=1), 604_802.0)
        assert not queue.known_ids([("old", "web")])
        assert len(queue.known_ids([("mid", "web"), ("new", "web")])) == 2


def test_a_long_or_broken_id_has_a_short_key() -> None:
    assert key_of("m-1") == "m-1"
    assert len(key_of("x" * 10_000)) == LONGEST_ID
    assert key_of("x" * 10_000) != key_of("x" * 10_001)
    assert key_of("\ud800") == "\\ud800"

"""One partition through a queue to a fake Amplitude, and its ledger, without Spark."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as arrow_compute
import pytest

from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.spark import outcome_rows
from rulewright.spark.ledger import DEAD, DELIVERED, DeliveryLedger, LedgerProblem, SettledPart
from rulewright.spark.outcome_rows import OutcomeRows
from rulewright.spark.request_parts import PARTS, PartRows
from rulewright.spark.sending import SendPartition
from rulewright.spark.shipped_rules import ship
from tests.runtime.delivery.simulation import KEY

from .events import SENT_RULES


@pytest.fixture(autouse=True)
def first_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome_rows, "_task", lambda: 0)


def parts_of(events: list[dict[str, Any]], adapter: AmplitudeDelivery) -> list[Any]:
    """The parts of events as they are after Spark has divided and sorted them, in batches of two."""
    lines = pa.array([json.dumps(event).encode() for event in events], pa.binary())
    batch = pa.RecordBatch.from_arrays([lines], names=["value"])
    outcomes = OutcomeRows(ship(SENT_RULES, checks=False), "value", ())(iter([batch]))
    requests = [made.filter(arrow_compute.equal(made.column("kind"), "request")) for made in outcomes]
    rows = [row for part in PartRows(adapter)(iter(requests)) for row in part.to_pylist()]
    schema = PARTS.append(pa.field("partition", pa.int32()))
    return [
        pa.RecordBatch.from_pylist([{**row, "partition": 3} for row in rows[start : start + 2]], schema)
        for start in range(0, len(rows), 2)
    ]


def send(batches: list[Any], adapter: AmplitudeDelivery, ledger: DeliveryLedger) -> dict[str, Any]:
    (summary,) = SendPartition(adapter, ledger, 1, None)(iter(batches))
    (row,) = summary.to_pylist()
    assert row.pop("partition") == 3
    counts: dict[str, Any] = row
    return counts


def seen(**more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": "user-42", **more}


def test_a_partition_is_delivered_once_and_each_of_equal_events_counts(tmp_path: Path) -> None:
    fake, ledger = FakeAmplitude(api_key=KEY), DeliveryLedger.at(tmp_path)
    added = {"type": "identify", "userId": "user-42", "messageId": "m-2", "traits": {"$add": {"visits": 1}}}
    events = [seen(messageId="m-1"), seen(), seen(), added, added, seen(userId="x")]
    with serving(fake) as url:
        adapter = AmplitudeDelivery(Keys(KEY), url, paced=False)
        batches = parts_of(events, adapter)
        first = send(batches, adapter, ledger)
        second = send(batches, adapter, ledger)
        third = send(parts_of([*events, added], adapter), adapter, ledger)
    assert first == {"delivered": 5, "dead": 1, "known": 0, "pending": 0, "stopped": None}
    assert second == {"delivered": 0, "dead": 0, "known": 6, "pending": 0, "stopped": None}
    assert third == {"delivered": 1, "dead": 0, "known": 6, "pending": 0, "stopped": None}
    assert len(fake.ledger.entries) == 6
    table = pa.parquet.read_table(tmp_path / "partition=00003")
    (dead,) = [row for row in table.to_pylist() if row["state"] == DEAD]
    assert json.loads(dead["body"])["user_id"] == "x"
    assert (dead["endpoint"], bool(dead["code"]), bool(dead["reason"])) == ("events", True, True)
    assert KEY not in repr(table.to_pylist())


def test_a_wrong_key_stops_a_partition_with_a_sentence(tmp_path: Path) -> None:
    with serving(FakeAmplitude(api_key=KEY)) as url:
        adapter = AmplitudeDelivery(Keys("another"), url, paced=False)
        summary = send(parts_of([seen(), seen()], adapter), adapter, DeliveryLedger.at(tmp_path))
    assert (summary["delivered"], summary["dead"], summary["pending"]) == (0, 0, 2)
    assert summary["stopped"]


def test_a_row_of_another_partition_is_a_fault(tmp_path: Path) -> None:
    with serving(FakeAmplitude(api_key=KEY)) as url:
        adapter = AmplitudeDelivery(Keys(KEY), url, paced=False)
        (first, second) = parts_of([seen(n=n) for n in range(4)], adapter)
        strays = second.set_column(7, "partition", pa.array([3, 4], pa.int32()))
        with pytest.raises(RuntimeError, match="a row of partition 4 is among those of 3"):
            send([first, strays], adapter, DeliveryLedger.at(tmp_path))


def test_a_ledger_counts_keys_and_passes_over_files_that_are_not_finished(tmp_path: Path) -> None:
    ledger = DeliveryLedger.at(tmp_path / "ledger")
    assert ledger.settled(1) == Counter()
    ledger.add(
        1,
        [
            SettledPart(b"a", DELIVERED),
            SettledPart(b"a", DELIVERED),
            SettledPart(b"b", DEAD, "x", "y", "events", b"{}"),
        ],
    )
    ledger.add(1, [SettledPart(b"a", DELIVERED)])
    ledger.add(2, [SettledPart(b"c", DELIVERED)])
    (tmp_path / "ledger" / "partition=00001" / "_half.parquet").write_bytes(b"PAR1")
    assert ledger.settled(1) == {b"a": 3, b"b": 1}
    assert ledger.settled(2) == {b"c": 1}


def test_a_ledger_keeps_its_destination_and_its_number_of_partitions(tmp_path: Path) -> None:
    ledger = DeliveryLedger.at(tmp_path / "ledger")
    assert ledger.agree("amplitude", None, 8) == 8
    assert ledger.agree("amplitude", None, 16) == 8
    assert ledger.agree("amplitude", 8, 16) == 8
    with pytest.raises(LedgerProblem, match="was made for 8 partitions; leave the number out"):
        ledger.agree("amplitude", 4, 8)
    with pytest.raises(LedgerProblem, match="is for `amplitude`, not for `webhook`; name another folder"):
        ledger.agree("webhook", None, 8)
    with pytest.raises(LedgerProblem, match="is not a place for a ledger"):
        DeliveryLedger.at("nowhere://bucket/ledger")

"""Delivery on a cluster of two executors, one of which is killed on the way: the ledgers are reconciled.

EVENTS=1000000 in the environment makes it the long run.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyspark.sql import SparkSession

import rulewright
from rulewright import spark
from rulewright.runtime.destination import PLACEHOLDER
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT, FaultScript
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.spark.command import command
from rulewright.spark.ledger import LedgerProblem
from tests.runtime.delivery.simulation import KEY

from .events import SENT_RULES
from .session import session_on

EVENTS = int(os.environ.get("EVENTS", "20000"))
FILES = 8
USERS = max(50, EVENTS // 100)
FAULTS = [fault for fault in TRANSIENT if fault not in ("429-ids", "slow")]
"""Without those that wait."""


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    session = session_on("local-cluster[2,1,1024]")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Events of many users over several files, in order of time for each user; every 997th line is not an event."""
    folder, chance = tmp_path_factory.mktemp("archive"), random.Random(5)
    for file in range(FILES):
        with gzip.open(folder / f"{file}.gz", "wb", compresslevel=1) as lines:
            for number in range(file, EVENTS, FILES):
                lines.write(line_of(number, chance) + b"\n")
    return folder


def line_of(number: int, chance: random.Random) -> bytes:
    if number % 997 == 0:
        return b"not JSON"
    event = {
        "type": "track",
        "event": "Seen",
        "messageId": f"m-{number:07}",
        "userId": f"user-{chance.randrange(USERS):06}",
        "timestamp": 1_700_000_000_000 + number * 1000,
        "properties": {"number": number},
    }
    return json.dumps(event).encode()


class Executioner:
    """Kills one executor of the session in the middle of a request."""

    def __init__(self, session: SparkSession, requests: int) -> None:
        self._script = FaultScript(FAULTS, every=5, seed=7)
        self._application = session.sparkContext.applicationId
        self._left = requests
        self._lock = threading.Lock()
        self.killed = 0

    def draw(self) -> str | None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(min(executors_of(self._application)), signal.SIGKILL)
                self.killed += 1
        return self._script.draw()


def executors_of(application: str) -> list[int]:
    """The processes of the executors of one application."""
    numbers = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in words and application.encode() in words:
            numbers.append(int(place.name))
    return numbers


def test_a_killed_executor_loses_nothing_and_a_second_run_delivers_nothing(
    session: SparkSession, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
    good = [number for number in range(EVENTS) if number % 997]
    events = spark.read_events(session, str(archive))
    requests, failures = spark.map_events(events, SENT_RULES, "event", identity=["file", "line"])
    executioner = Executioner(session, requests=max(6, EVENTS // 4_000))
    fake = FakeAmplitude(api_key=KEY, draw=executioner.draw)
    with serving(fake) as url:
        first = spark.deliver(requests, tmp_path / "ledger", base_url=url, partitions=8, batch_events=500)
        requests_of_first = fake.requests
        second = spark.deliver(requests, tmp_path / "ledger", base_url=url)
    assert executioner.killed == 1
    # What the killed executor had delivered is known to the task that took its place.
    assert first.delivered + first.known == len(good)
    assert first.dead == 0
    assert second == (0, 0, len(good))
    assert fake.requests == requests_of_first
    assert failures.count() == EVENTS - len(good)
    ids = [entry.insert_id for entry in fake.ledger.entries]
    assert len(ids) == len(good)
    assert sorted(map(str, ids)) == [f"m-{number:07}" for number in good]
    order: dict[str | None, str] = {}
    for entry in fake.ledger.entries:
        assert order.get(entry.user_id, "") < str(entry.insert_id)
        order[entry.user_id] = str(entry.insert_id)
    # What the fake took is what `run` makes of the same files.
    mapper = rulewright.load(SENT_RULES, settings={"apiKey": PLACEHOLDER})
    expected: Counter[tuple[str, str]] = Counter()
    for file in archive.iterdir():
        for line in gzip.decompress(file.read_bytes()).splitlines():
            if line.startswith(b"{"):
                for request in mapper.map_bytes(line).requests:
                    expected.update((event["user_id"], event["insert_id"]) for event in (request.json or {})["events"])
    assert Counter((entry.user_id, entry.insert_id) for entry in fake.ledger.entries) == expected


def test_refused_events_are_dead_letters_and_identical_events_are_each_delivered(
    session: SparkSession, tmp_path: Path
) -> None:
    lines = [
        *(['{"type": "track", "event": "Seen", "userId": "user-42"}'] * 3),
        *(['{"type": "identify", "userId": "user-42", "traits": {"$add": {"visits": 1}}}'] * 2),
        '{"type": "track", "event": "Refused", "userId": "x", "messageId": "m-1"}',
    ]
    frame = session.createDataFrame(list(enumerate(lines)), "line int, value string")
    requests, _ = spark.map_events(frame, SENT_RULES, identity=["line"], checks=False)
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        done = spark.deliver(requests, tmp_path / "ledger", settings={"apiKey": KEY}, base_url=url, partitions=2)
        assert done == (5, 1, 0)
        assert spark.deliver(requests, tmp_path / "ledger", settings={"apiKey": KEY}, base_url=url) == (0, 0, 6)
    assert len(fake.ledger.entries) == 5
    (letter,) = spark.dead_letters(session, tmp_path / "ledger").collect()
    assert json.loads(letter.body)["event_type"] == "Refused"
    assert letter.endpoint == "events"
    assert "user_id" in letter.reason or "id" in letter.code


def test_a_wrong_key_stops_and_the_next_call_goes_on(session: SparkSession, tmp_path: Path) -> None:
    line = '{"type": "track", "event": "Seen", "userId": "user-42", "messageId": "m-1"}'
    requests, _ = spark.map_events(session.createDataFrame([(line,)], "value string"), SENT_RULES)
    ledger = tmp_path / "ledger"
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        with pytest.raises(spark.DeliveryStopped, match="the next call sends the rest"):
            spark.deliver(requests, ledger, settings={"apiKey": "wrong"}, base_url=url, partitions=2)
        assert spark.deliver(requests, ledger, settings={"apiKey": KEY}, base_url=url) == (1, 0, 0)
    for file in ledger.rglob("*"):
        assert file.is_dir() or (KEY.encode() not in file.read_bytes() and b"wrong" not in file.read_bytes())


def test_what_cannot_be_delivered_is_said_before_anything_runs(
    session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMPLITUDE_API_KEY", raising=False)
    requests, failures = spark.map_events(session.createDataFrame([("{}",)], "value string"), SENT_RULES)
    given = {"apiKey": KEY}
    with pytest.raises(ValueError, match="AMPLITUDE_API_KEY is not set"):
        spark.deliver(requests, tmp_path / "ledger")
    with pytest.raises(ValueError, match="there is no column `action`; give the requests that `map_events` gives"):
        spark.deliver(failures, tmp_path / "ledger", settings=given)
    with pytest.raises(ValueError, match="unknown destination `amplitud`"):
        spark.deliver(requests, tmp_path / "ledger", settings=given, destination="amplitud")
    with pytest.raises(LedgerProblem, match="is not a place for a ledger"):
        spark.deliver(requests, "nowhere://x", settings=given)


def test_the_command_maps_and_delivers_and_a_second_run_delivers_nothing(
    session: SparkSession, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "order.rules").write_text(SENT_RULES)
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        arguments = [str(tmp_path / "order.rules"), str(archive / "1.gz"), "--ledger", str(tmp_path / "ledger")]
        options = ["--base-url", url, "--partitions", "2", "--output"]
        missing = CliRunner().invoke(command, [*arguments, *options, str(tmp_path / "none")])
        assert "AMPLITUDE_API_KEY is not set" in missing.stderr
        assert not (tmp_path / "none").exists()
        monkeypatch.setenv("AMPLITUDE_API_KEY", KEY)
        first = CliRunner().invoke(command, [*arguments, *options, str(tmp_path / "first")])
        second = CliRunner().invoke(command, [*arguments, *options, str(tmp_path / "second")])
    count = len(fake.ledger.entries)
    assert (first.exit_code, second.exit_code) == (0, 0), first.stderr
    assert first.stderr.splitlines()[-1] == f"{count:,} delivered, 0 dead, 0 delivered or dead before"
    assert second.stderr.splitlines()[-1] == f"0 delivered, 0 dead, {count:,} delivered or dead before"


def test_micro_batches_of_a_stream_are_delivered_once(session: SparkSession, tmp_path: Path) -> None:
    source, ledger, checkpoint = tmp_path / "in", tmp_path / "ledger", tmp_path / "checkpoint"
    source.mkdir()
    fake = FakeAmplitude(api_key=KEY)
    broken = [True]

    def write(number: int) -> None:
        events = [line_of(number * 100 + at, random.Random(at)).decode() for at in range(1, 21)]
        (source / f"{number}.jsonl").write_text("\n".join(events))

    with serving(fake) as url:

        def deliver(batch: object, number: int) -> None:
            requests, _ = spark.map_events(batch, SENT_RULES)
            spark.deliver(requests, ledger / str(number), settings={"apiKey": KEY}, base_url=url, partitions=2)
            if broken:
                broken.clear()
                raise RuntimeError("the driver fails before the checkpoint")

        def run() -> None:
            lines = session.readStream.schema("value string").option("maxFilesPerTrigger", 1).text(str(source))
            stream = lines.writeStream.foreachBatch(deliver).option("checkpointLocation", str(checkpoint))
            stream.trigger(availableNow=True).start().awaitTermination()

        write(1)
        with pytest.raises(Exception, match="the driver fails before the checkpoint"):
            run()
        run()
        write(2)
        run()
    assert len(fake.ledger.entries) == 40
    assert fake.ledger.duplicates == 0

"""On the driver: delivers the requests of a DataFrame, with a ledger of the parts that are settled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from ..runtime.delivery.adapter import Adapter
from ..runtime.destinations import DEFAULT, DESTINATIONS
from .frames import REQUEST_COLUMNS
from .ledger import DEAD, ENTRIES, DeliveryLedger
from .request_parts import PARTS, PartRows
from .sending import SUMMARY, SendPartition

PARTITIONS_FOR_EACH_SLOT = 4


class Delivered(NamedTuple):
    """How a delivery ended; parts are Amplitude events, form calls or bodies."""

    delivered: int
    dead: int
    """Refused by the destination; `dead_letters` gives them."""
    known: int
    """Settled by an earlier delivery with the same ledger, and not sent again."""


class DeliveryStopped(RuntimeError):
    """A delivery ended before everything was settled; the ledger has the parts that were settled."""


def deliver(
    requests: DataFrame,
    queue: str | Path,
    *,
    settings: Mapping[str, Any] | None = None,
    destination: str = DEFAULT,
    base_url: str | None = None,
    insecure: bool = False,
    partitions: int | None = None,
    rate: float | None = None,
    connections: int = 1,
    batch_events: int | None = None,
) -> Delivered:
    """Deliver the requests that `map_events` gives, and return when all are delivered or dead letters.

    `queue` is a folder that all nodes see, or a URL (`s3://`, `gs://`, `hdfs://`), for the ledger of settled parts.
    Because of it, a second call, or a task that is retried, repeats only parts that were in flight. The parts of one
    user are sent by one task, ordered by time. `partitions` is the number of tasks that share the work, by default four
    for each slot of the cluster; it cannot change for a ledger. `rate` is in parts a second over the whole cluster,
    `connections` is the number of requests in flight of each task, and `batch_events` the most parts in a request. The
    key comes from `settings`, or else from the environment of the driver.

    Raises DeliveryStopped if a task had to stop, for example because of a wrong key; ValueError if a key or a column is
    missing, or speculation is on; and LedgerProblem for a ledger of another destination.
    """
    session = requests.sparkSession
    if session.conf.get("spark.speculation", "false") == "true":
        raise ValueError("speculation sends requests twice; set spark.speculation to false")
    missing = [name for name in REQUEST_COLUMNS if name not in requests.columns]
    if missing:
        raise ValueError(f"there is no column `{missing[0]}`; give the requests that `map_events` gives")
    adapter = adapter_of(destination, settings, base_url, insecure=insecure)
    ledger = DeliveryLedger.at(queue)
    slots = session.sparkContext.defaultParallelism
    number = ledger.agree(adapter.name, partitions, PARTITIONS_FOR_EACH_SLOT * slots)
    share = None if rate is None else rate / min(number, slots)
    parts = requests.select(*REQUEST_COLUMNS).mapInArrow(PartRows(adapter), from_arrow_schema(PARTS))
    # The partition of a row by Spark's own hash, which is what divides the rows among tasks.
    divided = parts.withColumn("partition", F.pmod(F.hash("order"), F.lit(number))).repartition(number, "order")
    ordered = divided.sortWithinPartitions("time", "position", "place")
    send = SendPartition(adapter, ledger, connections, share, batch_events)
    rows = ordered.mapInArrow(send, SUMMARY).collect()
    stopped = sorted({row.stopped for row in rows if row.stopped is not None})
    if stopped:
        raise DeliveryStopped(
            f"{'; '.join(stopped)}; the ledger has what is delivered, and the next call sends the rest"
        )
    return Delivered(*(sum(row[name] for row in rows) for name in Delivered._fields))


def dead_letters(session: SparkSession, queue: str | Path) -> DataFrame:
    """What the destination refused, from a ledger: code, reason, endpoint and body of each."""
    entries = session.read.schema(from_arrow_schema(ENTRIES)).parquet(DeliveryLedger.at(queue).uri)
    return entries.where(entries.state == DEAD).select("code", "reason", "endpoint", "body")


def adapter_of(name: str, settings: Mapping[str, Any] | None, base_url: str | None, *, insecure: bool) -> Adapter:
    """The adapter for a destination. Raises ValueError, for example for a missing key."""
    delivery = DESTINATIONS.delivery(name)
    given = None if settings is None else DESTINATIONS[name].settings(settings)
    return delivery.adapter(given, base_url, insecure=insecure)

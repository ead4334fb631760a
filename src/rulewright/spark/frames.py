"""On the driver: DataFrames of events become lazy DataFrames of requests and failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import BinaryType, StringType, StructType

from .outcome_rows import COLUMNS, FAILURE, REQUEST, OutcomeRows
from .shipped_rules import ShippedRules, ship

_PLACE = ("event_id", "time", "position")
REQUEST_COLUMNS = (
    *("mapping", "action", "method", "url", "headers", "json", "form", "order", "repairs", "request_number"),
    *_PLACE,
)
FAILURE_COLUMNS = ("mapping", "field", "code", "message", "rule", "event", *_PLACE)


def map_events(
    df: DataFrame,
    rules: str | Path,
    column: str = "value",
    *,
    keep: Sequence[str] | None = None,
    identity: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    checks: bool = True,
) -> tuple[DataFrame, DataFrame]:
    """The requests and the failures of events, as two lazy DataFrames.

    `column` has the JSON text of an event. `keep` names the columns that both DataFrames keep, by default all others.
    `identity` names columns, such as file and line, that distinguish events with the same text and no message ID.
    `rules`, `settings` and `checks` are those of `rulewright.load`; keys in the requests are placeholders, so that the
    data of a job has no secret. Each DataFrame runs the mapping when it is computed; persist `map_outcomes` to run it
    once.

    Raises RuleError for rules with errors, and ValueError for a column that does not exist or is not text.
    """
    outcomes = map_outcomes(df, rules, column, keep=keep, identity=identity, settings=settings, checks=checks)
    return requests_of(outcomes), failures_of(outcomes)


def map_outcomes(
    df: DataFrame,
    rules: str | Path | ShippedRules,
    column: str = "value",
    *,
    keep: Sequence[str] | None = None,
    identity: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    checks: bool = True,
    numbers: str | None = None,
) -> DataFrame:
    """Requests, failures and an account of each task in one lazy DataFrame; the column `kind` says which a row is."""
    kept = tuple(name for name in df.columns if name != column) if keep is None else tuple(keep)
    _require_columns(df, column, (*kept, *identity))
    shipped = rules if isinstance(rules, ShippedRules) else ship(rules, settings, checks)
    rows = OutcomeRows(shipped, column, kept, tuple(identity), numbers)
    schema = StructType([*(df.schema[name] for name in kept), *from_arrow_schema(COLUMNS).fields])
    used = list(dict.fromkeys((column, *kept, *identity, *((numbers,) if numbers else ()))))
    return df.select(*used).mapInArrow(rows, schema)


def requests_of(outcomes: DataFrame) -> DataFrame:
    """The requests among outcomes."""
    return _of_kind(outcomes, REQUEST, REQUEST_COLUMNS)


def failures_of(outcomes: DataFrame) -> DataFrame:
    """The failures among outcomes: for each the original event, and why a mapping sends nothing."""
    return _of_kind(outcomes, FAILURE, FAILURE_COLUMNS)


def _of_kind(outcomes: DataFrame, kind: str, columns: Sequence[str]) -> DataFrame:
    kept = [name for name in outcomes.columns if name not in COLUMNS.names]
    return outcomes.where(outcomes.kind == kind).select(*kept, *columns)


def _require_columns(df: DataFrame, column: str, others: Sequence[str]) -> None:
    for name in (column, *others):
        if name not in df.columns:
            raise ValueError(f"there is no column `{name}`; the columns are {', '.join(df.columns)}")
    type_ = df.schema[column].dataType
    if not isinstance(type_, StringType | BinaryType):
        raise ValueError(
            f"expected `{column}` to hold JSON text (string or binary), found {type_.simpleString()}; make text of it"
            " with `to_json`"
        )
    taken = [name for name in others if name in COLUMNS.names]
    if taken:
        raise ValueError(f"the column `{taken[0]}` has the name of a column that is added; rename it")

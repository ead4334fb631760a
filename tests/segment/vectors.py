"""Rows that Segment's own packages wrote: events, triggers and mappings, with what their code makes of them."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

from tests.paths import ROOT

DATA = ROOT / "tests" / "data" / "segment"


@cache
def rows(name: str) -> list[Any]:
    """The rows of a file, by its name without an ending."""
    packed = DATA / f"{name}.jsonl.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (DATA / f"{name}.jsonl").read_bytes()
    return [json.loads(line) for line in text.splitlines()]


def events() -> list[dict[str, Any]]:
    """The 300 events that `fql` and `mapping` point into."""
    return rows("events")


def same_json(first: Any, second: Any) -> bool:
    """Equal as JSON, where 1 and true are two values, and 1 and 1.0 one."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_json(value, second[key]) for key, value in first.items())
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_json, first, second))
    return bool(first == second)

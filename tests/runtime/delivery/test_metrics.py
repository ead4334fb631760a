"""Metrics: the same numbers as JSON and in Prometheus' text form."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path

from rulewright.runtime.delivery.disposition import Delivered, Reason, Retry
from rulewright.runtime.delivery.logs import Formatter
from rulewright.runtime.delivery.metrics import BUCKETS, Metrics
from rulewright.runtime.delivery.store.transaction import Totals

from .simulation import Simulation, event

TOTALS = Totals(10, 6, 1, 12, 2, 0, {"nested_list": 1, "long_string": 3})


def metrics() -> Metrics:
    counted = Metrics()
    counted.answered("events", "200", Delivered(), 0.02, 1_000)
    counted.answered("events", "502", Retry(Reason("http_502", "no")), 99.0, 500)
    return counted


def test_as_json() -> None:
    numbers = metrics().as_json(TOTALS)
    assert (numbers["accepted_total"], numbers["pending"], numbers["retries_total"]) == (10, 3, 1)
    assert numbers["sent_bytes_total"] == 1_500
    assert numbers["repairs_total"] == [{"code": "long_string", "count": 3}, {"code": "nested_list", "count": 1}]
    assert numbers["request_seconds"]["buckets"]["0.025"] == 1
    assert numbers["request_seconds"]["buckets"]["+Inf"] == 2
    assert {"endpoint": "events", "status": "502", "outcome": "retry", "count": 1} in numbers["requests_total"]


def test_as_prometheus() -> None:
    text = metrics().as_prometheus(TOTALS)
    sample = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+$')
    lines = text.splitlines()
    assert all(line.startswith("# ") or sample.match(line) for line in lines)
    assert "rulewright_pending 3" in lines
    assert 'rulewright_repairs_total{code="long_string"} 3' in lines
    assert 'rulewright_requests_total{endpoint="events",status="200",outcome="delivered"} 1' in lines
    assert sum(line.startswith("rulewright_request_seconds_bucket") for line in lines) == len(BUCKETS) + 1
    types = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))


def test_the_file_is_replaced_whole(tmp_path: Path) -> None:
    counted = metrics()
    counted.write(tmp_path / "metrics.json", TOTALS)
    counted.write(tmp_path / "metrics.prom", TOTALS)
    assert json.loads((tmp_path / "metrics.json").read_text())["delivered_total"] == 6
    assert (tmp_path / "metrics.prom").read_text() == counted.as_prometheus(TOTALS)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["metrics.json", "metrics.prom"]


def test_a_sender_counts_what_it_does(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["502"])
    simulation.run([event(1), event(2)])
    assert (simulation.metrics.retries, simulation.metrics.gauges["in_flight"]) == (1, 0)
    assert sum(simulation.metrics.requests.values()) == 2


def test_logs_are_lines_without_keys() -> None:
    record = logging.LogRecord("r", logging.WARNING, "", 1, "stop: %s", ("key-1 is wrong",), None)
    record.fields = {"status": "400", "reason": Reason("a", "key-1")}
    line = Formatter(as_json=True, secrets=["key-1", ""]).format(record)
    entry = json.loads(line)
    assert (entry["level"], entry["message"], entry["status"]) == ("warning", "stop: [key] is wrong", "400")
    assert "key-1" not in line
    assert Formatter(as_json=False, secrets=["key-1"]).format(record) == "warning: stop: [key] is wrong"


def test_a_log_has_tracebacks_only_on_request_and_without_keys() -> None:
    try:
        raise AssertionError("key-1")
    except AssertionError:
        record = logging.LogRecord("r", logging.ERROR, "", 1, "a fault", (), sys.exc_info())
    assert Formatter(as_json=False, secrets=[]).format(record) == "error: a fault"
    assert "traceback" not in json.loads(Formatter(as_json=True, secrets=[]).format(record))
    lines = Formatter(as_json=False, secrets=["key-1"], tracebacks=True).format(record).splitlines()
    assert (lines[:2], lines[-1]) == (
        ["error: a fault", "Traceback (most recent call last):"],
        "AssertionError: [key]",
    )
    entry = json.loads(Formatter(as_json=True, secrets=["key-1"], tracebacks=True).format(record))
    assert entry["traceback"].splitlines() == lines[1:]

"""The laws that hold for all rules: each finds a fault that is planted for it, and none finds one elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.laws.options import LawOptions
from rulewright.laws.trying import LawTrial
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.outcome import Outcome
from rulewright.testing.law_results import LawResult
from rulewright.testing.suite.suite import read_suite
from tests.long_cases import long_cases
from tests.paths import ROOT

from .trials import HEAD, LONG, ORDERS

LIMITS, TEXT, REPEATED = (
    "no request breaks a limit",
    "text and objects are mapped alike",
    "a repeated event has the same insert_id",
)


def built_in(path: Path, count: int = 80, *, checks: bool = True) -> dict[str, LawResult]:
    suite = read_suite(path)
    if not checks:
        mapper = suite.rules.mapper
        suite.rules.mapper = Mapper(mapper.program, settings={"secretKey": "x"}, checks=False)
    results = LawTrial(suite, LawOptions(count, 0, LONG)).results(lambda name: True)
    return {result.name: result for result in results if result.law is None}


@pytest.mark.parametrize("count", [20, *long_cases(80)])
@pytest.mark.parametrize("rules", ["examples/shop.rules", "rules/amplitude/presets.rules"])
def test_they_hold_for_shipped_rules(rules: str, count: int) -> None:
    results = built_in(ROOT / rules, count)
    assert [*results] == [LIMITS, TEXT, REPEATED]
    assert {result.status for result in results.values()} == {"held"}


def written(folder: Path, text: str) -> Path:
    path = folder / "shop.rules"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_insert_id_of_the_time_of_sending_is_found(tmp_path: Path) -> None:
    path = written(tmp_path, ORDERS.replace("insert_id        = messageId", 'insert_id = "{{messageId}} {{sentAt}}"'))
    results = built_in(path)
    assert results[REPEATED].status == "broken"
    assert '"Orders" sends another insert_id when the event is sent again' in results[REPEATED].problem
    assert results[LIMITS].held
    assert results[TEXT].held


def test_request_beyond_a_limit_is_found(tmp_path: Path) -> None:
    results = built_in(written(tmp_path, ORDERS), checks=False)
    assert results[LIMITS].status == "broken"
    assert 'the destination refuses a request of "Orders"' in results[LIMITS].problem


def test_text_that_is_mapped_in_another_way_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Mapper.map_bytes

    def wrong(self: Mapper, line: bytes | str) -> Outcome:
        return real(self, bytes(line if isinstance(line, bytes) else line.encode()).replace(b"Berlin", b"Paris"))

    monkeypatch.setattr(Mapper, "map_bytes", wrong)
    results = built_in(written(tmp_path, ORDERS))
    assert results[TEXT].problem == "as text the event has other requests than as an object"
    event = results[TEXT].event
    assert event is not None
    assert event["traits"] == {"address": {"city": "Berlin"}}

"""Trees of files that change: the same as those of a first reading, at the cost of the change alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.authoring.symbols import Symbol, outline, tree_of
from rulewright.authoring.trees import Trees
from rulewright.authoring.workspace import Stale, Workspace
from rulewright.checks.recorded_paths import RECORDED_CODES
from rulewright.dsl.source import Source

RULES = """destination amplitude

mapping "Orders" -> logEventV2 {
  when type = "track" and event = "Order Completed"
  use defaults
}

mapping "Carts" -> logEventV2 {
  when type = "track" and event = "Cart Viewed"
  use defaults
}
"""


@given(st.lists(st.tuples(st.integers(0, 260), st.integers(0, 40), st.text('mapping "}{\n', max_size=9)), max_size=5))
def test_a_tree_after_edits_is_that_of_a_first_reading(edits: list[tuple[int, int, str]]) -> None:
    trees, text = Trees(), RULES
    for start, length, typed in edits:
        text = text[:start] + typed + text[start + length :]
        again, first = trees.of(Source("a", text)), tree_of(text, "a")
        assert [_plain(symbol) for symbol in outline(again)] == [_plain(symbol) for symbol in outline(first)]


def _plain(symbol: Symbol) -> tuple[object, ...]:
    children = [_plain(child) for child in symbol.children]
    return symbol.name, symbol.kind, symbol.detail, str(symbol.span), symbol.span.text, str(symbol.name_span), children


def test_an_item_that_did_not_change_is_not_read_again() -> None:
    trees = Trees()
    before = trees.of(Source("a", RULES)).items
    after = trees.of(Source("a", RULES.replace("Cart Viewed", "Cart Opened"))).items
    assert [old is new for old, new in zip(before, after, strict=True)] == [True, True, False]
    assert trees.of(Source("a", RULES.replace("Cart Viewed", "Cart Opened"))).items is after


def test_a_check_on_events_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    lines = [b'{"type": "track", "event": "Order Completed", "userId": "user-1"}'] * 2
    workspace = Workspace(lines, "events.jsonl")
    workspace.put(path, RULES)
    asked: list[None] = []

    def is_stale() -> bool:
        asked.append(None)
        return len(asked) == 2

    with pytest.raises(Stale):
        workspace.check_on_events(path, is_stale)
    codes = {finding.code for finding in workspace.check_on_events(path, lambda: False)[path]}
    assert codes & RECORDED_CODES == {"RW0409", "RW0415"}
    assert {finding.code for finding in workspace.check(path)[path]} == codes - RECORDED_CODES

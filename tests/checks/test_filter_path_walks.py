"""Everything that follows a path of `drop` or `keep` finds what the filter finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.checks.recorded_paths import FilteredPath
from rulewright.compiler import ir
from rulewright.dsl.ast import EventPath, EveryItem, KeyPattern
from rulewright.dsl.source import NOWHERE
from rulewright.runtime.mapping.filters import drop_paths
from rulewright.runtime.semantics.missing import MISSING
from rulewright.testing.path_values import has_value, values_at
from rulewright.trace.filter_paths import paths_found

KEYS = st.sampled_from(["a", "ab", "0", "01", "٣"])
EVENTS = st.dictionaries(
    KEYS,
    st.recursive(
        st.sampled_from([0, 1, None, "", "x", False]),
        lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3),
        max_leaves=10,
    ),
    max_size=3,
)
STEPS = KEYS | st.integers(0, 2) | st.just(EveryItem()) | st.sampled_from([KeyPattern("*"), KeyPattern("a*")])
PATHS = st.builds(
    lambda inner, last: (*inner, last), st.lists(STEPS, max_size=3), STEPS.filter(lambda step: step != ())
)
"""A path of a filter cannot end with `[]`."""


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    elif value is not None:
        yield value


def dropped(event: dict[str, Any], path: EventPath) -> Counter[str]:
    """The plain values that `drop` takes out."""
    return Counter(map(repr, leaves(event))) - Counter(map(repr, leaves(drop_paths(event, [path]))))


@settings(max_examples=500, deadline=None)
@given(EVENTS, PATHS)
@example({"a": [{"ab": 1}, {"ab": None}]}, ("a", "ab"))
@example({"a": [{"ab": 1}]}, ("a", KeyPattern("a*")))
@example({"a": [{"01": 1}]}, ("a", "01"))
@example({"a": [1, 2]}, ("a", 1))
@example({"a": {"ab": 1}}, ("a", EveryItem(), "ab"))
def test_what_a_test_calls_the_value_at_a_path_is_what_drop_takes_out(event: dict[str, Any], path: EventPath) -> None:
    assert Counter(map(repr, values_at(event, path))) == dropped(event, path)
    assert has_value(event, path) is bool(dropped(event, path))


@settings(max_examples=500, deadline=None)
@given(EVENTS, PATHS)
@example({"a": [{"ab": 1}]}, ("a", "ab"))
@example({"a": [{"ab": 1}]}, ("a", KeyPattern("a*")))
@example({"a": None}, ("a",))
def test_recorded_events_and_explanations_carry_a_path_that_drop_changes(
    event: dict[str, Any], path: EventPath
) -> None:
    changes = drop_paths(event, [path]) != event
    filter_ = ir.Filter("strip", None, paths=(path,), places=(NOWHERE,))
    (walk,) = paths_found(filter_, event)
    assert (walk.value is not MISSING) is changes
    assert FilteredPath(path, NOWHERE).carried_by(event) is changes

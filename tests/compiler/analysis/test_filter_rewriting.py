"""The law of what filters take out: a condition said of the event that came is what is read behind the filters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.checks.analysis_context import analysis_context
from rulewright.compiler import ir
from rulewright.compiler.analysis.filter_rewriting import over_unfiltered_event
from rulewright.loading.pipeline import check_files, read
from rulewright.runtime.mapping.filters import drop_paths, keep_paths

PATHS = (
    "a",
    "a.b",
    "a.c",
    "a.b.d",
    "e",
    "a.b.0",
    "a.length",
    "e.b",
    "a[0].b",
    "a[1]",
    "a.b[0].d",
    "e[0]",
    "a.b.length",
)
FILTER_PATHS = ("*", "*.b", "a.*", "a.*.d", "a[].b", "a[].b[].d", "e[].*", "$[].a.b", "a.b*[0]")
"""What only a filter can name: keys by a pattern, and every item of a list."""
CONDITIONS = (
    *(f'{path} = "x"' for path in PATHS),
    *(f"{path} != null" for path in PATHS),
    'coalesce(a.b.d, e) = "x" and !(a.c = null)',
    'if(a.c = "x", a.b.d, e) = "x"',
    'contains(lowercase(a.b.d), "x") or e in ["x", "y"]',
    *(f'typeof({path}) = "{type_}"' for path in ("a", "a.b", "a[0]") for type_ in ("object", "list")),
    "a.b = false or e = 0",
)
LEAVES = st.sampled_from(["x", "y", None, 1, True, False, 0, ""])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(st.sampled_from("bcd0"), inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=6,
)
EVENTS = st.dictionaries(st.sampled_from("ae"), VALUES, max_size=2)


@st.composite
def filters(draw: st.DrawFn) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        paths = draw(st.lists(st.sampled_from((*PATHS, *FILTER_PATHS)), min_size=1, max_size=3))
        when = draw(st.sampled_from(["", *(f" when {condition}" for condition in CONDITIONS[:6])]))
        lines.append(f"{draw(st.sampled_from(['drop', 'keep']))} {', '.join(paths)}{when}")
    return "\n".join(lines)


def rules(text: str, when: str) -> ir.Program:
    mapping = f'mapping "A" -> logEventV2 {{\n  when {when}\n  event_type = "x"\n}}\n'
    return check_files(read(f"destination amplitude\n{text}\n{mapping}"))[0]


def filtered(event: dict[str, Any], checked: ir.Program) -> dict[str, Any]:
    for step in checked.filters:
        if step.condition is None or analysis_context().value_of(step.condition, event) is True:
            event = (drop_paths if step.kind == "strip" else keep_paths)(event, step.paths)
    return event


@given(text=filters(), when=st.sampled_from(CONDITIONS), events=st.lists(EVENTS, min_size=1, max_size=6))
def test_said_of_the_event_that_came_it_is_what_is_read_behind_the_filters(
    text: str, when: str, events: list[dict[str, Any]]
) -> None:
    checked = rules(text, when)
    trigger = checked.mappings[0].trigger
    came, exact = over_unfiltered_event(trigger, checked.filters)
    if exact:
        for event in events:
            assert analysis_context().value_of(came, event) == analysis_context().value_of(
                trigger, filtered(event, checked)
            )


@pytest.mark.parametrize(
    ("text", "when", "exact"),
    [
        ("drop a.b", 'a.c = "x"', True),
        ("drop a.b", 'a.b.d = "x"', True),
        ("drop a.b", "a = null", False),
        ("keep a.b", 'a.c = "x"', True),
        ("keep a.b", 'a.b.d = "x"', True),
        ("keep a.b", "a = null", False),
        ("keep a, a.b", "a = null", True),
        ("drop e when a = null", 'e = "x"', True),
        ("drop a.b\ndrop e when a = null", 'e = "x"', False),
    ],
)
def test_where_it_is_the_whole_truth(text: str, when: str, exact: bool) -> None:
    checked = rules(text, when)
    assert over_unfiltered_event(checked.mappings[0].trigger, checked.filters)[1] is exact


def test_without_filters_that_take_anything_out_nothing_is_made_anew() -> None:
    checked = rules('drop when e = "x"', 'a.c = "x"')
    trigger = checked.mappings[0].trigger
    assert over_unfiltered_event(trigger, checked.filters)[0] is trigger

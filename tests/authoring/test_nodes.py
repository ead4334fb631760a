"""What is around a place: selections that grow, and the variables of comprehensions."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.authoring.nodes import around, selections
from rulewright.authoring.symbols import tree_of
from rulewright.authoring.variables import variable_at

HEAD = 'destination amplitude\n\nmapping "Orders" -> logEventV2 {\n  when type = "track"\n  '
RULES = HEAD + 'city = lowercase("a {{context.location.city}}")\n}\n'


def test_a_selection_grows_from_the_path_to_the_file() -> None:
    spans = [span.text for span in selections(tree_of(RULES), RULES.index("location"))]
    assert spans[:4] == [
        "context.location.city",
        '"a {{context.location.city}}"',
        'lowercase("a {{context.location.city}}")',
        'city = lowercase("a {{context.location.city}}")',
    ]
    assert spans[-1] == RULES
    assert next(span.text for span in selections(tree_of(RULES), RULES.index("Orders"))) == '"Orders"'


@given(st.integers(0, len(RULES)), st.integers(0, len(RULES)))
def test_each_selection_is_inside_the_next(cut: int, offset: int) -> None:
    text = RULES[:cut]
    spans = selections(tree_of(text), min(offset, cut))
    for inner, outer in itertools.pairwise(spans):
        assert outer.start <= inner.start <= inner.end <= outer.end
        assert outer.text != inner.text
    assert all(node.span.start <= min(offset, cut) <= node.span.end for node in around(tree_of(text), min(offset, cut)))


VARIABLES: list[tuple[str, str | None, list[str]]] = [
    ("tags = [‸p.a for p in properties.list]", "p", ["p", "p"]),
    ("tags = [p.a for ‸p in properties.list]", "p", ["p", "p"]),
    ("tags = [p.‸a for p in properties.list]", None, []),
    ("tags = [p.a for p in ‸p.list]", None, []),
    ("tags = [$.‸p for p in properties.list]", None, []),
    ("tags = [p for p in x if ‸p.a = 1 and p.b = 2]", "p", ["p", "p", "p", "p"]),
    ('tags = ["{{‸p.a}}" for p in x]', "p", ["p", "p"]),
    # The inner variable hides the outer one, but not in its own list.
    ("tags = [[p.a for p in p.inner] for ‸p in x]", "p", ["p", "p"]),
    ("tags = [[‸p.a for p in p.inner] for p in x]", "p", ["p", "p"]),
    ("tags = [[q.a, p.b] for q in ‸p.inner]", None, []),
    ("city = ‸p.a", None, []),
]


@pytest.mark.parametrize(("statement", "name", "uses"), VARIABLES)
def test_a_variable_is_found_at_each_of_its_places(statement: str, name: str | None, uses: list[str]) -> None:
    text = HEAD + statement.replace("‸", "") + "\n}\n"
    variable = variable_at(tree_of(text), len(HEAD) + statement.index("‸"))
    assert (variable and variable.name) == name
    assert [span.text for span in variable.uses()] == uses if variable else not uses


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("item", None), ("p", None), ("in", "expected a name"), ("1a", "expected a name"), ("q", "another meaning")],
)
def test_a_variable_takes_no_name_that_means_something_else(name: str, refusal: str | None) -> None:
    text = HEAD + "tags = [[p.a, q.b] for p in x]\n}\n"
    variable = variable_at(tree_of(text), text.index("p.a"))
    assert variable is not None
    assert refusal in (variable.refusal(name) or "") if refusal else variable.refusal(name) is None

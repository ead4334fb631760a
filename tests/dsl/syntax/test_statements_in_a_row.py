"""Fields and entries that stand in a row are read as they are when each stands by itself."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.dsl import ast
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression, read_file

VALUES = (
    "a", "a.b-c", "$", "$.a", "a[0].b", 'a."odd = key".b', "a.'x'", "\\a b\\ c", "true", "null", "omit", "truely",
    "in.a", "1", "1.5e3", ".5", "1.", "-1", '"x"', "'#'", '"a = b"', '"{{ a.b }} and {{ c }}"', '"{{"', "not", "a + b",
    "f(a)",
)  # fmt: skip
GAPS = ("\n", " ", "\n\n  ", " # a = b\n", "#\n#, x: y\n", "\ufeff", "\u00a0\n", "\x0b")
names = st.sampled_from(["a", "b", "a-b", "\\a\\ b", "when", "é", "_1"])
keys = st.sampled_from(["a", "b", "a-b", "$set", "1", "for", '"a b"'])
gaps = st.sampled_from(GAPS)
values = st.sampled_from(VALUES)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(names, values, gaps, gaps), min_size=2, max_size=5))
def test_fields(fields: list[tuple[str, str, str, str]]) -> None:
    head = 'mapping "m" -> a {'
    parts = [f"{name}{' ' * len(gap)}= {value}{gap}" for name, value, gap, _ in fields]
    whole, diagnostics = read_file(Source("all", f"{head}{''.join(parts)}}}"))
    if diagnostics:
        return
    alone: list[ast.Statement] = []
    before = ""
    for part in parts:
        file, problems = read_file(Source("one", f"{head}{' ' * len(before)}{part}}}"))
        assert not problems
        alone.extend(_body(file))
        before += part
    assert _told(_body(whole)) == _told(alone)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(keys, values, gaps), min_size=2, max_size=5, unique_by=lambda entry: entry[0]))
def test_entries(entries: list[tuple[str, str, str]]) -> None:
    parts = [f"{key}: {value}{gap}" for key, value, gap in entries]
    whole, diagnostics = read_expression(Source("all", f"{{{','.join(parts)}}}"))
    if diagnostics:
        return
    alone: list[ast.Entry] = []
    before = ""
    for part in parts:
        entry, problems = read_expression(Source("one", f"{{{' ' * len(before)}{part}}}"))
        assert not problems
        assert isinstance(entry, ast.Object)
        alone.extend(entry.entries)
        before += f"{part},"
    assert isinstance(whole, ast.Object)
    assert _told(whole.entries) == _told(alone)


def test_a_field_may_follow_a_text_at_once() -> None:
    file, diagnostics = read_file(Source("a", 'mapping "m" -> a { a = "x"b = $ c = d }'))
    assert not diagnostics
    assert [(statement.field, statement.value) for statement in _body(file) if isinstance(statement, ast.Assign)] == [
        ("a", ast.Literal("x")),
        ("b", ast.Path((), rooted=True)),
        ("c", ast.Path(("d",))),
    ]


def test_conditions_may_stand_in_a_row_as_well() -> None:
    conditions = "field a = b c.d = 1 e = 2 f = 3, g = 4"
    file, diagnostics = read_file(Source("a", f'test "t" {{ expect "m" {{ {conditions} }} }}'))
    assert not diagnostics
    (test,) = file.items
    assert isinstance(test, ast.Test)
    (expect,) = test.body
    assert isinstance(expect, ast.Expect)
    texts = [condition.span.text for condition in expect.conditions]
    assert texts == ["field", "a = b", "c.d = 1", "e = 2", "f = 3", "g = 4"]


def test_of_a_row_the_first_is_what_was_not_expected() -> None:
    diagnostics = read_file(Source("a", 'mapping "m" -> a { use \\a = b c = d }'))[1]
    assert [diagnostic.span.text for diagnostic in diagnostics] == ["\\a = b"]


def _body(file: ast.File) -> tuple[ast.Statement, ...]:
    (item,) = file.items
    assert isinstance(item, ast.Mapping)
    return item.body


def _told(nodes: tuple[ast.Node, ...] | list[ast.Statement] | list[ast.Entry]) -> list[tuple[object, ...]]:
    return [(node, *_places(node)) for node in nodes]


def _places(node: ast.Node) -> Iterator[tuple[int, int]]:
    """Where the node and its parts stand."""
    yield node.span.start, node.span.end
    if isinstance(node, ast.Assign):
        yield node.field_span.start, node.field_span.end
    if isinstance(node, ast.Assign | ast.Entry):
        yield node.value.span.start, node.value.span.end

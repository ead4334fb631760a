"""Random trees of every kind that a parser can give, random events, and texts that nobody meant to write."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rulewright.dsl import ast

T = TypeVar("T")

FUNCTIONS = ("contains", "match", "length", "lowercase", "typeof", "if", "coalesce", "exists", "default", "number")
HEADS = ("type", "event", "userId", "anonymousId", "properties", "traits", "context", "messageId", "timestamp")
_ODD = "\"'\\{}[]().,$#*?-+=! \n\t\u00e9\u4e2d\U0001f600\u2028\ud800"

texts = st.text(st.one_of(st.sampled_from(_ODD), st.characters()), max_size=8)
bare_names = st.one_of(st.sampled_from(HEADS), st.from_regex(r"\A[a-z_](?:[a-z0-9_]|-(?=[a-z])){0,6}\Z"))
odd_names = st.text(st.characters(exclude_characters="\0\n\"'"), min_size=1, max_size=5)
names = st.one_of(bare_names, bare_names, odd_names)
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
scalars = st.one_of(texts, numbers, st.booleans(), st.none())


def _short(strategy: SearchStrategy[T]) -> SearchStrategy[T]:
    """The same, but hypothesis does not print the whole of it wherever it names it."""

    @st.composite
    def drawn(draw: st.DrawFn) -> T:
        return draw(strategy)

    return drawn()


def _tuples(strategy: SearchStrategy[T], least: int = 0, most: int = 3) -> SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


# --- expressions ---------------------------------------------------------------------------------------------------


@cache
def paths(nesting: int = 0) -> SearchStrategy[ast.Path]:
    """`nesting` counts the templates around the path: in a placeholder, fewer odd keys can be written."""
    keys = st.one_of(bare_names, texts if nesting < 2 else odd_names)
    steps = _tuples(st.one_of(keys, st.integers(0, 2**32)))
    rooted = st.builds(ast.Path, steps, st.just(True))
    return st.one_of(rooted, st.builds(lambda first, rest: ast.Path((first, *rest)), names, steps))


def _logical(operator: ast.LogicalOperator, operands: tuple[ast.Expression, ...]) -> ast.Logical:
    """Operands of the same operator are one row, as a parser gives them."""
    row: list[ast.Expression] = []
    for operand in operands:
        same = isinstance(operand, ast.Logical) and operand.operator == operator
        row.extend(operand.operands if same and isinstance(operand, ast.Logical) else [operand])
    return ast.Logical(operator, tuple(row))


def _not(operand: ast.Expression, grouped: bool) -> ast.Not:
    of_text = isinstance(operand, ast.Call) and operand.function in ("contains", "match")
    return ast.Not(operand, grouped and of_text)


def _template(parts: list[str | ast.Expression], placeholder: ast.Expression) -> ast.Template:
    """Adjacent texts become one, and there is at least one placeholder."""
    out: list[str | ast.Expression] = []
    for part in [*parts, placeholder]:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return ast.Template(tuple(out))


def _is_number(node: ast.Expression) -> bool:
    return isinstance(node, ast.Literal) and type(node.value) in (int, float)


@cache
def expressions(depth: int = 3, *, templates: bool = True, nesting: int = 0) -> SearchStrategy[ast.Expression]:
    """Expressions at most `depth` deep; without templates where a text has no placeholders."""
    return _short(_expressions(depth, templates, nesting))


def _expressions(depth: int, templates: bool, nesting: int) -> SearchStrategy[ast.Expression]:
    literals = st.builds(ast.Literal, scalars)
    leaves = st.one_of(literals, paths(nesting), st.just(ast.Omit()))
    if depth == 0:
        return leaves
    inner = expressions(depth - 1, templates=templates, nesting=nesting)
    calls = st.builds(ast.Call, st.sampled_from(FUNCTIONS), _tuples(inner))
    variables = names if nesting == 0 else bare_names
    comprehensions = st.builds(ast.Comprehension, inner, variables, inner, st.none() | inner)
    containers = st.one_of(
        objects(depth - 1, templates=templates, nesting=nesting), _lists(inner), calls, comprehensions
    )
    targets = (inner | containers).filter(lambda node: not isinstance(node, ast.Path | ast.Access))
    steps = _tuples(st.one_of(bare_names, st.integers(0, 9), texts if nesting < 2 else bare_names), least=1)
    operators: SearchStrategy[ast.Expression] = st.one_of(
        st.builds(_logical, st.sampled_from(("and", "or")), _tuples(inner, least=2)),
        st.builds(ast.Comparison, st.sampled_from(("=", "!=", "<", "<=", ">", ">=", "in")), inner, inner),
        st.builds(ast.Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(_not, inner | calls, st.booleans()),
        st.builds(ast.Negative, inner.filter(lambda node: not _is_number(node))),
        st.builds(ast.Access, targets, steps),
    )
    if not templates or nesting > 2:
        return st.one_of(leaves, containers, operators)
    in_placeholder = expressions(min(depth - 1, 2), nesting=nesting + 1)
    filled = st.builds(_template, st.lists(texts | in_placeholder, max_size=3), in_placeholder)
    return st.one_of(leaves, containers, operators, filled)


@cache
def objects(depth: int = 2, *, templates: bool = True, nesting: int = 0) -> SearchStrategy[ast.Object]:
    """Objects whose keys are all different."""
    entries = st.builds(ast.Entry, bare_names | texts, expressions(depth, templates=templates, nesting=nesting))
    unique = st.lists(entries, max_size=3, unique_by=lambda entry: entry.key)
    return _short(st.builds(ast.Object, unique.map(tuple)))


def _lists(items: SearchStrategy[ast.Expression]) -> SearchStrategy[ast.List]:
    return st.builds(ast.List, _tuples(items))


triggers = expressions(templates=False)

# --- files ---------------------------------------------------------------------------------------------------------

assigns = _short(st.builds(ast.Assign, names, expressions()))
bodies: SearchStrategy[tuple[ast.Statement, ...]] = st.tuples(
    _tuples(st.builds(ast.When, triggers), most=1),
    _tuples(st.just(ast.UseDefaults()), most=1),
    st.lists(assigns, max_size=4, unique_by=lambda assign: assign.field).map(tuple),
    _tuples(st.builds(ast.OnConflict, names), most=1),
).flatmap(lambda groups: st.permutations([statement for group in groups for statement in group]).map(tuple))
mappings = _short(st.builds(ast.Mapping, texts, names, bodies, st.booleans()))


def _pattern(parts: list[str]) -> ast.KeyPattern:
    """Keys that hold the parts, as a glob in which every other character stands for itself."""
    literal = [re.sub(r"[*?\[\]\\]", r"\\\g<0>", part) for part in parts]
    return ast.KeyPattern("*".join(["", *literal, ""]))


_patterns = st.lists(names, max_size=2).map(_pattern)
_filter_steps = st.one_of(bare_names, texts, st.integers(0, 2**32), _patterns)
_inner_steps = st.lists(st.one_of(_filter_steps, st.just(ast.EveryItem())), max_size=3)


@st.composite
def _filter_paths(draw: st.DrawFn) -> ast.FilterPath:
    """Begins with a name or a pattern, or with `$`; ends with anything but `[]`."""
    inner, last = draw(_inner_steps), draw(_filter_steps)
    if draw(st.booleans()):
        return ast.FilterPath((*inner, last), True)
    return ast.FilterPath((draw(names | _patterns), *inner, last))


_conditions = _tuples(expressions(2, templates=False))
expectations = st.one_of(
    st.builds(ast.Expect, st.sampled_from(("matches", "failure")), texts, _conditions),
    st.builds(ast.Expect, st.just("matches"), texts, exact=_lists(expressions(2, templates=False))),
    st.builds(ast.Expect, st.just("no match"), texts),
    st.builds(ast.Expect, st.sampled_from(("nothing", "dropped", "snapshot"))),
    st.builds(ast.Expect, st.just("no value"), path=_filter_paths()),
)
_givens = st.one_of(
    st.builds(ast.Given, objects(templates=False)),
    st.builds(ast.Given, file=texts, line=st.none() | st.integers(1, 10**6)),
)
_cases = st.builds(ast.Case, texts, objects(templates=False), _tuples(expectations))
tests = st.builds(
    lambda name, body, cases: ast.Test(name, (*body, *cases)), texts, _tuples(_givens | expectations), _tuples(_cases)
)


laws = st.builds(
    ast.Law, texts, _tuples(st.one_of(st.builds(ast.ForAny, st.none() | triggers), expectations, expectations), most=4)
)
_paths = _tuples(_filter_paths(), least=1)
items: SearchStrategy[ast.Item] = st.one_of(
    st.builds(ast.Language, st.integers(0, 99).map(str)),
    st.builds(ast.Destination, names),
    st.builds(
        ast.Settings,
        st.lists(st.builds(ast.Entry, names, expressions(1)), max_size=3, unique_by=lambda e: e.key).map(tuple),
    ),
    st.builds(ast.Include, texts),
    st.builds(ast.SourceSchema, texts),
    st.builds(ast.Drop, triggers),
    st.builds(ast.Strip, _paths, st.none() | triggers),
    st.builds(ast.Keep, _paths, st.none() | triggers),
    mappings,
    st.builds(ast.Defaults, names, bodies),
    tests,
    laws,
)
files = _short(st.builds(ast.File, _tuples(_short(items), most=4)))

# --- events --------------------------------------------------------------------------------------------------------

json_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.sampled_from(["", "0", "track", "a,b", "1.50"])
)
json_values: SearchStrategy[Any] = st.recursive(
    json_scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(bare_names | texts, inner, max_size=3)),
    max_leaves=8,
)


class SubclassedText(str):
    """Text of a class of its own, as frameworks hand it out."""


class SubclassedInt(int):
    """A whole number of a class of its own."""


odd_scalars: SearchStrategy[Any] = st.one_of(
    st.decimals(),
    st.datetimes(),
    st.dates(),
    st.uuids(),
    st.binary(max_size=4),
    st.integers(2**63, 2**70),
    st.just(10**400),
    st.builds(SubclassedText, texts),
    st.builds(SubclassedInt, st.integers(0, 9)),
    st.builds(object),
)
"""What an event given as a Python object may hold and no reader of JSON gives: convertible values, and others."""
odd_values: SearchStrategy[Any] = st.recursive(
    odd_scalars | json_scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(texts | st.integers(0, 2), inner, max_size=3),
        st.sets(st.integers(0, 3), max_size=2),
    ),
    max_leaves=6,
)
hostile_events: SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(HEADS) | texts, json_values, max_size=6
)
"""Any JSON object: wrong types at every path, odd keys, numbers that are huge or not finite."""


def _event(event_type: str, name: str, rest: dict[str, Any]) -> dict[str, Any]:
    return {"type": event_type, "event": name, "userId": "u-12345", "messageId": "m-1", **rest}


events: SearchStrategy[dict[str, Any]] = st.builds(
    _event,
    st.sampled_from(("track", "identify", "page", "screen", "group", "alias")),
    st.sampled_from(("Order Completed", "Signed Up", "Product Viewed")),
    hostile_events,
)
"""Events as Segment sends them, with a few fields that are anything at all."""


def damaged(event: Any, path: list[int], odd: Any) -> Any:
    """The event with an odd value at one of its places."""
    if not path or not isinstance(event, dict) or not event:
        return odd
    key = sorted(event)[path[0] % len(event)]
    return {**event, key: damaged(event[key], path[1:], odd)}

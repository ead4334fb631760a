"""Random expressions that check, and events in which their paths lead somewhere more often than not."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rulewright.dsl.syntax.builders.expression_builder import MAX_DEPTH

KEYS = ("a", "b", "n")
TEXTS = ("", " ", "x", "12", "12,5", "Order", "true")
_CALLS = {
    "lowercase": 1, "length": 1, "number": 1, "string": 1, "bool": 1, "typeof": 1, "exists": 1, "blank": 1, "trim": 1,
    "first": 1, "keys": 1, "integer": 1, "timestamp_ms": 1, "json_encode": 1, "json_decode": 1, "default": 2,
    "contains": 2, "match": 2, "starts_with": 2, "pick": 2, "merge": 2, "join": 2, "if": 3, "coalesce": 3,
}  # fmt: skip

_keys = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3).map(".".join)
paths = st.one_of(
    _keys, _keys, _keys, st.sampled_from(("$", "$.a", "properties.a", "timestamp", "context.app.version"))
)
_literals = st.one_of(
    st.sampled_from(("true", "false", "null", "0", "1", "12.5", "-3", "9007199254740993")),
    st.sampled_from(TEXTS).map(lambda text: f'"{text}"'),
)


def _call(name: str, arguments: list[str]) -> str:
    return f"{name}({', '.join(arguments[: _CALLS[name]])})"


def _grow(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    three = st.lists(inner, min_size=3, max_size=3)
    two = st.tuples(inner, inner)
    return st.one_of(
        st.builds(_call, st.sampled_from(sorted(_CALLS)), three),
        st.builds(
            _call, st.sampled_from(("coalesce", "if")), st.lists(st.one_of(paths, inner), min_size=3, max_size=3)
        ),
        st.builds(
            lambda sides, sign: f"({sides[0]} {sign} {sides[1]})", two, st.sampled_from("= != < <= > >= in".split())
        ),
        st.builds(lambda sides, word: f"({sides[0]} {word} {sides[1]})", two, st.sampled_from(("and", "or"))),
        st.builds(lambda sides, sign: f"({sides[0]} {sign} {sides[1]})", two, st.sampled_from("+-*/")),
        inner.map(lambda part: f"!({part})"),
        st.tuples(paths, st.sampled_from(TEXTS)).map(lambda pair: f'!contains({pair[0]}, "{pair[1]}")'),
        three.map(lambda parts: f"[{', '.join(parts)}]"),
        two.map(lambda parts: f"{{ a: {parts[0]}, b: {parts[1]} }}"),
        st.builds(lambda part, rest: f"({part}).{rest}", inner, paths),
        st.builds(lambda over, item: f"[{item} for p in {over}]", inner, inner),
        st.builds(lambda over, test: f"[p.a for p in {over} if p.n != null or {test}]", paths, inner),
        paths.map(lambda path: f'"<{{{{ {path} }}}}>"'),
    )


expressions: SearchStrategy[str] = st.recursive(st.one_of(paths, paths, _literals), _grow, max_leaves=10)

_scalars = st.one_of(
    st.none(), st.booleans(), st.sampled_from((0, 1, 2, 12, 12.5, 2**53 + 1, 1e21)), st.sampled_from(TEXTS)
)
_values: SearchStrategy[Any] = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)),
    max_leaves=6,
)
events: SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(KEYS), _values, max_size=3)

_AROUND = (
    "coalesce({}, a)", "coalesce(a, {})", "if(a = 1, {}, b)", "if(a.b, b, {})", "if({}, a, b)", "lowercase({})",
    "default({}, b)", "[a, {}]", "{{ a: {}, b: a }}", "{{ b: {} }}", "[{} for p in a]", "[p.b for p in {}]",
    "(a + {})", "({} * 2)", "-({})", "!({})", "(a = 1 and {})", "(({} or b) and n = 2)", "(number(a) = 1 or {})",
    "(coalesce(number({}), 1) = 1 or number(b) = 2)", "contains({}, \"x\")", "({} in [a, b])", "({}).a", "({} > 1)",
)  # fmt: skip
_MOST_LOOPS = 14


@st.composite
def deep_expressions(draw: st.DrawFn) -> str:
    """Expressions that nest nearly as deep as the language allows, in one way or in several."""
    ways = draw(st.lists(st.sampled_from(_AROUND), min_size=1, max_size=4))
    text, loops, depth = draw(paths), 0, 0
    for way in cycle(ways):
        loops += " for " in way
        if loops > _MOST_LOOPS:
            return text
        # Each bracket, and the operator beside it, may be a level.
        depth += sum(map(way.partition("{}")[0].count, "([{")) + (way[0] == "(")
        if depth > MAX_DEPTH - 5:
            return text
        text = way.format(text)
    return text


@st.composite
def wide_expressions(draw: st.DrawFn) -> str:
    """Expressions of many parts side by side."""
    count = draw(st.integers(100, 400))
    part = draw(st.sampled_from(("a", "n.b", "lowercase(a)", "coalesce(a, b)", "if(a, b, n)", "[p for p in a]")))
    parts = [part] * count
    way = draw(st.sampled_from(("coalesce", "list", "object", "text", "and", "or", "concat", "sum", "in")))
    match way:
        case "coalesce" | "concat":
            return f"{way}({', '.join(parts)})"
        case "list":
            return f"[{', '.join(parts)}]"
        case "in":
            return f"a in [{', '.join(parts)}]"
        case "object":
            return f"{{ {', '.join(f'k{number}: {part}' for number, part in enumerate(parts))} }}"
        case "text":
            return f'"{"".join(f"{{{{ {part} }}}}" for part in parts)}"'
        case "sum":
            return " + ".join(parts[:100])
        case _:
            return f" {way} ".join(f"{part} = {number}" for number, part in enumerate(parts))

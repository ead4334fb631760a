"""Random rules with filters and expressions, and events with a value at each of their paths."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = ("a", "b", "c")
SCALARS: Any = st.sampled_from([None, True, 0, 3, "", "x", "y"])
VALUES: Any = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=6
)
EVENTS = st.fixed_dictionaries(
    {
        "type": st.just("track"),
        "event": st.sampled_from(["A", "B"]),
        "userId": st.just("user-1"),
        "properties": st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1),
        "traits": st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1),
    }
)
STEPS = st.sampled_from([".a", ".b", ".c", ".a.b", ".b.a", ".a[0]", ".a[0].b", ".a.length", ""])
PATHS = st.builds(str.__add__, st.sampled_from(["properties", "traits"]), STEPS)
OBJECTS = st.sampled_from(["properties", "traits", "{ a: properties.a, b: traits }"])
"""What is always an object, so that no function of one fails."""
CONDITIONS = st.builds("{} = {}".format, PATHS, st.sampled_from(["3", '"x"', "null", "true"]))


def _deeper(inner: Any) -> Any:
    return st.one_of(
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("if({}, {}, {})".format, CONDITIONS, inner, inner),
        st.builds('"{{{{{}}}}} of {{{{{}}}}}"'.format, PATHS, PATHS),
        st.builds("{{ a: {}, k: {} }}".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("[{{ v: i.a, w: i }} for i in {} if i.b = 3]".format, inner),
        st.builds("[i.a.b for i in {}]".format, inner),
        st.builds('pick({}, "a", "b")'.format, OBJECTS),
        st.builds('without({}, "a")'.format, OBJECTS),
        st.builds("merge({}, {})".format, OBJECTS, OBJECTS),
        st.builds("json_encode({})".format, inner),
        st.builds("typeof({})".format, inner),
        st.builds("{} = {}".format, PATHS, PATHS),
    )


EXPRESSIONS = st.recursive(PATHS, _deeper, max_leaves=5)
FILTERS = st.builds(
    "{} {}{}".format,
    st.sampled_from(["drop", "keep"]),
    st.lists(PATHS, min_size=1, max_size=2).map(", ".join),
    st.sampled_from(["", "", ' when event = "B"', " when properties.a = 3"]),
)
PAIRS = st.builds("{1} {0}\n{2} {0}".format, PATHS, st.sampled_from(["drop", "keep"]), st.just("keep"))
"""Two filters of one path: what is left are values that are not objects."""
RULES = st.builds(
    'destination amplitude\n{}\nmapping "M" -> logEvent {{\n  when {}\n  user_id = "user-1"\n  event_type = "E"\n'
    "  event_properties = {{ k: {}, l: {} }}\n  user_properties = {}\n}}\n".format,
    st.lists(FILTERS, max_size=2).map("\n".join) | PAIRS,
    st.just('type = "track"') | CONDITIONS,
    EXPRESSIONS,
    EXPRESSIONS,
    OBJECTS,
)


MARK = "a mark that is nowhere else"

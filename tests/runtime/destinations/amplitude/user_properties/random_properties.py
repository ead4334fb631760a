"""Random properties with known and unknown operations among them."""

from __future__ import annotations

from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude.operation_names import OPERATIONS

KNOWN = sorted(OPERATIONS.names)
NAMES = st.sampled_from(["plan", "city", "referrer", "utm_source", "initial_referrer", "$other", "$", *KNOWN])
SCALARS = st.none() | st.integers(0, 3) | st.sampled_from(["x", "", "2", "x" * 3])
KEYS = st.sampled_from(["a", "b", "plan", "city", "referrer", "initial_referrer", "$set", "$other"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=4,
)
PROPERTIES = st.dictionaries(NAMES, VALUES, max_size=5)

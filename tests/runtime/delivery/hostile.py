"""Values that a Python event can hold and that encoders refuse, each in its own way."""

from __future__ import annotations

from typing import Any, NoReturn

from hypothesis import strategies as st


class Silent:
    """An object whose `repr` raises."""

    def __repr__(self) -> NoReturn:
        raise RuntimeError("no repr")


class Faceless:
    """An object whose class cannot be asked for."""

    @property  # type: ignore[misc]
    def __class__(self) -> NoReturn:  # type: ignore[override]
        raise RuntimeError("no class")

    def __repr__(self) -> str:
        return "a face"


class Unspeakable(Exception):
    """An error whose text raises."""

    def __str__(self) -> NoReturn:
        raise RuntimeError("no text")


def cycle() -> dict[str, Any]:
    """An object that holds itself."""
    value: dict[str, Any] = {}
    value["self"] = value
    return value


def deep(levels: int) -> dict[str, Any]:
    """Objects within objects."""
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


def hostile_values() -> st.SearchStrategy[Any]:
    """Any of these, and plain values beside them, in lists and objects."""
    texts = st.text(st.characters(exclude_categories=()), max_size=5)
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        texts,
        st.binary(max_size=3),
        st.decimals(),
        st.complex_numbers(),
        st.builds(Silent),
        st.builds(Faceless),
        st.builds(object),
        st.builds(cycle),
        st.integers(4_299, 5_000).map(lambda digits: 10**digits),
    )
    keys = st.one_of(texts, st.integers(), st.none(), st.tuples(st.integers()))
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner) | st.sets(st.integers()))

"""Values made in Python that hold themselves, or more than memory: each walk over them ends, also with checks off."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from inspect import signature
from typing import Any

import pytest

import rulewright
from rulewright.runtime.functions import FUNCTIONS
from rulewright.runtime.semantics.failure import ValueFailure

CPU_SECONDS = 20.0


def held_by_itself(kind: str) -> Any:
    if kind == "object":
        value: Any = {"b": 1}
        value["me"] = value
        return value
    value = [1]
    value.append(value)
    return value


def doubled(kind: str) -> Any:
    value: Any = [1]
    for _ in range(60):
        value = {"a": value, "b": value} if kind == "object" else [value, value]
    return value


@contextmanager
def bounded() -> Iterator[None]:
    """Fails after some seconds of the processor's time, which is a thousand times what is needed."""

    def late(*_: Any) -> None:
        raise AssertionError(f"no end after {CPU_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("make", [held_by_itself, doubled])
@pytest.mark.parametrize("kind", ["object", "list"])
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_ends(name: str, kind: str, make: Callable[[str], Any]) -> None:
    call = FUNCTIONS[name].call
    for count in range(1, 4):
        # Each argument is its own copy: two that are one object are equal at once.
        arguments = [make(kind) for _ in range(count)]
        try:
            signature(call).bind(*arguments)
        except TypeError:
            continue
        with bounded(), suppress(ValueFailure):
            call(*arguments)


FILTERS = ("json", "join", "size", "sum", "compact", "append: traits", "upcase", "first")
EXPRESSIONS = [
    "properties = traits",
    "properties in [traits]",
    '"{{properties}}"',
    "[x for x in properties]",
    r'liquid("{% if properties == traits %}a{% endif %}", $)',
    r'liquid("\{{ properties }}", $)',
    *(rf'liquid("\{{{{ properties | {name} }}}}", $)' for name in FILTERS),
]


@pytest.fixture(scope="module")
def mapper() -> rulewright.Mapper:
    mappings = (
        f'mapping "{number}" -> logEventV2 {{\n  when type = "track"\n  event_type = "x"\n  user_id = userId\n'
        f"  event_properties = {{a: {expression}}}\n}}\n"
        for number, expression in enumerate(EXPRESSIONS)
    )
    return rulewright.load("destination amplitude\n" + "".join(mappings), checks=False)


@pytest.mark.parametrize("make", [held_by_itself, doubled])
@pytest.mark.parametrize("kind", ["object", "list"])
def test_every_expression_ends(mapper: rulewright.Mapper, kind: str, make: Callable[[str], Any]) -> None:
    with bounded():
        outcome = mapper({"type": "track", "userId": "user-1", "properties": make(kind), "traits": make(kind)})
    assert outcome.matched

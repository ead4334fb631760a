"""What the tests of usual requests ask of the `build` of an action that C may answer for."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import strategies as st

from rulewright.runtime.action import Action, Binding
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.destinations.amplitude.event_requests import PLATFORMS
from rulewright.runtime.destinations.amplitude.user_agent import AGENTS
from rulewright.runtime.native import native
from rulewright.runtime.outcome import Refused
from rulewright.runtime.repairs import take_repairs

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 13_4 like Mac OS X) AppleWebKit/605.1.15 Version/13.4 Mobile/15E148"
IDS = ["abcdef", "0abcdef", "0abcdefghijk", "00abcdefghij", "0" * 36, "none"]
TEXTS = st.sampled_from(["", "a", *IDS, "\ud800", "x" * 1025, "Grüße", "$set"]) | st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)

Odd = dict[str, Any]
"""Arguments in place of the usual ones; `payload` is put into the usual payload."""


@dataclass(frozen=True)
class UsualCalls:
    """Calls of the `build` of an action: its parameters in their order, and their usual arguments."""

    action: Action
    names: list[str]
    usual: dict[str, Any]

    def build_of(self, *, checks: bool = True, conflict: Any = "fold") -> Any:
        settings = DESTINATIONS["amplitude"].settings({"apiKey": "KEY"})
        return self.action.bind(Binding(self.action.name, settings, conflict, checks))

    def arguments(self, odd: Odd) -> list[Any]:
        payload = {**self.usual["payload"], **odd.get("payload", {})}
        return deepcopy([payload, *({**self.usual, **odd}[name] for name in self.names[1:])])

    def told(self, build: Callable[..., Any], odd: Odd) -> Any:
        """What comes of a call, to the order of keys, with what was noted and what was refused."""
        try:
            requests = build(*self.arguments(odd))
        except Refused as refused:
            take_repairs("")
            return refused.field, refused.code, refused.message
        texts = [
            (
                request.mapping,
                request.action,
                request.method,
                request.url,
                repr(request.json),
                request.form,
                request.body,
            )
            for request in requests
        ]
        return texts, take_repairs("")

    def is_left_to_python(self, build: Any, odd: Odd) -> bool:
        """Whether C calls the function behind it, which is recorded here."""
        calls: list[Any] = []
        native.UsualRequest(lambda *given: calls.append(given), constants_of(build))(*self.arguments(odd))
        return calls != []

    def assert_alike(self, odd: Odd, is_left: bool, **binding: Any) -> None:
        """C makes what Python makes, or leaves it to Python."""
        PLATFORMS["ios"], PLATFORMS["Web"], AGENTS[PHONE]  # they are remembered
        build = self.build_of(**binding)
        assert self.told(build, odd) == self.told(build.__wrapped__, odd)
        assert self.is_left_to_python(build, odd) is is_left

    def assert_raises_alike(self, odd: Odd, **binding: Any) -> None:
        """C makes what Python makes, and raises what Python raises."""
        build = self.build_of(**binding)
        try:
            expected = self.told(build.__wrapped__, odd)
        except Exception as error:
            with pytest.raises(type(error)):
                self.told(build, odd)
        else:
            assert self.told(build, odd) == expected

    def assert_positions(self) -> None:
        """The positions in C, which are those of the names, are those of `build`."""
        assert list(inspect.signature(self.build_of().__wrapped__).parameters) == self.names
        assert list(self.action.control_fields) == self.names[1:]

    def assert_nothing_is_kept(self, odds: Iterable[Odd]) -> None:
        """No object lives longer than its call."""
        build, odds = self.build_of(), list(odds)
        for odd in odds:
            self.told(build, odd)
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(20):
            for odd in odds:
                self.told(build, odd)
        gc.collect()
        assert len(gc.get_objects()) - before < 50


def constants_of(build: Any) -> tuple[Any, ...]:
    """The constants that C was given for a `build`."""
    return next(referent for referent in gc.get_referents(build) if type(referent) is tuple)

"""What is kept from one round to the next: what every round asks for, and nothing else."""

from __future__ import annotations

import gc
import weakref

from rulewright.compiler.memo import IdentityMemo


class Part:
    """Something that is equal to every other of its sort."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part)

    def __hash__(self) -> int:
        return 0


def test_a_call_is_made_once_for_the_very_same_parts() -> None:
    made: list[tuple[object, ...]] = []

    def make(*parts: Part) -> int:
        made.append(parts)
        return len(made)

    kept = IdentityMemo()
    first, second = Part(), Part()
    assert [kept.of(make, first, second), kept.of(make, first, second)] == [1, 1]
    assert [kept.of(make, second, first), kept.of(make, first)] == [2, 3]
    kept.next_round()
    assert kept.of(make, first, second) == 1
    kept.next_round()
    assert [kept.of(make, first, second), kept.of(make, first)] == [1, 4]


def test_nothing_is_held_of_what_a_round_did_not_ask_for() -> None:
    kept = IdentityMemo()
    stays, goes = Part(), Part()
    gone = weakref.ref(goes)
    for part in (stays, goes):
        kept.of(id, part)
    del part, goes
    kept.next_round()
    kept.of(id, stays)
    assert gone() is not None
    kept.next_round()
    gc.collect()
    assert gone() is None

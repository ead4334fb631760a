"""Events that the tests of the sender send, what it owes for all of them, and refusals of some."""

from __future__ import annotations

from .simulation import Simulation, event


def events(count: int, users: int = 10) -> list[dict[str, object]]:
    return [event(number, f"user-{number % users}") for number in range(count)]


def assert_all_once_in_order(simulation: Simulation, count: int, users: int = 10) -> None:
    assert sorted(simulation.delivered) == [f"m-{number:06}" for number in range(count)]
    for user in range(users):
        expected = [f"m-{number:06}" for number in range(user, count, users)]
        assert simulation.delivered_of(f"user-{user}") == expected


def refuse(
    simulation: Simulation, what: bytes, status: int, larger_than: int = 0, times: int = 1_000_000, after: int = 0
) -> None:
    """Let the simulation's fake refuse requests that hold these bytes, without saying why: so many, after so many."""
    handle = simulation.fake.handle
    left, first = iter(range(times)), iter(range(after))

    class Refusing:
        def handle(self, path: str, headers: dict[str, str], body: bytes) -> object:
            meant = what in body and len(body) > larger_than
            if meant and next(first, None) is None and next(left, None) is not None:
                return type(handle(path, headers, b""))(status, b"no")
            return handle(path, headers, body)

    simulation.exchange.fake = Refusing()  # type: ignore[assignment]

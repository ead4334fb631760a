"""Values of Python classes that an event can hold: what each becomes in JSON, and those that are refused."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import UUID


class Color(StrEnum):
    RED = "red"


class Size(IntEnum):
    SMALL = 1


class Plain(Enum):
    A = "a"


class Hostile(str):
    """Text whose own methods fail; none of them may be called."""

    def fail(self, *_args: Any) -> Any:
        raise RuntimeError("called")

    __str__ = __repr__ = __len__ = __iter__ = __format__ = fail


class NoZone(tzinfo):
    def utcoffset(self, _moment: Any) -> Any:
        raise RuntimeError("called")

    tzname = dst = utcoffset


class Silent:
    def __repr__(self) -> str:
        raise RuntimeError("called")

    __str__ = __repr__


class Unequal:
    """An object that nothing may be asked of."""

    def fail(self, *_args: Any) -> Any:
        raise RuntimeError("called")

    __eq__ = __hash__ = __bool__ = __len__ = __getattr__ = fail


@dataclass
class Line:
    price: float


Point = namedtuple("Point", "x y")

CONVERTED: list[tuple[Any, Any]] = [
    (datetime(2024, 5, 1, 12, 30, tzinfo=UTC), "2024-05-01T12:30:00+00:00"),
    (datetime(2024, 5, 1, 12, 30, 1, 250000, tzinfo=timezone(timedelta(hours=2))), "2024-05-01T12:30:01.250000+02:00"),
    (datetime(2024, 5, 1), "2024-05-01T00:00:00"),
    (date(2024, 5, 1), "2024-05-01"),
    (Decimal("1.5"), 1.5),
    (Decimal("1.50"), 1.5),
    (Decimal("5.00"), 5),
    (Decimal("-0"), 0),
    (Decimal("1E+3"), 1000),
    (Decimal("157963456373623809"), 157963456373623809),
    (Decimal("0.1"), 0.1),
    (Decimal(1) / Decimal(3), 1 / 3),
    (Decimal("1E-400"), 0.0),
    (2**70, 2**70),
    (-(2**63) - 1, -(2**63) - 1),
    (10**308, 10**308),
    ((1, "a"), [1, "a"]),
    (Point(1, 2), [1, 2]),
    (Color.RED, "red"),
    (Size.SMALL, 1),
    (Hostile("x"), "x"),
    (OrderedDict(a=1), {"a": 1}),
    (defaultdict(int, a=1), {"a": 1}),
    ({Color.RED: 1, Hostile("k"): 2}, {"red": 1, "k": 2}),
    ({"a": [{"b": (Decimal("1.5"),)}]}, {"a": [{"b": [1.5]}]}),
    (type("Float", (float,), {})(1.5), 1.5),
    (type("List", (list,), {})([1]), [1]),
]


REFUSED: list[tuple[Any, str]] = [
    ({1, 2}, "a Python set"),
    (frozenset(), "a Python frozenset"),
    (b"bytes", "a Python bytes"),
    (bytearray(b"b"), "a Python bytearray"),
    (UUID(int=5), "a Python UUID"),
    (Plain.A, "a Python Plain"),
    (Line(1.5), "a Python Line"),
    (time(12, 30), "a Python time"),
    (timedelta(1), "a Python timedelta"),
    (Fraction(1, 3), "a Python Fraction"),
    (1j, "a Python complex"),
    (MappingProxyType({"a": 1}), "a Python mappingproxy"),
    (range(3), "a Python range"),
    (iter([1]), "a Python list_iterator"),
    (object(), "a Python object"),
    (int, "a Python type"),
    (Silent(), "a Python Silent"),
    (Unequal(), "a Python Unequal"),
    (datetime(2024, 5, 1, tzinfo=NoZone()), "a Python datetime"),
]

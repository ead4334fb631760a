"""Finds the paths of an event that hold personal data.

Sources: Segment, "Spec: Common Fields" and "Spec: Identify" (traits with reserved meanings); more by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..compiler.analysis.lineage import DerivedFlow
from ..dsl.ast import EventPath, FilterStep
from .paths import read_path

_TRAITS = (
    ("address",),
    ("avatar",),
    ("birthday",),
    ("email",),
    ("firstName",),
    ("lastName",),
    ("name",),
    ("phone",),
    ("username",),
)
SPEC: tuple[EventPath, ...] = (
    *(("traits", *trait) for trait in _TRAITS),
    *(("context", "traits", *trait) for trait in _TRAITS),
    ("context", "ip"),
    ("context", "userAgent"),
    ("context", "userAgentData"),
    ("context", "device", "advertisingId"),
    ("context", "device", "idfa"),
    ("context", "device", "id"),
    ("context", "device", "token"),
    ("context", "location", "latitude"),
    ("context", "location", "longitude"),
)
"""The paths of the spec: of people, and of what identifies their device or place."""

_NAMES = frozenset(
    "address birthdate birthday dateofbirth dob email emailaddress firstname fullname lastname mail mobile mobilephone "
    "passport phone phonenumber postalcode ssn street surname username zip zipcode".split()
)
"""Keys that hold personal data wherever they are, in lower case and without `_`, `-` and spaces."""


class Personal:
    """The paths of the spec, the keys by name, and the paths that the caller adds."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        """Raises ValueError for text that is not a path."""
        self._paths = (*SPEC, *map(read_path, more))

    def of(self, flow: DerivedFlow, below: Iterable[EventPath]) -> list[EventPath]:
        """The personal paths that a flow reads: its source, or what is known to be below it."""
        if self._holds(flow.source):
            return [flow.source]
        inside = [path for path in self._paths if path[: len(flow.source)] == flow.source]
        known = [*inside, *(path for path in below if self._holds(path))]
        return [path for path in dict.fromkeys(known) if flow.covers(path)]

    def _holds(self, path: EventPath) -> bool:
        if any(_is_personal(step) for step in path):
            return True
        return any(path[: len(known)] == known for known in self._paths)


def _is_personal(step: FilterStep) -> bool:
    return isinstance(step, str) and re.sub(r"[-_ ]", "", step.lower()) in _NAMES

"""The destinations: one folder each, and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from ..destination import Destination

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

    from ..delivery.adapter import Delivery

GROUP = "rulewright.destinations"
"""The entry point group in which a package declares a destination: `name = "module:DESTINATION"`."""
BUILT_IN = ("amplitude", "webhook")
"""Folders of this package. An installed package cannot replace one of these."""
DEFAULT = BUILT_IN[0]
"""The destination where nothing names one: of `init`, and of a mapper that is a plain function."""


class BrokenDestination(ValueError):
    """An installed destination that cannot be used; the text names its package and says why."""


class Destinations(Mapping[str, Destination]):
    """Destinations by name. One is imported when it is first asked for, so that rules load only their own."""

    def __init__(self) -> None:
        self._loaded: dict[str, Destination] = {}

    def __getitem__(self, name: str) -> Destination:
        """Raises KeyError for an unknown name, and BrokenDestination for a package that cannot be used."""
        destination = self._loaded.get(name)
        if destination is not None:
            return destination
        if name in BUILT_IN:
            built_in: Destination = import_module(f".{name}", __name__).DESTINATION
            self._loaded[name] = built_in
            return built_in
        # Not kept: a package may be installed, changed or removed while a long-lived process runs.
        return _installed(name, [entry for entry in _entries() if entry.name == name])

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*BUILT_IN, *sorted(entry.name for entry in _entries()))))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a destination, usable or not; nothing is imported."""
        return name in BUILT_IN or any(entry.name == name for entry in _entries())

    def delivery(self, name: str) -> Delivery:
        """What a destination has for delivery. Raises ValueError for an unknown name, and where there is nothing."""
        if name not in self:
            raise ValueError(f"unknown destination `{name}`; there are: {', '.join(self)}")
        declared = self[name].delivery
        if declared is None:
            raise ValueError(f"requests of `{name}` cannot be sent: the destination declares no delivery")
        return declared()


def _entries() -> EntryPoints:
    """What installed packages declare."""
    from importlib.metadata import entry_points  # a large import that a destination of this package does without

    return entry_points(group=GROUP)


def _installed(name: str, entries: list[EntryPoint]) -> Destination:
    if not entries:
        raise KeyError(name)
    packages = sorted({_package(entry) for entry in entries})
    if len(packages) > 1:
        raise BrokenDestination(f"destination `{name}` is declared by {' and '.join(packages)}; uninstall one")
    try:
        declared = entries[0].load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise BrokenDestination(f"destination `{name}` of {packages[0]} cannot be imported: {reason}") from error
    if not isinstance(declared, Destination):
        kind = type(declared).__name__
        raise BrokenDestination(f"`{entries[0].value}` of {packages[0]}: expected a Destination, found {kind}")
    if declared.name != name:
        message = f"the entry point `{name}` of {packages[0]} gives a destination with the name `{declared.name}`"
        raise BrokenDestination(message)
    return declared


def _package(entry: EntryPoint) -> str:
    return "an unknown package" if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"


DESTINATIONS = Destinations()

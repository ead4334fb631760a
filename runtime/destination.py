"""What a destination declares: its actions, its settings, and where the rule files that belong to it are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .action import Action, Operations
from .opt_outs import OptOuts


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination, as the catalog knows it."""

    name: str
    """As rule files name it after `destination`."""
    title: str
    actions: Mapping[str, Action]
    """By the name that stands after `->`, which is Segment's own."""
    settings: Callable[[Mapping[str, Any]], Any]
    """Settings by Segment's keys (those not given come from the environment) to the destination's own object.

    Raises ValueError, whose text names what is wrong and shows no secret.
    """
    setting_names: frozenset[str] = frozenset()
    """The keys of all settings."""
    setting_choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values that a setting may have, by its key, for those that have a few."""
    secrets: frozenset[str] = frozenset()
    """Those of them that must never be written into a rule file."""
    limits: Mapping[str, str] = field(default_factory=dict)
    """What the destination does not accept and is refused with checks on: a sentence by the code of the failure."""
    operations: Operations | None = None
    """The operations that properties may hold; None where the destination has none."""
    integrations: tuple[str, ...] = ()
    """Its keys in an event's `integrations` object."""
    opt_outs: Callable[[Any], OptOuts | None] = lambda settings: None
    """What opts an event out, by the destination's settings object; None where nothing does."""
    setting_lists: frozenset[str] = frozenset()
    """The keys of the settings that are lists of texts."""
    rules: str = ""
    """The folder of its rule files, below the package `rules`: `presets.rules`, `defaults/<action>.rules`."""

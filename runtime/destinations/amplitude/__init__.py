"""Amplitude: its settings, its rule files, and its actions, which are found by being in `actions/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...action import ActionPages
from ...destination import Destination, SessionStages
from .delivery.identity import INSERT_ID_MEMORY
from .limits import LIMITS
from .operation_names import OPERATIONS
from .settings import (
    CHOICES,
    DESCRIPTIONS,
    INTEGRATIONS,
    LISTS,
    SECRETS,
    VARIABLES,
    opt_outs_of,
    setting_problem,
    settings_of,
)

if TYPE_CHECKING:
    from ...delivery.adapter import Delivery


def _delivery() -> Delivery:
    from . import delivery_factory  # mapping needs nothing of it

    return delivery_factory


def _sessions() -> SessionStages:
    from .sessions import before_mapper  # mapping without sessions needs nothing of it

    return before_mapper


def _guide() -> str:
    from importlib.resources import files  # a large import

    return files(__name__).joinpath("guide.md").read_text(encoding="utf-8")


DESTINATION = Destination(
    name="amplitude",
    title="Amplitude",
    actions=ActionPages(f"{__name__}.actions", f"{__path__[0]}/actions"),
    settings=settings_of,
    setting_names=frozenset(DESCRIPTIONS),
    setting_choices=CHOICES,
    secrets=SECRETS,
    limits=LIMITS,
    operations=OPERATIONS,
    integrations=INTEGRATIONS,
    opt_outs=opt_outs_of,
    setting_lists=LISTS,
    setting_descriptions=DESCRIPTIONS,
    setting_problem=setting_problem,
    environment=VARIABLES,
    rules="rulewright.rules/amplitude",
    delivery=_delivery,
    sessions=_sessions,
    deduplicates_by="insert_id",
    deduplicates_for=INSERT_ID_MEMORY,
    guide=_guide,
)

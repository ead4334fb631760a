"""Webhook: any HTTP endpoint that takes JSON, with headers and body from expressions, batches and a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...destination import Destination
from .send import ACTION, LIMITS
from .settings import DESCRIPTIONS, SECRETS, VARIABLES, setting_problem, settings_of

if TYPE_CHECKING:
    from ...delivery.adapter import Delivery


def _delivery() -> Delivery:
    from . import delivery_factory  # mapping needs nothing of it

    return delivery_factory


def _guide() -> str:
    from importlib.resources import files  # a large import

    return files(__name__).joinpath("guide.md").read_text(encoding="utf-8")


DESTINATION = Destination(
    name="webhook",
    title="Webhook",
    actions={ACTION.name: ACTION},
    settings=settings_of,
    setting_names=frozenset(DESCRIPTIONS),
    setting_descriptions=DESCRIPTIONS,
    setting_problem=setting_problem,
    secrets=SECRETS,
    limits=LIMITS,
    environment=VARIABLES,
    rules="rulewright.rules/webhook",
    delivery=_delivery,
    guide=_guide,
)

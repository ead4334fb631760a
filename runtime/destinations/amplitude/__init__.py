"""Amplitude: its actions, its settings, and the rule files that belong to it."""

from __future__ import annotations

from ...destination import Destination
from . import group_identify_user, identify_user, log_event, log_event_v2, log_purchase, map_user, session_id
from .limits import LIMITS
from .settings import SECRETS, Settings, settings_of

_ACTIONS = (map_user, identify_user, log_event, log_event_v2, log_purchase, group_identify_user, session_id)

DESTINATION = Destination(
    name="amplitude",
    title="Amplitude",
    actions={module.ACTION.name: module.ACTION for module in _ACTIONS},
    settings=settings_of,
    setting_names=frozenset(Settings.model_fields),
    secrets=SECRETS,
    limits=LIMITS,
    rules="amplitude",
)

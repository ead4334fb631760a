"""Amplitude: its actions, which are found by being in `actions/`, its settings and its rule files."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from ...action import Action
from ...destination import Destination
from .limits import LIMITS
from .operations import OPERATIONS
from .settings import CHOICES, INTEGRATIONS, LISTS, SECRETS, Settings, opt_outs_of, settings_of


def _actions() -> dict[str, Action]:
    """Every action by its name, from the modules of `actions/` that have one."""
    pages = sorted(page.stem for page in Path(__file__).parent.joinpath("actions").glob("[a-z]*.py"))
    modules = [import_module(f"{__name__}.actions.{page}") for page in pages]
    actions: list[Action] = [module.ACTION for module in modules if hasattr(module, "ACTION")]
    return {action.name: action for action in actions}


DESTINATION = Destination(
    name="amplitude",
    title="Amplitude",
    actions=_actions(),
    settings=settings_of,
    setting_names=frozenset(Settings.model_fields),
    setting_choices=CHOICES,
    secrets=SECRETS,
    limits=LIMITS,
    operations=OPERATIONS,
    integrations=INTEGRATIONS,
    opt_outs=opt_outs_of,
    setting_lists=LISTS,
    rules="amplitude",
)

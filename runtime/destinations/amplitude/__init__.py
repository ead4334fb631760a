"""Amplitude: its actions, which are found by being in `actions/`, its settings and its rule files."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from pathlib import Path

from ...action import Action
from ...delivery.adapter import Delivery
from ...destination import Destination, SessionStages
from .delivery.identity import INSERT_ID_MEMORY
from .limits import LIMITS
from .operations import OPERATIONS
from .settings import CHOICES, INTEGRATIONS, LISTS, SECRETS, VARIABLES, Settings, opt_outs_of, settings_of


def _actions() -> dict[str, Action]:
    """Every action by its name, from the modules of `actions/` that have one."""
    pages = sorted(page.stem for page in Path(__file__).parent.joinpath("actions").glob("[a-z]*.py"))
    modules = [import_module(f"{__name__}.actions.{page}") for page in pages]
    actions: list[Action] = [module.ACTION for module in modules if hasattr(module, "ACTION")]
    return {action.name: action for action in actions}


def _delivery() -> Delivery:
    from .delivery import binding  # mapping needs nothing of it

    return binding


def _sessions() -> SessionStages:
    from .sessions import stages  # it needs the mapper, and the mapper needs the destination

    return stages


def _guide() -> str:
    return files(__name__).joinpath("guide.md").read_text(encoding="utf-8")


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
    setting_descriptions={name: declared.description or "" for name, declared in Settings.model_fields.items()},
    environment=VARIABLES,
    rules="rulewright.rules/amplitude",
    delivery=_delivery,
    sessions=_sessions,
    deduplicates_for=INSERT_ID_MEMORY,
    guide=_guide,
)

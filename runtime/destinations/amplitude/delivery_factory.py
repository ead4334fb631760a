"""Makes the adapter for a mapper's settings, and the dry run: this module is a `Delivery` (`delivery/adapter.py`)."""

from __future__ import annotations

from ...delivery.adapter import Trial
from ...destination import PLACEHOLDER
from .delivery.keys import Keys
from .delivery.routes import AmplitudeDelivery
from .settings import AmplitudeSettings


def adapter(
    settings: AmplitudeSettings | None, base_url: str | None = None, *, insecure: bool = False
) -> AmplitudeDelivery:
    """The adapter with the keys of the settings, else those of the environment. Raises KeysMissing and ValueError."""
    return AmplitudeDelivery(_keys(settings), base_url, insecure=insecure)


def trial(settings: AmplitudeSettings | None) -> Trial:
    """A dry run against the fake in memory; it needs no key."""
    from .fake.trial import FakeTrial  # the fake validates with models that a sender does not need

    return FakeTrial()


def _keys(settings: AmplitudeSettings | None) -> Keys:
    if isinstance(settings, AmplitudeSettings) and (key := settings.key.strip()) and key != PLACEHOLDER:
        return Keys(key, settings.secretKey)
    return Keys.from_environment()

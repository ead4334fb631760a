"""Amplitude's keys: never printed, never on disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


class KeysMissing(ValueError):
    """There is no API key, neither in the settings of the mapper nor in the environment."""

    def __init__(self) -> None:
        super().__init__(
            "AMPLITUDE_API_KEY is not set; keys come from the environment or from `load(settings=…)`, never from a file"
            " or an option"
        )


@dataclass(frozen=True, slots=True)
class Keys:
    """The project's keys; `secret_key` is needed for deletions alone."""

    api_key: str = field(repr=False)
    secret_key: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Keys:
        """The keys in AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY. Raises KeysMissing without the first."""
        api_key = environment.get("AMPLITUDE_API_KEY", "").strip()
        if not api_key:
            raise KeysMissing
        return cls(api_key, environment.get("AMPLITUDE_SECRET_KEY", "").strip() or None)

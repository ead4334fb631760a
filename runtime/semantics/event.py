"""The event, as the rules read it."""

from __future__ import annotations

from typing import Any, TypeAlias

Event: TypeAlias = dict[str, Any]
"""A JSON object whose keys nobody has checked."""

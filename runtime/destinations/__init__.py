"""The destinations that requests can be made for, one folder each."""

from __future__ import annotations

from .amplitude import DESTINATION as AMPLITUDE

DESTINATIONS = {destination.name: destination for destination in (AMPLITUDE,)}

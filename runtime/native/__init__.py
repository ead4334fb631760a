"""The parts of the runtime in C, if they were built; without them, or with RULEWRIGHT_NATIVE=off, Python is used.

They are an addition to speed and to nothing else: each has a Python function beside it that gives the same.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import _native as native
else:
    native = None
    if os.environ.get("RULEWRIGHT_NATIVE") != "off":
        with suppress(ImportError):  # There was no compiler when this was installed.
            from . import _native as native

__all__ = ["native"]

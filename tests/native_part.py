"""Tests that need the part in C, which is missing where there is no compiler."""

from __future__ import annotations

import pytest

from rulewright.runtime.native import native

needs_native = pytest.mark.skipif(native is None, reason="the part in C was not built: there is no compiler here")

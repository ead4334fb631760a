"""What the tests of inputs and those of their delivery share."""

from __future__ import annotations

import pytest


@pytest.fixture
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grows and a pipe are looked at again at once."""
    monkeypatch.setattr("rulewright.runtime.delivery.input.reader.POLL_SECONDS", 0.001)
    monkeypatch.setattr("rulewright.runtime.delivery.input.pipe_input.POLL_SECONDS", 0.001)

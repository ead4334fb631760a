"""Ends the servers that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .editor import SERVERS


@pytest.fixture(autouse=True, scope="session")
def ended_servers() -> Iterator[None]:
    """After the last test, each server is told to end."""
    yield
    while SERVERS:
        SERVERS.popitem()[1].end()

"""What the tests of the commands of delivery send from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

from .sending_place import KEY, Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    fake = FakeAmplitude(api_key=KEY)
    with serving(fake) as url:
        yield Place(tmp_path, fake, url)

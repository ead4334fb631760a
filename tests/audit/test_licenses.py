"""A package whose license does not let Rulewright need it fails the audit."""

from __future__ import annotations

from typing import Any

import pytest

from audit.licenses import refused


@pytest.mark.parametrize(
    ("licenses", "admitted"),
    [
        ([{"license": {"id": "MIT"}}], True),
        ([{"license": {"name": "License :: OSI Approved :: BSD License"}}], True),
        ([{"expression": "MPL-2.0 AND (Apache-2.0 OR MIT)"}], True),
        ([{"expression": "MIT OR GPL-3.0-only"}], True),
        ([{"expression": "MIT AND GPL-3.0-only"}], False),
        ([{"expression": "MIT AND (GPL-3.0-only OR AGPL-3.0-only)"}], False),
        ([{"license": {"id": "MIT"}}, {"license": {"id": "GPL-3.0-only"}}], False),
        ([{"license": {"name": "License :: Other/Proprietary License"}}], False),
        ([{"license": {"name": "as you like"}}], False),
        ([], False),
    ],
)
def test_each_license_is_admitted_or_the_package_is_named(licenses: list[Any], admitted: bool) -> None:
    problems = refused([{"name": "a", "version": "1", "licenses": licenses}])
    assert problems == [] if admitted else problems[0].startswith("a 1 has ")


def test_a_component_without_licenses_is_named() -> None:
    assert refused([{"name": "a", "version": "1"}]) == ["a 1 has no license"]

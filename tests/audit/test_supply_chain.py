"""What is depended on: no version with a known hole is admitted, and internals of others are used within bounds."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from audit.__main__ import lowest_versions, verdict
from tests.paths import ROOT

TEXT = (ROOT / "pyproject.toml").read_text()
PROJECT = tomllib.loads(TEXT)
_GROUPS = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
REQUIRED = [requirement for group in _GROUPS for requirement in map(Requirement, group)]
HOLES = {
    "h11": ("0.16", "CVE-2025-43859: malformed chunked bodies are accepted"),
    "h2": ("4.4.1", "CVE-2026-71554: duplicate Host headers"),
    "jinja2": ("3.1.6", "CVE-2025-27516: the sandbox can be left"),
    "orjson": ("3.11.6", "CVE-2025-67221: recursion without bound"),
    "python-liquid": ("2.2.1", "CVE-2026-55865: an unfinished `case` is parsed without end"),
    "starlette": ("1.1", "CVE-2026-48710 and CVE-2026-48818: Host header and StaticFiles"),
}
"""The first version without any known hole, and the latest one. `make audit` asks for newer ones."""


@pytest.mark.parametrize("name", HOLES)
def test_no_version_with_a_known_hole_is_admitted(name: str) -> None:
    lowest = [
        Version(version)
        for package, version in (lowest.split("==") for lowest in lowest_versions(TEXT))
        if package == name
    ]
    assert lowest
    assert min(lowest) >= Version(HOLES[name][0]), HOLES[name][1]


@pytest.mark.parametrize(("name", "module"), [("python-liquid", "liquid"), ("uvicorn", "uvicorn")])
def test_internals_of_others_are_used_within_an_upper_bound(name: str, module: str) -> None:
    used = [
        path
        for path in (ROOT / "runtime").rglob("*.py")
        if re.search(rf"^from {module}\.\S+\.\S+ import", path.read_text(), re.MULTILINE)
    ]
    assert used  # else the bound can go
    bounds = [[bound.operator for bound in required.specifier] for required in REQUIRED if required.name == name]
    assert bounds
    assert all("<" in operators for operators in bounds)


def test_the_license_of_each_part_from_elsewhere_is_shipped() -> None:
    table = (ROOT / "runtime" / "destinations" / "amplitude" / "user_agents.json").read_text()
    notice = (ROOT / "licenses" / "ua-parser-js.txt").read_text()
    assert "copyright 2012-2021 Faisal Salman" in table
    assert "Copyright (c) 2012-2021 Faisal Salman" in notice
    assert "The above copyright notice and this permission notice shall be included" in notice
    assert PROJECT["project"]["license-files"] == ["LICENSE", "licenses/*.txt"]


HOLE = {"id": "CVE-1", "fix_versions": ["2.0"], "aliases": []}


@pytest.mark.parametrize(
    ("report", "fails", "said"),
    [
        (None, False, ["no service for known holes can be reached from here; nothing was audited"]),
        (
            {"dependencies": [{"name": "a", "skip_reason": "not found"}]},
            False,
            ["no service for known holes can be reached from here; nothing was audited"],
        ),
        (
            {"dependencies": [{"name": "a", "version": "1", "vulns": []}]},
            False,
            ["1 packages audited, 0 known holes"],
        ),
        (
            {"dependencies": [{"name": "a", "version": "1", "vulns": [HOLE]}, {"name": "b", "skip_reason": "?"}]},
            True,
            ["a 1 has CVE-1; fixed in 2.0", "1 packages audited, 1 known holes", "the service does not know b"],
        ),
    ],
)
def test_a_known_hole_fails_the_audit_and_an_audit_of_nothing_says_so(report: Any, fails: bool, said: Any) -> None:
    assert verdict(report) == (fails, said)

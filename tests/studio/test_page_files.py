"""The files of the page that ship: small, of this package alone, and with the licenses of what is in them."""

from __future__ import annotations

import gzip
import json
import re

from tests.paths import ROOT

SOURCES = ROOT / "studio"
PAGE = ROOT / "src" / "rulewright" / "studio" / "page"


def test_the_script_is_small() -> None:
    assert len(gzip.compress((PAGE / "studio.js").read_bytes(), 9)) < 300_000


def test_the_page_loads_nothing_from_elsewhere() -> None:
    html = (PAGE / "index.html").read_text()
    assert re.findall(r'(?:src|href)="([^"]*)"', html) == ["assets/icon.svg", "assets/studio.css", "assets/studio.js"]
    assert re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", html) is None
    assert "url(" not in (PAGE / "studio.css").read_text()


def test_every_package_of_the_script_has_its_license() -> None:
    told = re.findall(r"^(\S+) (\d\S*) \((.+)\)$", (PAGE / "licenses.txt").read_text(), re.MULTILINE)
    assert {license_ for _, _, license_ in told} <= {"MIT", "ISC", "BSD-3-Clause"}
    named = {name for name, _, _ in told}
    assert named >= set(json.loads((SOURCES / "package.json").read_text())["dependencies"])


def test_the_lock_file_names_no_registry() -> None:
    lock = (SOURCES / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert all("integrity" in package for name, package in json.loads(lock)["packages"].items() if name)


def test_sources_stay_small() -> None:
    files = [*(SOURCES / "src").glob("*.ts"), SOURCES / "build.mjs"]
    assert len(files) > 20
    assert [path.name for path in files if path.read_text().count("\n") > 300] == []
    assert [path.name for path in files if not path.read_text().startswith("// ")] == []

"""A wheel holds all that it needs and nothing beside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.paths import ROOT, ROOT_FOLDERS


def test_a_wheel_holds_all_that_it_needs_and_nothing_beside(tmp_path: Path) -> None:
    options = ["--no-deps", "--no-build-isolation", "-q", "-w", str(tmp_path)]
    # Without the part in C, which `make release-check` builds: to compile it takes longer than all else.
    without_compiler = {**os.environ, "CC": "false"}
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), *options]
    subprocess.run(command, check=True, capture_output=True, env=without_compiler)
    (wheel,) = tmp_path.glob("rulewright-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"rulewright"}
    data = {
        f"rulewright/{path.relative_to(ROOT)}"
        for source in ROOT_FOLDERS
        for path in (ROOT / source).rglob("*")
        if path.suffix in (".lark", ".j2", ".rules", ".py", ".json") and path.is_file()
    }
    data |= {f"rulewright/diagnostic_pages/{page.name}" for page in (ROOT / "docs" / "diagnostics").glob("*.md")}
    assert data - names == set()
    assert "rulewright/py.typed" in names
    licenses = {name.partition(".dist-info/licenses/")[2] for name in names} - {""}
    assert licenses == {"LICENSE", "licenses/ua-parser-js.txt"}

"""Write the bill of materials of an installation, and look for known holes: `python -m audit`.

Rulewright is installed with its dependencies and extras, and nothing else, into `build/audit/installed`. From there
cyclonedx-bom writes `build/audit/sbom.json` (CycloneDX). pip-audit asks for the known holes of what is installed, and
of the lowest versions that pyproject.toml admits. The exit code is 1 for a known hole, and for a license that is not
admitted (`licenses.py`). Where no service answers, that is said, and the exit code is 0: the floors of known holes are
also held offline, by tests/audit/test_supply_chain.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from .licenses import refused

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "audit"
TOOLS = ("pip-audit>=2.9,<3", "cyclonedx-bom>=7,<8")
EXTRAS = ("laws", "liquid", "lsp", "remote", "serve", "studio", "tables", "zstd")
"""All but `spark`: a cluster brings PySpark of its own version."""
SECONDS = 900


def main() -> int:
    """Install, write the bill of materials, ask for holes; the exit code."""
    installed = _environment("installed", f"{ROOT}[{','.join(EXTRAS)}]")
    tools = _environment("tools", *TOOLS)
    bill = FOLDER / "sbom.json"
    options = ["--pyproject", "pyproject.toml", "--output-reproducible", "--of", "JSON", "-o", str(bill)]
    _run([str(tools / "bin" / "cyclonedx-py"), "environment", *options, str(installed / "bin" / "python")])
    components = json.loads(bill.read_text())["components"]
    _say(f"audit: {bill.relative_to(ROOT)} names {len(components)} packages")
    of_others = [component for component in components if component["name"] not in ("pip", "rulewright", "setuptools")]
    unfit = refused(of_others)
    _say(*(f"license: {sentence}, which is not admitted" for sentence in unfit))
    if not unfit:
        _say(f"licenses: those of {len(of_others)} packages are admitted")
    lowest = FOLDER / "lowest.txt"
    lowest.write_text("\n".join(lowest_versions((ROOT / "pyproject.toml").read_text())) + "\n")
    frozen = FOLDER / "installed.txt"
    frozen.write_text(
        "".join(
            f"{package['name']}=={package['version']}\n" for package in components if package["name"] != "rulewright"
        )
    )
    failed = bool(unfit)
    for what, requirements in (("installed", frozen), ("lowest admitted", lowest)):
        has_holes, said = verdict(_audited(tools, requirements))
        failed |= has_holes
        _say(*(f"audit of the {what} versions: {line}" for line in said))
    return 1 if failed else 0


def lowest_versions(project: str) -> list[str]:
    """`name==version` of the lowest version that the text of a pyproject.toml admits, for dependencies and extras."""
    tables = tomllib.loads(project)["project"]
    texts = [*tables["dependencies"], *(text for extra in EXTRAS for text in tables["optional-dependencies"][extra])]
    versions: dict[str, None] = {}
    for requirement in map(Requirement, texts):
        if requirement.name == "rulewright":
            continue
        floors = [specifier.version for specifier in requirement.specifier if specifier.operator == ">="]
        if len(floors) != 1:
            raise SystemExit(f"audit: expected one lowest version, found {requirement}")
        versions[f"{requirement.name}=={floors[0]}"] = None
    return list(versions)


def verdict(report: dict[str, Any] | None) -> tuple[bool, list[str]]:
    """Whether a report of pip-audit names a known hole, and what to say of it; None is no report."""
    dependencies = [] if report is None else report["dependencies"]
    audited = [dependency for dependency in dependencies if "vulns" in dependency]
    if not audited:
        return False, ["no service for known holes can be reached from here; nothing was audited"]
    holes = [
        (dependency["name"], dependency["version"], hole) for dependency in audited for hole in dependency["vulns"]
    ]
    said = [
        f"{name} {version} has {hole['id']}; fixed in {', '.join(hole['fix_versions']) or 'no version'}"
        for name, version, hole in holes
    ]
    said.append(f"{len(audited)} packages audited, {len(holes)} known holes")
    skipped = [dependency["name"] for dependency in dependencies if "vulns" not in dependency]
    if skipped:
        said.append(f"the service does not know {', '.join(skipped)}")
    return bool(holes), said


def _audited(tools: Path, requirements: Path) -> dict[str, Any] | None:
    options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r", str(requirements)]
    run = _run([str(tools / "bin" / "pip-audit"), *options], may_fail=True)
    try:
        report: dict[str, Any] = json.loads(run.stdout)
    except ValueError:
        return None
    return report


def _environment(name: str, *packages: str) -> Path:
    folder = FOLDER / name
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, *packages])
    return folder


def _run(command: list[str], *, may_fail: bool = False) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)
    if run.returncode and not may_fail:
        raise SystemExit(f"audit: {' '.join(command)} failed:\n{run.stdout}{run.stderr}")
    return run


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

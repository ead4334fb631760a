"""`rulewright doctor`: shows what is installed, what is missing, and what is wrong."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

import click

from ..files.project import project
from ..loading.cache_files import cache_folder, entry_sizes, is_turned_off
from ..runtime.destinations import DESTINATIONS, BrokenDestination
from ..runtime.native import native
from ..version import VERSION
from . import PROJECT_PROBLEM
from .examples import examples
from .reporting import painter, write_json

_LITTLE = 1_000_000_000
"""Bytes of a disk below which a queue may soon find it full."""
_NAME = re.compile(r"[\w.-]+")
_EXTRA = re.compile(r"extra == ['\"]([\w-]+)['\"]")
_OWN_EXTRAS = re.compile(r"rulewright\[([\w,-]+)\]")
_BELOW = re.compile(r"python_version < ['\"](\d+)\.(\d+)['\"]")

_NOT_FOR_USERS = {"all", "bench", "dev"}
"""Extras that are all others together, and those of people who change Rulewright."""

Check = tuple[str, str, str]
"""What was looked at, what it is, and `good`, `bad` or `quiet` for what is neither."""


@click.command("doctor", epilog=examples("doctor", "doctor --format json"))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(form: str) -> None:
    """Show what is installed, missing or wrong: versions, extras, the part in C, cache, keys, disk. No key is shown.

    Exit codes: 0 nothing is wrong, 1 something is wrong.
    """
    checks = [*_versions(), *_packages(), *_project(), *_places(), *_destinations()]
    if form == "json":
        write_json([{"name": name, "value": value, "state": state} for name, value, state in checks])
    else:
        paint = painter(sys.stdout)
        width = max(len(name) for name, _, _ in checks)
        for name, value, state in checks:
            sys.stdout.write(f"{name:{width}}  {paint(value, state)}\n")
    sys.exit(1 if any(state == "bad" for _, _, state in checks) else 0)


def _versions() -> Iterator[Check]:
    yield "rulewright", VERSION, "quiet"
    yield "python", f"{platform.python_version()} ({platform.python_implementation()})", "quiet"
    yield "system", platform.platform(), "quiet"
    if native is not None:
        yield "part in C", "in use", "good"
    elif os.environ.get("RULEWRIGHT_NATIVE") == "off":
        yield "part in C", "turned off by RULEWRIGHT_NATIVE; results are the same, and take longer", "quiet"
    else:
        yield "part in C", "not built: there was no compiler; results are the same, and take longer", "quiet"


def _packages() -> Iterator[Check]:
    """What the package needs, and of each extra what is missing."""
    needs: dict[str, list[str]] = {}
    for requirement in metadata.requires("rulewright") or ():
        extra = _EXTRA.search(requirement)
        if extra is not None:
            needs.setdefault(extra[1], []).append(requirement)
        else:
            name, version = _installed(requirement)
            yield name, version or "missing: install rulewright again", "quiet" if version else "bad"
    for extra_name in sorted(needs.keys() - _NOT_FOR_USERS):
        names = _missing(extra_name, needs)
        if names:
            yield f"[{extra_name}]", f"not installed: {', '.join(names)}", "quiet"
        else:
            yield f"[{extra_name}]", "installed", "good"


def _missing(extra: str, needs: Mapping[str, Iterable[str]]) -> list[str]:
    """The packages of an extra that are not installed, with those of the extras that it consists of."""
    names: dict[str, None] = {}
    for requirement in needs.get(extra, ()):
        below = _BELOW.search(requirement)
        if own := _OWN_EXTRAS.match(requirement):
            names |= dict.fromkeys(name for part in own[1].split(",") for name in _missing(part, needs))
        elif below is None or sys.version_info[:2] < (int(below[1]), int(below[2])):
            name, version = _installed(requirement)
            names |= {} if version else {name: None}
    return list(names)


def _installed(requirement: str) -> tuple[str, str | None]:
    """The name of a package, and its version where it is installed."""
    match = _NAME.match(requirement)
    name = match[0] if match else requirement
    return name, _version(name)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _project() -> Iterator[Check]:
    file, problem = project.get().file, click.get_current_context().meta.get(PROJECT_PROBLEM)
    yield "project file", problem or ("none" if file is None else str(file)), "bad" if problem else "quiet"


def _places() -> Iterator[Check]:
    folder = cache_folder()
    if folder is not None:
        sizes = entry_sizes(folder)
        yield "cache", f"{folder}: {len(sizes):,} entries, {sum(sizes) / 1e6:.1f} MB", "good"
    elif is_turned_off():
        yield "cache", "turned off by RULEWRIGHT_CACHE", "quiet"
    else:
        yield "cache", "not in use: the folder cannot be written, or others can write to it", "bad"
    free = shutil.disk_usage(Path()).free
    yield "disk", f"{free / 1e9:.1f} GB free here", "good" if free > _LITTLE else "bad"


def _destinations() -> Iterator[Check]:
    """The keys of each destination, and the installed destinations that cannot be used."""
    for name in DESTINATIONS:
        try:
            variables = DESTINATIONS[name].environment
        except BrokenDestination as error:
            yield name, str(error), "bad"
            continue
        for variable in variables:
            if variable.needed_by:
                is_set = os.environ.get(variable.name)
                yield variable.name, "set" if is_set else f"not set; `{variable.needed_by}` needs it", "quiet"

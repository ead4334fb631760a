"""`make release-check`: archives are built, looked at, and installed into empty environments that follow the pages.

Everything is in build/release/: the archives in `dist`, and an environment for each wheel. Nothing is compiled in these
environments.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from .archives import Wheel, build, look
from .environment import BUILD, Environment, ReleaseError, run
from .pages import extras_of, follow, lines

NEEDED_BY_A_MODULE = ("can_ada", "msgspec", "orjson")
"""All that a compiled module needs beside the package; `pyproject.toml` has their versions."""
OF_EXTRAS = {"babel", "fsspec", "hypothesis", "pyarrow", "pygls", "python_liquid", "starlette", "uvicorn", "websockets"}
DRY_RUN = ("send", "order.rules", "--input", "order.jsonl", "--dry-run")


def check() -> Iterator[str]:
    """What was found to be right, a sentence each. Raises ReleaseError for the first thing that is wrong."""
    archive, wheels = build()
    yield f"built {archive.name}"
    yield from (f"built {wheel.file.name}" for wheel in wheels)
    yield from look(wheels, archive)
    for wheel in wheels:
        yield _base(wheel)
    pure = wheels[-1]
    yield _tutorial(pure)
    first = wheels[0]
    yield _module(first, Environment(BUILD / first.name), BUILD / f"readme-{first.name}")


def _base(wheel: Wheel) -> str:
    """The wheel alone, without extras: the part in C is there or not, and the README is true."""
    installed = Environment.made(wheel.name, wheel.python)
    installed.install(str(wheel.file))
    has_native = "from rulewright.runtime.native import native; print(native is not None)"
    if run([installed.program("python"), "-c", has_native]).strip() != str(wheel.native):
        raise ReleaseError(
            f"{wheel.file.name}: the part in C is expected to be {'built' if wheel.native else 'left out'}"
        )
    if extras := installed.packages() & OF_EXTRAS:
        raise ReleaseError(f"{wheel.file.name} brings packages of extras: {', '.join(sorted(extras))}")
    run([installed.program("rulewright"), "doctor"])
    folder = follow("README.md", installed)
    run([installed.program("rulewright"), *DRY_RUN], cwd=folder, allowed=(1,))  # one of the README's two events fails
    return f"{wheel.file.name}: the README is followed word for word in an empty environment"


def _tutorial(wheel: Wheel) -> str:
    installed = Environment.made("tutorial", wheel.python)
    installed.install(f"{wheel.file}{extras_of('docs/tutorial.md')}")
    follow("docs/tutorial.md", installed)
    return f"{wheel.file.name}: the tutorial is followed word for word in an empty environment"


def _module(wheel: Wheel, full: Environment, folder: Path) -> str:
    """Compiles the README's example, and runs the module where nothing but what it needs is installed."""
    run([full.program("rulewright"), "compile", "order.rules", "-o", "order_rules.py"], cwd=folder)
    small = Environment.made("module", wheel.python)
    small.install("--no-deps", str(wheel.file), *NEEDED_BY_A_MODULE)
    if small.packages() != {"rulewright", *NEEDED_BY_A_MODULE}:
        raise ReleaseError(f"the environment of the module has {small.packages()}")
    events = (folder / "order.jsonl").read_bytes()
    output = run([small.program("python"), "order_rules.py"], cwd=folder, given=events)
    expected = run([full.program("rulewright"), "run", "order.rules", "order.jsonl"], cwd=folder)
    if lines(output) != lines(expected):
        raise ReleaseError(f"the compiled module writes\n{output}\nexpected\n{expected}")
    code = "import order_rules; print(order_rules.RULEWRIGHT, order_rules.mapper().mappings)"
    run([small.program("python"), "-c", code], cwd=folder)
    return f"a compiled module runs with rulewright, {', '.join(NEEDED_BY_A_MODULE)} alone"


if __name__ == "__main__":
    shutil.rmtree(BUILD, ignore_errors=True)
    try:
        for sentence in check():
            print(sentence, flush=True)  # noqa: T201
    except ReleaseError as error:
        sys.exit(f"release-check: {error}")

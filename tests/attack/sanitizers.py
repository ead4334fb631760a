"""Build the part in C with sanitizers and run all of its tests there: `python -m tests.attack.sanitizers`.

The address sanitizer ends the process at a read or write outside of what is allocated or after it is freed, the
undefined-behavior sanitizer at an overflow or a bad pointer, so that pytest cannot pass. Two planted faults are run
first: a run in which the sanitizers are not at work fails too.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

BUILD = ROOT / "build" / "sanitize"
LIBRARY = BUILD / "lib"
FLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g -O1"
COMPILER = shlex.split(os.environ.get("CC", "cc"))
TESTS = (
    "tests/runtime/native",
    "tests/runtime/test_mapper_in_threads.py",
    "tests/runtime/mapping/test_hostile_classes.py",
    "tests/runtime/test_opt_outs.py",
    "tests/runtime/destinations/amplitude/test_blank_ids.py",
    "tests/runtime/destinations/amplitude/usual",
    "tests/compiler/plan/test_rows_in_c.py",
    "tests/compiler/resolve/test_visible_fields.py",
)
PLANTED = {"read_after_free": "heap-use-after-free", "overflow": "signed integer overflow"}
"""Functions of planted.c, and what the report on each says."""


class NotSanitized(Exception):
    """The sanitizers cannot be used here; the text says why."""


def environment() -> dict[str, str]:
    """The variables under which a Python process imports the sanitized build and reports what it finds."""
    return {
        **os.environ,
        "PYTHONPATH": str(LIBRARY),
        "PYTHONMALLOC": "malloc",  # Python's own allocator would hide reads after a value is freed.
        "LD_PRELOAD": f"{_library('asan')} {_library('ubsan')}",
        # Python itself is not built with sanitizers: what is freed is filled, so that Python cannot go on with it.
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:max_free_fill_size=65536:free_fill_byte=221",
        "UBSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:print_stacktrace=1",
    }


def build() -> None:
    """Build the package with sanitizers in a folder of its own, and prove that they report."""
    setup = [sys.executable, "-c", "import setuptools; setuptools.setup()", "build", "--force"]
    folders = [f"--build-base={BUILD}", f"--build-lib={LIBRARY}", f"--build-temp={BUILD / 'objects'}"]
    flags = {"CFLAGS": FLAGS, "LDFLAGS": "-fsanitize=address,undefined"}
    built = _run([*setup, *folders], {**os.environ, **flags})
    printed = _run([sys.executable, "-c", "from rulewright.runtime.native import native; print(native.__file__)"])
    if not printed.stdout.startswith(str(LIBRARY)):
        raise NotSanitized(f"the build failed:\n{built.stderr}{printed.stderr}")
    planted = BUILD / "planted.so"
    compiled = _run(
        [*COMPILER, *FLAGS.split(), "-shared", "-fPIC", str(Path(__file__).with_name("planted.c")), "-o", str(planted)]
    )
    if compiled.returncode:
        raise NotSanitized(f"the planted faults were not compiled:\n{compiled.stderr}")
    for function, report in PLANTED.items():
        run = _run([sys.executable, "-c", f"import ctypes; ctypes.CDLL({str(planted)!r}).{function}(2)"])
        if run.returncode == 0 or report not in run.stderr:
            raise NotSanitized(f"the planted fault {function} was not reported:\n{run.stderr}")


def _library(name: str) -> str:
    path = subprocess.run(
        [*COMPILER, f"-print-file-name=lib{name}.so"], capture_output=True, text=True, check=False
    ).stdout.strip()
    if not Path(path).is_absolute():
        raise NotSanitized(f"{shlex.join(COMPILER)} has no lib{name}.so: install gcc with its sanitizers")
    return path


def _run(command: list[str], variables: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=variables or environment(), capture_output=True, text=True, check=False
    )


def main(arguments: list[str]) -> int:
    """Build, and run the given tests, or all tests of the part in C; the exit code."""
    try:
        build()
    except NotSanitized as error:
        sys.stderr.write(f"sanitizers: {error}\n")
        return 1
    sys.stdout.write(f"sanitizers: both planted faults were reported; running the tests of {LIBRARY}\n")
    sys.stdout.flush()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "--capture=sys",
        *(arguments or TESTS),
    ]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

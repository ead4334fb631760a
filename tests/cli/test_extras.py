"""The command line without the packages of extras: what needs none of them works, and the rest says what to install."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from rulewright.cli.doctor import _missing
from tests.cli.copies import in_copies
from tests.cli.processes import environment
from tests.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {
    "kafka": ("confluent_kafka",),
    "laws": ("hypothesis",),
    "liquid": ("liquid", "babel"),
    "lsp": ("lsprotocol", "pygls"),
    "remote": ("fsspec", "aiohttp"),
    "serve": ("httptools", "starlette", "uvicorn"),
    "spark": ("pandas", "pyarrow", "pyspark"),
    "studio": ("lsprotocol", "pygls", "starlette", "uvicorn", "websockets"),
    "tables": ("pyarrow",),
    "zstd": ("backports.zstd", "compression.zstd"),
}
"""The modules of each extra, and of what python-liquid brings."""
RULES = """destination amplitude

mapping "Orders" -> logPurchase {
  when type = "track" and event = "Order Completed"
  use defaults
  user_properties = omit
}

test "an order" {
  given { "type": "track", "event": "Order Completed", "userId": "user-1" }
  expect "Orders"
}
"""
EVENT = {"type": "track", "event": "Order Completed", "userId": "user-42", "messageId": "m-1"}
LAW = """
law "an event has a name" {
  for any event where type = "track"
  expect "Orders" { requests[0].json.events[0].event_type = "Order Completed" }
}
"""


def without(modules: Iterable[str], program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A program with the command line as `main`, in a process that cannot import some modules."""
    before = f"import sys; sys.modules.update(dict.fromkeys({sorted(modules)})); from rulewright.cli import main\n"
    return subprocess.run(
        [sys.executable, "-c", before + program, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=environment(AMPLITUDE_API_KEY="key"),
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules with a test, and an event."""
    (tmp_path / "order.rules").write_text(RULES)
    (tmp_path / "order.jsonl").write_text(json.dumps(EVENT))
    return tmp_path


def test_every_extra_for_users_is_in_all_and_in_the_table() -> None:
    extras = PROJECT["optional-dependencies"]
    assert set(extras) - {"all", "bench", "dev"} == set(EXTRAS)
    (everything,) = map(Requirement, extras["all"])
    assert everything.extras == set(EXTRAS)
    page = (ROOT / "docs" / "install.md").read_text()
    assert [extra for extra in EXTRAS if f"| `{extra}` |" not in page] == []


COMMANDS = [
    "check order.rules",
    "test order.rules --laws 0",
    "run order.rules order.jsonl",
    "send order.rules --input order.jsonl --dry-run",
    "explain order.rules order.jsonl",
    "diff order.rules order.rules --events order.jsonl",
    "lineage order.rules",
    "compile order.rules",
    "doctor",
]


def test_commands_of_the_base_install_need_no_extra(folder: Path) -> None:
    """One process runs all of them, because most of their time is its start."""
    program = """
for command in {commands}:
    sys.argv = ["rulewright", *command.split()]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code, (command, ended.code)
"""
    modules = {module for extra in EXTRAS.values() for module in extra if module != "compression.zstd"}
    done = without(modules, program.format(commands=COMMANDS), folder=folder)
    assert done.returncode == 0, done.stderr
    assert "pip install" not in done.stderr


MISSING = [
    ("serve", "starlette", ("serve", "order.rules", "--queue", "queue.db", "--port", "0"), 2),
    ("serve", "httptools", ("serve", "order.rules", "--queue", "queue.db", "--port", "0"), 2),
    ("serve", "uvicorn", ("amplitude", "double", "--port", "0"), 2),
    ("studio", "websockets", ("studio", "order.rules", "--no-browser"), 2),
    ("lsp", "pygls", ("lsp",), 2),
    ("tables", "pyarrow", ("run", "order.rules", "order.parquet"), 2),
    ("remote", "fsspec", ("run", "order.rules", "s3://bucket/order.jsonl"), 2),
    ("kafka", "confluent_kafka", ("run", "order.rules", "kafka://broker/orders"), 2),
    ("kafka", "confluent_kafka", ("send", "order.rules", "--input", "kafka://broker/orders?group=g", "--dry-run"), 2),
    ("kafka", "confluent_kafka", ("run", "order.rules", "order.jsonl", "--output", "kafka://broker/orders"), 2),
    ("laws", "hypothesis", ("test", "law.rules"), 1),
    ("liquid", "liquid", ("check", "liquid.rules"), 1),
    ("liquid", "liquid", ("run", "liquid.rules", "order.jsonl"), 1),
]


ONE_OF_EACH = [next(row for row in MISSING if row[0] == extra) for extra in dict.fromkeys(row[0] for row in MISSING)]


@pytest.mark.parametrize(
    "missing", [pytest.param(ONE_OF_EACH, id="one command"), pytest.param(MISSING, id="all", marks=pytest.mark.long)]
)
def test_a_missing_extra_is_said_in_one_sentence(folder: Path, missing: list[tuple[str, str, Any, int]]) -> None:
    (folder / "order.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    (folder / "law.rules").write_text(RULES + LAW)
    (folder / "liquid.rules").write_text(
        RULES.replace("user_properties = omit", 'user_properties = { a: liquid("{{ event }}", $) }')
    )
    cases = [(f"import sys; sys.modules[{module!r}] = None", arguments) for _, module, arguments, _ in missing]
    for (extra, module, arguments, code), done in zip(missing, in_copies(cases, folder), strict=True):
        said = [line for line in done.text.splitlines() if "pip install" in line]
        assert (len(said), done.returncode) == (1, code), (module, arguments, done.text)
        assert f"rulewright[{extra}]" in said[0]
        assert "Traceback" not in done.text


def test_a_template_that_no_check_saw_fails_with_what_to_install(folder: Path) -> None:
    """A compiled module can come from a machine that has the library."""
    program = (
        "import sys; sys.modules['liquid'] = None\n"
        "from rulewright.runtime.functions.liquid import liquid\n"
        "from rulewright.runtime.semantics.failure import ValueFailure\n"
        "try:\n    liquid('{{ a }}', {})\nexcept ValueFailure as failure:\n    print(failure)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "`liquid` needs python-liquid, which is not installed: run `pip install 'rulewright[liquid]'`\n"
    )


@pytest.mark.parametrize(
    ("requirement", "missing"),
    [
        ("lark>=1; extra == 'x'", []),
        ("of-nobody>=1; extra == 'x'", ["of-nobody"]),
        ('of-nobody>=1; python_version < "3.9" and extra == "x"', []),
        ('of-nobody>=1; python_version < "4.0" and extra == "x"', ["of-nobody"]),
        ('rulewright[y,z]; extra == "x"', ["of-y", "of-z"]),
    ],
)
def test_doctor_counts_what_this_python_needs(requirement: str, missing: list[str]) -> None:
    needs = {"x": [requirement], "y": ["of-y>=1"], "z": ["of-z", "of-y"]}
    assert _missing("x", needs) == missing


def test_a_package_of_an_extra_can_be_found() -> None:
    """Else a name above is misspelled, and a test above hides nothing."""
    modules = {
        module for extra, extra_modules in EXTRAS.items() if extra not in ("kafka", "spark") for module in extra_modules
    }
    modules.discard("backports.zstd" if sys.version_info >= (3, 14) else "compression.zstd")
    assert [module for module in sorted(modules) if find_spec(module) is None] == []

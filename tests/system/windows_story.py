"""A process of `test_windows.py`: hides what Windows does not have, imports every module, and runs commands."""

from __future__ import annotations

import json
import os
import pkgutil
import shutil
import signal
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import anyio._backends._asyncio
import rich.console
import rich.progress
import uvicorn

if TYPE_CHECKING:
    from tests.cli.running import Done

sys.path.insert(0, str(Path(__file__).parents[2]))
LAZY = (anyio, rich, uvicorn)
"""Libraries that a command imports, and no module."""
MODULES = ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty")
SYSTEM = (
    "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "fork", "forkpty", "fchown", "getegid", "geteuid", "getgid", "getuid",
    "killpg", "memfd_create", "mkfifo", "nice", "pread", "pwrite", "register_at_fork", "sched_getaffinity", "setsid",
    "sync", "uname", "wait4",
)  # fmt: skip
SIGNALS = ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2", "setitimer")
EXTRAS = {"confluent_kafka", "pyspark"}
"""What `dev` does not install."""

RULES = """destination amplitude

mapping "Orders" -> logEventV2 {
      when type = "track" and event = "Order"
  use defaults
  user_properties = omit
}

test "an order" {
  given { "type": "track", "event": "Order", "userId": "user-1" }
  expect "Orders"
}
"""
EVENTS = [{"type": "track", "event": "Order", "userId": "user-zoë", "messageId": f"m-{number}"} for number in (1, 2)]


def hide() -> None:
    """Takes away what Windows does not have."""
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for owner, names in ((os, SYSTEM), (signal, SIGNALS)):
        for name in names:
            vars(owner).pop(name, None)
    vars(shutil)["_use_fd_functions"] = False  # it looked for them when it was imported


def import_all() -> None:
    """Imports every module of the package."""
    import rulewright

    for module in pkgutil.walk_packages(rulewright.__path__, "rulewright.", onerror=lambda name: None):
        if module.name.endswith("__main__"):
            continue
        try:
            import_module(module.name)
        except ModuleNotFoundError as missing:
            if missing.name is None or missing.name.partition(".")[0] not in EXTRAS:
                raise


def run_commands(folder: Path) -> dict[str, Done]:
    """How each command ended, with its output."""
    from rulewright import workers
    from rulewright.runtime.destinations.amplitude.fake.server import serving
    from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
    from tests.cli.running import rulewright

    (folder / "shop.rules").write_bytes(RULES.replace("\n", "\r\n").encode())
    lines = "".join(json.dumps(event, ensure_ascii=False) + "\r\n" for event in EVENTS)
    (folder / "events.jsonl").write_bytes(lines.encode())
    os.environ |= {"RULEWRIGHT_CACHE": str(folder), "AMPLITUDE_API_KEY": "key"}
    with serving(FakeAmplitude()) as url, patch.object(workers, "_can_fork", lambda: False):
        commands = {
            "fmt": "fmt shop.rules",
            "check": "check shop.rules",
            "check --events": "check shop.rules --events events.jsonl --fail-on error",
            "test": "test shop.rules --laws 2",
            "explain": "explain shop.rules events.jsonl --line 2",
            "run": "run shop.rules events.jsonl",
            "report": "run shop.rules events.jsonl -o requests.jsonl --report report.html",
            "send": f"send shop.rules --input events.jsonl --queue queue.db --base-url {url} --metrics metrics.json",
            "status": "status --queue queue.db",
            "dead-letters": "dead-letters list --queue queue.db",
            "compile": "compile shop.rules -o shop_rules.py",
            "lineage": "lineage shop.rules --format html -o lineage.html",
            "diff": "diff shop.rules shop.rules",
            "init": "init events.jsonl -o first.rules",
            "presets": "presets amplitude --copy presets.rules",
            "doctor": "doctor",
        }
        return {name: rulewright(*line.split(), folder=folder) for name, line in commands.items()}


if __name__ == "__main__":
    target = Path(sys.argv[1])
    warnings.filterwarnings("ignore", category=EncodingWarning)
    warnings.filterwarnings("error", category=EncodingWarning, module=r"rulewright\.")
    # Libraries have their own ways on Windows, which they choose when they are imported: only Rulewright is tried.
    import_all()
    for name in [name for name in sys.modules if name.partition(".")[0] == "rulewright"]:
        del sys.modules[name]
    hide()
    import_all()
    (target / "said.json").write_text(json.dumps(run_commands(target)), encoding="utf-8")

"""`rulewright studio` as a person calls it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.cli.processes import environment, interruptible
from tests.cli.running import rulewright

PROGRAM = "import sys; sys.modules.update(dict.fromkeys({missing})); from rulewright.cli import main; main()"


def started(*arguments: str, missing: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    program = PROGRAM.format(missing=missing)
    with interruptible():
        return subprocess.Popen(
            [sys.executable, "-c", program, "studio", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
        )


def test_it_prints_its_address_and_serves_until_it_is_stopped(folder: Path) -> None:
    process = started(str(folder / "shop.rules"), "--events", str(folder / "events.jsonl"), "--no-browser")
    assert process.stdout is not None
    matched = re.fullmatch(r"the studio is at (http://127\.0\.0\.1:(\d+)/\S+/)\n", process.stdout.readline())
    assert matched is not None
    assert process.stdout.readline() == "Ctrl-C ends it\n"
    assert httpx.get(matched[1], timeout=30).status_code == 200
    assert httpx.get(f"http://127.0.0.1:{matched[2]}/", timeout=30).status_code == 404
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, err.strip()) == ("", "stopped")


def test_a_missing_extra_is_said_with_the_way_to_it(folder: Path) -> None:
    process = started(str(folder / "shop.rules"), missing=("pygls",))
    _, err = process.communicate(timeout=30)
    said = "`rulewright studio` needs pygls, which is not installed; run `pip install 'rulewright[studio]'`"
    assert err == f"Error: {said}\n"
    assert process.returncode == 2


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = rulewright("studio", folder / "shop.rules", "--port", str(port), "--no-browser")
    assert done.stderr.startswith(f"Error: port {port} cannot be taken: address already in use")

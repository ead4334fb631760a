"""How long an editor waits after a keystroke, in a file of 200 mappings, over standard input and over a WebSocket.

`python -m benchmarks.typing` starts `rulewright lsp` and `rulewright studio` and types statements into a mapping in the
middle of the file, a character at a time, with a pause after each. It prints, in milliseconds, how long the list of
completions takes after a keystroke, and how long the findings do, which wait for a moment of silence first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from rich.console import Console
from websockets.sync.client import connect

from .generated_rules import mappings

TYPED = """  platform_id = properties.value_1
  city = lowercase("{{context.location.city}} x")
  region = omit
"""
GOAL = 0.2
"""Seconds that 95 of 100 keystrokes are answered in, completions and findings."""
IDLE = 0.05
"""Seconds without anything, after the answers of a keystroke."""
Message = dict[str, Any]


class Wire(Protocol):
    """A connection to a server."""

    def send(self, message: Message) -> None:
        """Sends one message."""

    def receive(self) -> Message:
        """Waits for the next message."""


class Typed(NamedTuple):
    """Seconds after each keystroke."""

    completions: list[float]
    findings: list[float]


class _Pipes:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    def send(self, message: Message) -> None:
        body = json.dumps(message).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._in.flush()

    def receive(self) -> Message:
        length = 0
        while (line := self._out.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        message: Message = json.loads(self._out.read(length))
        return message


class _Socket:
    def __init__(self, socket: Any) -> None:
        self._socket = socket

    def send(self, message: Message) -> None:
        self._socket.send(json.dumps(message))

    def receive(self) -> Message:
        message: Message = json.loads(self._socket.recv())
        return message


@contextmanager
def over_stdio(rules: Path, events: list[str]) -> Iterator[Wire]:
    """`rulewright lsp`, as editors start it."""
    del rules
    command = [sys.executable, "-m", "rulewright", "lsp", "--stdio", *events]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield _Pipes(process)
    finally:
        process.kill()
        process.wait()


@contextmanager
def over_websocket(rules: Path, events: list[str]) -> Iterator[Wire]:
    """The language server of `rulewright studio`, as its page asks it."""
    command = [sys.executable, "-m", "rulewright", "studio", str(rules), "--no-browser", *events]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        address = next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
        parts = urlsplit(address)
        # The server listens as soon as it has named its address.
        origin: Any = f"http://{parts.netloc}"
        with connect(f"ws://{parts.netloc}{parts.path.rstrip('/')}/language", origin=origin, max_size=None) as socket:
            yield _Socket(socket)
    finally:
        process.kill()
        process.wait()


def typed(wire: Wire, rules: Path) -> Typed:
    """Types into a file, and waits for the answers to each character."""
    uri, lines = rules.absolute().as_uri(), rules.read_text(encoding="utf-8").split("\n")
    heads = [number for number, line in enumerate(lines) if line.startswith("mapping ")]
    at = {"line": heads[len(heads) // 2] + 2, "character": 0}
    first = {"capabilities": {}, "processId": None, "rootUri": None}
    _ask(wire, 0, "initialize", first)
    wire.send({"jsonrpc": "2.0", "method": "initialized", "params": {}})
    document = {"uri": uri, "languageId": "rulewright", "version": 0, "text": "\n".join(lines)}
    wire.send({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}})
    _until(wire, lambda message: message.get("method") == "textDocument/publishDiagnostics")
    times = Typed([], [])
    for number, character in enumerate(TYPED, 1):
        time.sleep(IDLE)
        line, column = at["line"], at["character"]
        after = {"line": line + 1, "character": 0} if character == "\n" else {"line": line, "character": column + 1}
        change = {"range": {"start": at, "end": at}, "text": character}
        begin = time.perf_counter()
        versioned = {"textDocument": {"uri": uri, "version": number}, "contentChanges": [change]}
        wire.send({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": versioned})
        _ask(wire, number, "textDocument/completion", {"textDocument": {"uri": uri}, "position": after})
        times.completions.append(time.perf_counter() - begin)
        _until(wire, lambda message: message.get("method") == "textDocument/publishDiagnostics")
        times.findings.append(time.perf_counter() - begin)
        at = after
    return times


def _ask(wire: Wire, number: int, method: str, params: Message) -> None:
    wire.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
    _until(wire, lambda message: message.get("id") == number)


def _until(wire: Wire, is_wanted: Callable[[Message], bool]) -> None:
    while not is_wanted(wire.receive()):
        pass


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typing", description=__doc__)
    parser.add_argument("--mappings", type=int, default=200)
    parser.add_argument("--events", help="recorded events, JSON lines, for both servers")
    options = parser.parse_args()
    events = ["--events", options.events] if options.events else []
    console = Console(highlight=False)
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "shop.rules"
        rules.write_text(mappings(options.mappings), encoding="utf-8")
        console.print(f"{'milliseconds after a keystroke':32} {'p50':>6} {'p95':>6}")
        for name, started in (("stdio", over_stdio), ("WebSocket", over_websocket)):
            with started(rules, events) as wire:
                times = typed(wire, rules)
            for what, seconds in zip(times._fields, times, strict=True):
                ordered = sorted(seconds)
                middle, last = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
                console.print(f"{f'{what}, {name}':32} {1000 * middle:6.0f} {1000 * last:6.0f}")
                missed |= last > GOAL
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

"""`rulewright serve` as a process of its own."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cli.processes import environment

from .site import API_KEY, WRITE_KEY


class Server:
    """A process that serves, and what it has written."""

    def __init__(self, process: subprocess.Popen[str], queue: Path) -> None:
        self.process = process
        self.queue = queue
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.address = self.wait_for(r"on (http://\S+)")

    def wait_for(self, pattern: str) -> str:
        """The first group of the pattern, once a line matches it."""
        with self._changed:
            last_match: list[str] = []

            def is_there() -> bool:
                matches = [match for line in self.lines if (match := re.search(pattern, line))]
                last_match[:] = [match[1] if match.re.groups else match[0] for match in matches[-1:]]
                return bool(last_match) or not self._thread.is_alive()

            assert self._changed.wait_for(is_there, 60) and last_match, "\n".join(self.lines)
            return last_match[0]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and give the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._thread.join(60)
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._changed:
                self.lines.append(line.rstrip())
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


@contextmanager
def serving_process(
    rules: Path,
    queue: Path,
    *arguments: str,
    base_url: str | None = None,
    port: int = 0,
    largest_file: int = 0,
    program: Sequence[str] = ("-m", "rulewright"),
) -> Iterator[Server]:
    """Serve the rules until the end of the block; no file may grow beyond a size, if one is given."""
    sending = ["--no-send"] if base_url is None else ["--base-url", base_url]
    command = [sys.executable, *program, "serve", str(rules), "--queue", str(queue), "--port", str(port)]
    limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))) if largest_file else None
    process = subprocess.Popen(
        [*command, *sending, "--write-key", f"web={WRITE_KEY}", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(AMPLITUDE_API_KEY=API_KEY),
        preexec_fn=limit,
    )
    try:
        yield Server(process, queue)
    finally:
        process.kill()
        process.wait(60)
        assert process.stderr is not None
        process.stderr.close()

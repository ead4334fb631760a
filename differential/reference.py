"""Segment's own code, behind a pipe to Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent


class Reference:
    """Asks Node for what Segment's packages answer; a context manager that ends the process it began."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", str(HERE / "reference.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def matches(self, trigger: str, events: list[Any]) -> list[bool | None]:
        """For each event whether the trigger takes it; None where Segment's code throws."""
        answer: list[bool | None] = self._ask({"trigger": trigger, "events": events})["matches"]
        return answer

    def outputs(self, mapping: Any, events: list[Any]) -> list[dict[str, Any]]:
        """For each event `{"value": …}` or `{"error": …}`."""
        answer: list[dict[str, Any]] = self._ask({"mapping": mapping, "events": events})["outputs"]
        return answer

    def results(self, subscriptions: list[Any], settings: Any, events: list[Any]) -> list[dict[str, Any]]:
        """For each event, by the name of each subscription that takes it, its `payload`, and `requests` or `error`."""
        question = {"subscriptions": subscriptions, "settings": settings, "events": events}
        answer: list[dict[str, Any]] = self._ask(question)["results"]
        return answer

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

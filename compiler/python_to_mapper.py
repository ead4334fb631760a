"""Python text to running functions: the text goes into `linecache`, so that a traceback can show its lines."""

from __future__ import annotations

import linecache
from hashlib import sha256
from typing import Any


def run_module(text: str, title: str) -> dict[str, Any]:
    """The names that a generated module defines."""
    filename = f"<rules {title} {sha256(text.encode()).hexdigest()[:12]}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"__name__": "rulewright.compiled"}
    exec(compile(text, filename, "exec"), namespace)  # noqa: S102 -- made from literals and code alone
    return namespace

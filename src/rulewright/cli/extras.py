"""Commands that need an extra: the message if its packages are not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .reporting import CouldNotRun


@contextmanager
def extra(name: str, command: str) -> Iterator[None]:
    """Imports packages of an extra for a command. Raises CouldNotRun with the way to install them."""
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in ("", "rulewright"):
            raise
        message = f"`rulewright {command}` needs {package}, which is not installed; "
        raise CouldNotRun(f"{message}run `pip install 'rulewright[{name}]'`") from None

"""A queue that has accepted events, for the page to show."""

from __future__ import annotations

from pathlib import Path

from rulewright import Outbox

from .conftest import KEY


def accepted_queue(folder: Path, events: list[dict[str, object]]) -> Path:
    """A queue into which a service has put events, none of which is sent yet."""
    keys = {"apiKey": KEY, "secretKey": KEY}
    with Outbox(folder / "shop.rules", queue=folder / "outbox.db", settings=keys, send=False) as outbox:
        for event in events:
            outbox.put(event)
    return folder / "outbox.db"

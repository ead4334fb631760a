"""`--quiet` writes everything that is wrong; `test_outcomes.py` shows that it writes nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import rulewright as command
from tests.rules_text import SHOP, SHOP_TEST

SHOP_WITH_TEST = SHOP + SHOP_TEST
EVENT = {"type": "track", "event": "Order", "userId": "user-1"}
LONG = {**EVENT, "properties": {"note": "x" * 2000}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules with a test, in which nothing is wrong."""
    (tmp_path / "shop.rules").write_text(SHOP_WITH_TEST)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "shown"),
    [
        ("check", 'event = "Order"', 'match(event, "Order")', "RW0408"),
        ("check", "omit", "omitted(", "RW0103"),
        ("test", 'expect "Orders"', 'expect no "Orders"', "an order"),
        ("test", "given {", 'given { "x": 1 } given {', "error["),
    ],
)
def test_what_is_wrong_is_written_all_the_same(folder: Path, name: str, old: str, new: str, shown: str) -> None:
    (folder / "shop.rules").write_text(SHOP_WITH_TEST.replace(old, new))
    loud = command(name, "shop.rules", "--laws", "0", folder=folder) if name == "test" else None
    done = command(name, "shop.rules", "-q", *(("--laws", "0") if name == "test" else ()), folder=folder)
    assert done.returncode == 1
    assert shown in done.stdout + done.stderr
    assert loud is None or loud == done


@pytest.mark.parametrize(
    ("events", "account"),
    [
        ([EVENT], False),
        ([EVENT, {"type": "page", "userId": "user-1"}], False),
        ([EVENT, {**EVENT, "timestamp": "yesterday"}], True),
        ([EVENT, LONG], True),
        ([EVENT, 1], True),
    ],
    ids=["mapped", "unmatched", "failed", "repaired", "unread"],
)
def test_an_account_is_written_where_events_failed_or_were_repaired(
    folder: Path, events: list[object], account: bool
) -> None:
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    done = command("run", "shop.rules", "-q", folder=folder, given=lines)
    assert done.returncode == 0
    assert done.stdout.count("Order")
    assert bool(done.stderr) is account

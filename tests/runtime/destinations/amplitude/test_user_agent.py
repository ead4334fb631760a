"""A user agent gives the properties that Segment's own parser gives."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude import user_agent
from rulewright.runtime.destinations.amplitude.user_agent import user_agent_properties
from tests.runtime.destinations.amplitude.action_requests import event

from .reference_requests import DATA

with gzip.open(DATA / "user-agents.jsonl.gz", "rt", encoding="utf-8") as lines:
    AGENTS: list[dict[str, Any]] = [json.loads(line) for line in lines]
PIXEL = "Mozilla/5.0 (Linux; Android 8.0; Pixel 2 Build/OPD3) AppleWebKit/537.36 Chrome/54.0 Mobile Safari/537.36"


def test_all_user_agents_of_the_reference_agree() -> None:
    for row in AGENTS:
        assert user_agent_properties(row["userAgent"]) == row["output"], row["id"]


@pytest.mark.parametrize(
    ("agent", "name", "value"),
    [
        ("Mozilla/5.0 (Macintosh; U; PPC Mac OS X) AppleWebKit/412 (KHTML, like Gecko) Safari/412", "os_version", "2"),
        ("Roku/DVP-9.10 (519.10E04111A)", "device_manufacturer", "Roku"),
        ("HbbTV/1.1.1 (; Vendor;;1.0;)", "device_model", ""),
        (" " * 250 + PIXEL, "device_model", "Pixel 2"),
        ("x" * 250 + PIXEL, "device_model", None),
        ("Mozilla/5.0 (webOS/1.0; U; en-US) webOSBrowser/1.0 Avast/2.0", "os_version", "2"),
        ("", "os_name", None),
    ],
)
def test_what_is_odd_in_a_user_agent_is_read_as_the_reference_reads_it(agent: str, name: str, value: Any) -> None:
    assert user_agent_properties(agent).get(name) == value


def test_client_hints_know_better() -> None:
    properties = user_agent_properties(PIXEL, {"platformVersion": "13.0.0", "model": "Pixel 7"})
    assert properties["os_version"] == "13.0.0"
    assert properties["device_model"] == "Pixel 7"
    assert user_agent_properties(PIXEL)["device_model"] == "Pixel 2", "what is remembered is not changed"


def test_only_what_is_read_of_a_user_agent_is_kept() -> None:
    user_agent.AGENTS.clear()
    for number in range(20):
        user_agent_properties(PIXEL.ljust(255) + str(number) * 100_000)
    assert len(user_agent.AGENTS) == 1


def test_so_many_user_agents_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_agent, "_CACHED_AGENTS", 3)
    user_agent.AGENTS.clear()
    for number in range(20):
        assert user_agent_properties(f"{PIXEL} {number}")["device_model"] == "Pixel 2"
        assert len(user_agent.AGENTS) <= 3


def test_the_event_wins_over_its_user_agent() -> None:
    sent = event({"userAgent": PIXEL, "userAgentParsing": True, "includeRawUserAgent": True, "os_name": "Fuchsia"})
    assert sent["os_name"] == "Fuchsia"
    assert sent["device_manufacturer"] == "Google"
    assert sent["user_agent"] == PIXEL
    assert "device_manufacturer" not in event({"userAgent": PIXEL})


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_texts(agent: str) -> None:
    assert all(isinstance(value, str) for value in user_agent_properties(agent).values())

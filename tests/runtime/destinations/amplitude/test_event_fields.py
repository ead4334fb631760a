"""What becomes of the fields of an event: platforms, sessions, libraries and addresses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.destinations.amplitude.action_requests import EVENT, event, people, send


@pytest.mark.parametrize(
    ("values", "platform"),
    [
        ({"platform": "ios"}, "iOS"),
        ({"platform": "my IOS and android app, ios"}, "my iOS and Android app, ios"),
        ({"platform": "ANDROID", "library": "analytics.js"}, "Android"),
        ({"platform": "Android-TV; ios 17"}, "Android-TV; iOS 17"),
        ({"platform": "kiosk"}, "kiosk"),
        ({"platform": "nagios"}, "nagios"),
        ({"platform": "kiosk on ios"}, "kiosk on iOS"),
        ({"platform": "paranoid androids"}, "paranoid androids"),
        ({"platform": "niños"}, "niños"),
        ({"platform": "io\u017f"}, "io\u017f"),
        ({"library": "analytics.js"}, "Web"),
        ({"library": "analytics-ios"}, None),
    ],
)
def test_platforms_are_written_as_amplitude_writes_them(values: dict[str, Any], platform: str | None) -> None:
    assert event(values).get("platform") == platform
    for action in ("logEvent", "logPurchase"):
        (request,) = send(action, {"user_id": "user-1", "event_type": "Test", **values})
        assert request.json is not None
        assert request.json["events"][0].get("platform") == platform
    (request,) = send("identifyUser", {"user_id": "user-1", **values})
    assert people(request).get("platform") == platform


@given(st.text(max_size=4), st.sampled_from(("ios", "IOS", "android", "Android")), st.text(max_size=4))
def test_a_system_within_a_longer_word_stays_as_it_is(before: str, system: str, after: str) -> None:
    platform = before + system + after
    words = {word.lower() for word in re.findall(r"\w+", platform)}
    rewritten = event({"platform": platform})["platform"]
    assert rewritten.lower() == platform.lower()
    if not words & {"ios", "android"}:
        assert rewritten == platform


@pytest.mark.parametrize(
    ("given_id", "sent"),
    [
        ("1714566896789", 1714566896789),
        (1714566896789, 1714566896789),
        ("2024-05-01T00:00:00Z", 1714521600000),
        ("1714566896789.0", 1714566896789),
        (-1, -1),
        ("-1", -1),
        (0, None),
        ("", None),
    ],
)
def test_a_session_is_the_milliseconds_of_its_start(given_id: Any, sent: int | None) -> None:
    assert event({"session_id": given_id}).get("session_id") == sent


@pytest.mark.parametrize(
    ("library2", "sent"),
    [
        ({"behavior": "use_mapping", "mapping": ""}, ""),
        (None, "segment"),
        ({"behavior": "auto", "mapping": "mine"}, "segment"),
        ({"behavior": "use_mapping", "mapping": "mine"}, "mine"),
        ({"behavior": "use_mapping"}, None),
    ],
)
def test_the_library_is_named_as_its_settings_say(library2: Any, sent: str | None) -> None:
    assert event({"library2": library2}).get("library") == sent


def test_batches_and_regions_have_addresses_of_their_own() -> None:
    def url(values: dict[str, Any], settings: dict[str, Any]) -> str:
        return send("logEventV2", {**EVENT, **values}, settings=settings)[0].url

    assert url({}, {}) == "https://api2.amplitude.com/2/httpapi"
    assert url({"use_batch_endpoint": True}, {}) == "https://api2.amplitude.com/batch"
    assert url({"use_batch_endpoint": "true"}, {"endpoint": "europe"}) == "https://api.eu.amplitude.com/batch"

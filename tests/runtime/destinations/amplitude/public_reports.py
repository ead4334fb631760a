"""Events of public bug reports on Amplitude destinations and SDKs, and what becomes of them.

Each row names the repository and the number of its issue or pull request on GitHub.
"""

from __future__ import annotations

from typing import Any

Values = dict[str, Any]

COMMON = {"userId": "user-1", "messageId": "m-1", "timestamp": "2024-05-01T12:34:56Z"}
TRACK = {**COMMON, "type": "track", "event": "Clicked"}
ORDER = {**TRACK, "event": "Order Completed"}
IDENTIFY = {**COMMON, "type": "identify"}
TIME = 1714566896000
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6_1 like Mac OS X) AppleWebKit/605.1.15 (HTML, like Gecko) Mobile/15E148 "
    "Instagram 259.0.0.18.104 (iPhone12,8; iOS 15_6_1; en_US; en; scale=2.00; 750x1334; 413505119)"
)


def session(value: Any) -> Values:
    return {**TRACK, "integrations": {"Actions Amplitude": {"session_id": value}}}


def device(**values: Any) -> Values:
    return {**TRACK, "context": {"device": values}}


def properties(value: Any) -> Values:
    return {**TRACK, "properties": value}


SENT: dict[str, tuple[Values, Values]] = {
    "segmentio/action-destinations#190": (session("1714566896000"), {"session_id": TIME}),
    "segmentio/analytics_flutter#39": (session(-1), {"session_id": -1}),
    "segmentio/consent-manager#307, an object": (
        {**session(TIME), "integrations": {"All": False, "Actions Amplitude": {"session_id": TIME}}},
        {"session_id": TIME},
    ),
    "segmentio/consent-manager#307, true": (
        {**TRACK, "integrations": {"All": False, "Actions Amplitude": True}},
        {"session_id": None},
    ),
    "rudderlabs/rudder-server#2890": (
        {**TRACK, "anonymousId": None, "timestamp": "2023-01-20T11:26:09.8002130Z"},
        {"time": 1674213969800, "device_id": None},
    ),
    "rudderlabs/rudder-transformer#503": (device(id="IDFV-1"), {"idfv": "IDFV-1", "device_id": "IDFV-1"}),
    "amplitude/Amplitude-Node#63": ({**TRACK, "userId": 31467}, {"user_id": "31467"}),
    "amplitude/Amplitude-Swift#256": (properties({"type": "x"}), {"event_properties": {"type": "x"}}),
    "amplitude/Amplitude-TypeScript#265": (
        {**TRACK, "context": {"userAgent": INSTAGRAM}},
        {"os_name": "iOS", "device_model": "iPhone12,8", "device_manufacturer": "Apple", "device_type": "mobile"},
    ),
    "segmentio/action-destinations#1575": (
        {**TRACK, "context": {"userAgent": INSTAGRAM, "userAgentData": {"model": "X", "platformVersion": "16.1"}}},
        {"os_version": "16.1", "device_model": "X"},
    ),
    "segmentio/analytics-node#269": (
        {**TRACK, "context": {"page": {"referrer": "https://a.b/"}}},
        {
            "user_properties": {
                "$set": {"referrer": "https://a.b/"},
                "$setOnce": {"initial_referrer": "https://a.b/"},
            }
        },
    ),
    "segmentio/action-destinations#916": (
        {**ORDER, "properties": {"price": 10, "quantity": 2}},
        {"revenue": 20, "price": 10, "quantity": 2},
    ),
    "segmentio/action-destinations#632": (
        properties({"products": [{"price": 10}], "revenue": 10}),
        {"revenue": None, "price": None},
    ),
    "amplitude/Amplitude-JavaScript#160": ({**TRACK, "properties": None}, {"event_properties": None}),
    "segment-boneyard/segment-docs#5421": (
        {**IDENTIFY, "traits": {"$append": {"interests": "Music"}, "subscription type": "paid"}},
        {"user_properties": {"$append": {"interests": "Music"}, "$set": {"subscription type": "paid"}}},
    ),
    "segmentio/analytics-python#235": (
        {**TRACK, "timestamp": "2022-07-28T21:43:35.291077+00:00"},
        {"time": 1659044615291},
    ),
    "segmentio/analytics-swift#365": (session(-1), {"session_id": -1}),
    "segmentio/analytics-react-native#896": (
        {**session(TIME), "integrations": {"Actions Amplitude": {"session_id": TIME}, "Amplitude": {"session_id": 1}}},
        {"session_id": TIME},
    ),
    "segmentio/analytics-react-native#1329": (
        {**session(TIME), "event": "session_start"},
        {"event_type": "session_start", "session_id": TIME},
    ),
    "segmentio/action-destinations#1154, a platform": (
        {**TRACK, "context": {"library": {"name": "analytics.js"}, "device": {"type": "kiosk"}}},
        {"platform": "kiosk", "library": "analytics.js"},
    ),
    "segmentio/action-destinations#1154, null": (
        {**TRACK, "context": {"library": {"name": "analytics.js"}, "device": {"type": None}}},
        {"platform": "Web"},
    ),
    "segmentio/action-destinations#1154, empty": (
        {**TRACK, "context": {"library": {"name": "analytics.js"}, "device": {"type": ""}}},
        {"platform": "Web"},
    ),
    "segmentio/action-destinations#864": (
        {**TRACK, "context": {"library": {"name": "analytics-go"}}},
        {"library": "analytics-go", "platform": None},
    ),
    "segmentio/action-destinations#25": (
        {**IDENTIFY, "context": {"library": {"name": "analytics-go"}}},
        {"library": "segment"},
    ),
    "segmentio/action-destinations#2657": (
        {**TRACK, "integrations": {}, "context": {"campaign": {"source": "mail"}}},
        {"user_properties": {"$set": {"utm_source": "mail"}, "$setOnce": {"initial_utm_source": "mail"}}},
    ),
    "segmentio/analytics.js-integrations#73": (
        {**TRACK, "userId": None, "anonymousId": "visitor-1", "context": {"page": {"referrer": "https://a.b/"}}},
        {"user_id": None, "device_id": "visitor-1"},
    ),
    "segmentio/analytics.js-integrations#228": (
        {**TRACK, "context": {"app": {"version": "5.7.3", "build": "12"}}},
        {"app_version": "5.7.3"},
    ),
    "segment-integrations/analytics-ios-integration-amplitude#60": (
        {**IDENTIFY, "traits": {"key": "value2"}},
        {"user_properties": {"key": "value2"}},
    ),
    "segment-integrations/analytics-ios-integration-amplitude#13": (
        {**ORDER, "properties": {"revenue": 20, "quantity": 2}},
        {"revenue": 20, "price": None},
    ),
    "segment-integrations/analytics-ios-integration-amplitude#16": (
        {**TRACK, "event": "Product Viewed", "properties": {"price": 12.5}},
        {"revenue": None, "price": None},
    ),
    "amplitude/Amplitude-Java#30": (
        {**ORDER, "properties": {"revenue": 5, "price": 10, "quantity": 2}},
        {"revenue": 20, "price": 10, "quantity": 2},
    ),
    "amplitude/Amplitude-JavaScript#411": (
        properties({"$price": 2.99, "$quantity": 1, "$revenue": 2.99}),
        {"event_properties": {"$price": 2.99, "$quantity": 1, "$revenue": 2.99}},
    ),
    "amplitude/Amplitude-JavaScript#50": (
        properties({"items": [{"sku": "a"}], "none": None}),
        {"event_properties": {"items": [{"sku": "a"}], "none": None}},
    ),
    "amplitude/Amplitude-Kotlin#134": (
        {**TRACK, "properties": {}, "traits": {}, "context": {}},
        {"event_properties": {}, "user_properties": {}, "groups": None},
    ),
    "amplitude/Amplitude-Node#105": ({**TRACK, "userId": "     12"}, {"user_id": "     12"}),
    "crookedneighbor/amplitude#48": (
        {**IDENTIFY, "traits": {"$set": {"firstName": "Ada"}, "$add": {"counter": 1}}},
        {"user_properties": {"$set": {"firstName": "Ada"}, "$add": {"counter": 1}}},
    ),
    "mozilla/fxa#3503": ({**TRACK, "timestamp": None}, {"time": None, "user_id": "user-1"}),
    "rudderlabs/rudder-transformer#317": (
        {**COMMON, "type": "page", "name": "Docs", "context": {"campaign": {"source": "mail", "id": "c-1"}}},
        {
            "event_type": "Viewed Docs",
            "user_properties": {"$set": {"utm_source": "mail"}, "$setOnce": {"initial_utm_source": "mail"}},
        },
    ),
    "rudderlabs/rudder-server#466": (
        {**COMMON, "type": "screen", "name": "Home", "properties": {"name": "Home"}},
        {"event_type": "Viewed Home", "event_properties": {"name": "Home"}},
    ),
    "rudderlabs/rudder-transformer#265": (
        {**COMMON, "type": "page", "properties": {"path": "/docs"}},
        {"event_type": "Viewed /docs"},
    ),
    "amplitude/Amplitude-Node#110": (
        {**IDENTIFY, "traits": {"$set": {"week": 5}, "$add": {"messages": 1}}},
        {"user_properties": {"$set": {"week": 5}, "$add": {"messages": 1}}},
    ),
}

REFUSED: dict[str, tuple[Values, str, str]] = {
    "claimsforce-gmbh/flutter-segment#106": (session("9oFMfS90aH1gLZUS"), "session_id", "wrong_type"),
    "rudderlabs/rudder-transformer#127": ({**TRACK, "userId": 123}, "user_id", "short_id"),
    "amplitude/Amplitude-Kotlin#105": ({**TRACK, "userId": "2"}, "user_id", "short_id"),
    "amplitude/Amplitude-TypeScript#350": ({**TRACK, "userId": "Anonymous"}, "user_id", "forbidden_id"),
    "amplitude/Amplitude-Node#59": ({**TRACK, "userId": None}, "user_id", "no_id"),
    "rudderlabs/rudder-transformer#1521": ({**IDENTIFY, "userId": ""}, "user_id", "no_id"),
    "amplitude/Amplitude-JavaScript#17": (properties("x"), "event_properties", "wrong_type"),
    "segmentio/analytics-android#480": (
        {**ORDER, "properties": {"products": "[Lcom.segment.analytics.Properties$Product;@36db3d6"}},
        "products[0]",
        "wrong_type",
    ),
    "segmentio/analytics-swift#75": ({**TRACK, "timestamp": "2021-10-16T16:00:27.029:Z"}, "time", "wrong_type"),
    "segmentio/analytics-go#109": (
        {**TRACK, "timestamp": "2009-11-10 23:00:00 +0000 UTC m=+0.1"},
        "time",
        "wrong_type",
    ),
    "amplitude/Amplitude-Swift#115": (
        {**IDENTIFY, "traits": {"$set_once": {"plan": "pro"}}},
        "user_properties.$set_once",
        "unknown_operation",
    ),
    "amplitude/Amplitude-TypeScript#1920": ({**TRACK, "event": " "}, "event_type", "missing_field"),
    "amplitude/Amplitude-Python#56": ({**TRACK, "userId": 99}, "user_id", "short_id"),
    "mozilla/fxa-content-server#6690": ({**TRACK, "userId": None, "anonymousId": ""}, "user_id", "no_id"),
    "rudderlabs/rudder-sdk-js#79": (
        {**COMMON, "type": "page", "properties": {"url": "https://a.b/"}},
        "event_type",
        "missing_field",
    ),
    "toothrot/amplitude-api, reserved_event?": (
        {**TRACK, "event": "[Amplitude] Revenue"},
        "event_type",
        "reserved_event",
    ),
    "all-zero device IDs": (device(id="00000000-0000-0000-0000-000000000000"), "device_id", "forbidden_id"),
}


REPAIRED: dict[str, tuple[Values, Values, str, str]] = {
    "la-haus/flutter-segment#45": (
        session("1578083527"),
        {"session_id": 1578083527000},
        "session_id",
        "time_in_seconds",
    ),
    "rudderlabs/rudder-transformer#127, its time": (
        {**TRACK, "timestamp": 1583909415},
        {"time": 1583909415000},
        "time",
        "time_in_seconds",
    ),
    "a user ID in which nothing is seen": (
        {**TRACK, "anonymousId": "visitor-1", "userId": "\u200b"},
        {"user_id": None, "device_id": "visitor-1"},
        "user_id",
        "blank_text",
    ),
}

MAPPED: dict[str, tuple[str, Values, Values]] = {
    "stackrox/stackrox#5074": (
        "user_properties = context.traits\n  groups = context.groups",
        {**TRACK, "context": {"groups": {"Tenant": ["t-1"]}, "traits": {"plan": "pro"}}},
        {"user_properties": {"plan": "pro"}, "groups": {"Tenant": ["t-1"]}},
    ),
    "amplitude/Amplitude-Node#64": ("min_id_length = 1", {**TRACK, "userId": 99}, {"user_id": "99"}),
    "segmentio/analytics-react-native#263": (
        'session_id = coalesce(integrations."Actions Amplitude".session_id, integrations.Amplitude.session_id)',
        {**TRACK, "integrations": {"Amplitude": {"session_id": TIME}}},
        {"session_id": TIME},
    ),
    "rudderlabs/rudder-sdk-react-native#7": (
        "device_id = properties.visit",
        {**TRACK, "userId": None, "anonymousId": "kiosk-1", "properties": {"visit": "visit-1"}},
        {"user_id": None, "device_id": "visit-1"},
    ),
    "amplitude/Amplitude-JavaScript#347": (
        "event_id = properties.at",
        properties({"at": "7"}),
        {"event_id": 7, "event_properties": {"at": "7"}},
    ),
}

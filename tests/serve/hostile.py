"""Hostile requests: bytes that a stranger may send to a port, from valid events to noise."""

from __future__ import annotations

import gzip
import json
from typing import Any

from hypothesis import strategies as st

from rulewright.serve.calls import CALLS

from .site import WRITE_KEY

_CHARACTERS = st.text(st.characters(codec=None), max_size=20)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    _CHARACTERS,
    st.sampled_from(
        ["2026-01-01T00:00:00Z", "0000-00-00", "9999-12-31T23:59:59.999999Z", "-1", "", " ", "\ud800", "\0"]
    ),
)
_NAMES = st.sampled_from(
    "type event userId anonymousId messageId timestamp originalTimestamp sentAt receivedAt properties traits context"
    " integrations batch writeKey name groupId previousId products __proto__ __class__".split()
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES | _CHARACTERS, inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.dictionaries(_NAMES, _VALUES, max_size=8).map(
    lambda event: {"userId": "user-1", "event": "Shown", **event, "writeKey": event.get("writeKey", WRITE_KEY)}
)
_BATCHES = st.fixed_dictionaries(
    {"batch": st.lists(EVENTS | _VALUES, max_size=4) | _VALUES},
    optional={"context": _VALUES, "integrations": _VALUES, "sentAt": _VALUES, "writeKey": st.just(WRITE_KEY)},
)


def _text(value: Any) -> bytes:
    return json.dumps(value).encode()


_DEEP = st.integers(1, 16_000).map(lambda depth: b'{"a":' * depth)
_NESTED = st.integers(1, 5_000).map(lambda depth: b'{"properties":' * depth + b"1" + b"}" * depth)
_LONG = st.integers(32_000, 600_000).map(lambda size: b'{"event":"' + b"x" * size + b'"}')
_NUMBERS = st.sampled_from(
    [b'{"n":1e999}', b'{"n":' + b"9" * 6_000 + b"}", b'{"n":-0.0}', b'{"n":NaN}', b'{"n":1,"n":2}']
)
_MARKED = st.sampled_from([b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"\x1f\x8b\x08", b'{"a":"\xed\xa0\x80"}'])
_PLAIN = st.one_of(
    EVENTS.map(_text),
    _BATCHES.map(_text),
    _VALUES.map(_text),
    st.binary(max_size=200),
    _DEEP,
    _NESTED,
    _LONG,
    _NUMBERS,
    _MARKED,
)
_PACKED = st.tuples(_PLAIN, st.integers(0, 40)).map(
    lambda pair: gzip.compress(pair[0], 1)[: len(pair[0]) + 20 - pair[1]]
)
_CUT = st.tuples(_PLAIN | _PACKED, st.integers(0, 300)).map(lambda pair: pair[0][: pair[1]])
_BOMB = st.just(gzip.compress(b" " * 50_000_000, 9))
BODIES = st.one_of(EVENTS.map(_text), _BATCHES.map(_text), _PLAIN, _CUT, _PACKED, _BOMB)

_PATHS = st.one_of(
    st.sampled_from(["/v1/track", "/v1/batch"]),
    st.sampled_from([*(f"/v1/{call}" for call in CALLS), "/webhooks/segment", "/healthz", "/readyz", "/metrics"]),
    st.sampled_from(
        ["/", "//", "/v1", "/v1/", "/v1/track/", "/v1/../v1/track", "/v1/%74rack", "/v1/%ff", "/v1/%00", "*"]
    ),
    st.sampled_from([f"/v1/projects/{key}/settings" for key in (WRITE_KEY, "other", "%2e", "a" * 300)]),
    st.from_regex(r"/[!-~]{0,40}", fullmatch=True),
)
_QUERIES = st.sampled_from(["", f"?writekey={WRITE_KEY}", "?writekey=", "?writekey=%ff", "?" + "a" * 2_000, "?a=b&a=c"])
_HEADERS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                f"Authorization: Bearer {WRITE_KEY}",
                "Authorization: Basic !",
                "Authorization: Basic d3JpdGUta2V5LW9mLXRoZS13ZWI6",
                "Authorization:",
                "Content-Encoding: gzip",
                "Content-Encoding: deflate, gzip",
                "Content-Type: application/x-www-form-urlencoded",
                "X-Write-Key: \xe9",
                "X-Signature: 0",
                "X-Signature: " + "a" * 40,
                "X-Segment-Signature: sha256=" + "0" * 64,
                "Expect: 100-continue",
                "Upgrade: websocket",
                "Connection: upgrade",
                "Connection: close",
                "Origin: https://evil.example",
                "Host: evil.example\t",
                "Transfer-Encoding: identity",
            ]
        ),
        st.from_regex(r"[A-Za-z-]{1,20}: [ -~]{0,60}", fullmatch=True),
    ),
    max_size=5,
)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """The bytes of one request: its length may be said right, wrong, in chunks, or not at all."""
    method = draw(st.sampled_from(["POST"] * 8 + ["GET", "OPTIONS", "HEAD", "PUT", "DELETE", "TRACE", "post", "XX"]))
    body: bytes = draw(BODIES)
    lines = [f"{method} {draw(_PATHS)}{draw(_QUERIES)} HTTP/1.1", "Host: here", *draw(_HEADERS)]
    framing = draw(st.sampled_from(["length"] * 8 + ["chunks", "short", "long", "none", "negative", "both"]))
    if framing in ("length", "both"):
        lines.append(f"Content-Length: {len(body)}")
    if framing == "short":
        lines.append(f"Content-Length: {len(body) // 2}")
    if framing == "long":
        lines.append(f"Content-Length: {len(body) + draw(st.sampled_from([1, 10**9, 10**30]))}")
    if framing == "negative":
        lines.append("Content-Length: -1")
    if framing in ("chunks", "both"):
        lines.append("Transfer-Encoding: chunked")
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body

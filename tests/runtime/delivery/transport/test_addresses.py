"""Base URLs and proxies: keys go where they were meant to go, and not unencrypted without a word."""

from __future__ import annotations

import pytest

from rulewright.runtime.delivery.transport.addresses import base_url_of, is_loopback, readers_along


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://proxy.example.com", "https://proxy.example.com"),
        ("https://proxy.example.com:8443/amplitude/", "https://proxy.example.com:8443/amplitude"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
    ],
)
def test_base_urls(text: str, url: str) -> None:
    assert base_url_of(text) == url


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not an address"),
        ("localhost:8080", "is not an address"),
        ("ftp://host", "is not an address"),
        ("http://", "is not an address"),
        ("http://a:port", "is not an address"),
        ("http://a:0", "is not an address"),
        ("http://a:99999", "is not an address"),
        ("http://[::bad", "is not an address"),
        ("https://evil.example\\@127.0.0.1", "is not an address"),
        ("https://a b", "is not an address"),
        ("https://a\n.example", "is not an address"),
        ("https://ex\u00e4mple.com", "is not an address"),
        ("https://user:word@host", "holds a user name or password"),
        ("https://host?a=1", r"has a query, .* leave out `\?` and what follows"),
        ("https://host/?", "has a query"),
        ("https://host/#part", "has a fragment"),
        ("http://proxy.example.com", r"unencrypted; use https, or allow it \(`--insecure`\)"),
        ("http://10.0.0.1", "unencrypted"),
        ("http://127.0.0.1.example.com", "unencrypted"),
        ("http://localhost.example.com", "unencrypted"),
        ("http://0.0.0.0:80", "unencrypted"),
        ("http://2130706433", "unencrypted"),
    ],
)
def test_an_invalid_base_url_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        base_url_of(text)
    assert "word" not in str(caught.value).replace("password", "")


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="remove it") as caught:
        base_url_of("https://user:swordfish@host")
    assert "swordfish" not in str(caught.value)


def test_what_is_asked_for_is_allowed() -> None:
    assert base_url_of("http://proxy.example.com", insecure=True) == "http://proxy.example.com"
    with pytest.raises(ValueError, match="query"):
        base_url_of("http://proxy.example.com?", insecure=True)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("url", "environment", "said"),
    [
        ("https://host/", {}, None),
        (
            "https://host/",
            {"HTTPS_PROXY": "http://proxy:1"},
            "through the proxy `proxy:1`, which the environment",
        ),
        ("https://host/", {"ALL_PROXY": "proxy:1"}, "through the proxy `proxy:1`"),
        ("https://host/", {"HTTP_PROXY": "http://proxy:1"}, None),
        ("https://host/", {"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": "host"}, None),
        ("https://host/", {"HTTPS_PROXY": "http://user:word@proxy:1"}, "the proxy `proxy:1`,"),
        ("http://host/", {}, "go to `host` unencrypted"),
        ("http://host/", {"HTTP_PROXY": "http://proxy:1"}, "to `host` through the proxy `proxy:1` unencrypted"),
        ("http://localhost/", {"HTTP_PROXY": "http://proxy:1"}, None),
        ("http://[::1", {}, None),
    ],
)
def test_who_reads_along(
    monkeypatch: pytest.MonkeyPatch, url: str, environment: dict[str, str], said: str | None
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    warning = readers_along(url)
    assert warning == said or (said is not None and warning is not None and said in warning)

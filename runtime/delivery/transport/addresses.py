"""Addresses that keys are sent to: which are allowed, which are local, and which use a proxy."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def base_url_of(text: str, *, insecure: bool = False) -> str:
    """A base URL without a slash at its end.

    Raises ValueError for text that is not an HTTP address, for one with a user name, a query or a fragment, and, unless
    `insecure`, for one that would send keys unencrypted over a network.
    """
    if not text.isascii() or not text.isprintable() or set(text) & set(' \\"<>^`{|}'):
        raise ValueError(f"`{text}` is not an address such as `https://proxy.example.com`")
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError(f"`{text}` is not an address such as `https://proxy.example.com`")
    if "@" in parts.netloc:
        raise ValueError(
            "the base URL holds a user name or password, which others see in a list of processes; remove it"
        )
    for mark, name in (("?", "query"), ("#", "fragment")):
        if mark in text:
            raise ValueError(f"`{text}` has a {name}, which would not be sent; leave out `{mark}` and what follows")
    if parts.scheme == "http" and not insecure and not is_loopback(parts.hostname or ""):
        raise ValueError(
            f"`{text}` would send the API key and the events unencrypted; use https, or allow it (`--insecure`)"
        )
    return text.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address; no name is looked up."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def readers_along(url: str) -> str | None:
    """A sentence on who else can read requests to a URL: a proxy of the environment, or the network; None if nobody."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None  # nothing can be sent there
    if is_loopback(host):
        return None
    proxy = _proxy_for(parts.scheme, host)
    if parts.scheme == "http":
        route = "" if proxy is None else f" through the proxy `{proxy}`"
        return f"the API key and the events go to `{host}`{route} unencrypted, and anybody on the way can read them"
    return (
        None if proxy is None else f"requests to `{host}` go through the proxy `{proxy}`, which the environment names"
    )


def _proxy_for(scheme: str, host: str) -> str | None:
    """Host and port of the proxy that the environment names, without the password that its address may hold."""
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.netloc.rpartition("@")[2]

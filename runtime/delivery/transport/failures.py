"""Says why there was no whole answer, from the error of the request."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx

from ..adapter import Answer

TOO_FEW_DESCRIPTORS = "this process may not open more files or connections: raise the limit (`ulimit -n`)"


def failure_of(problem: BaseException) -> Answer:
    """An answer with the failure in a word or two, and its cause in a sentence."""
    causes = _causes(problem)
    for cause in causes:
        if isinstance(cause, MemoryError):
            return _failure("out of memory", "there is not enough memory to send a request", ours=True)
        if isinstance(cause, OSError) and cause.errno in (errno.EMFILE, errno.ENFILE):
            return _failure("too few file descriptors", TOO_FEW_DESCRIPTORS, ours=True)
    for cause in causes:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
            text = getattr(cause, "verify_message", "") or (cause.reason or str(cause)).lower().replace("_", " ")
            return _failure("TLS failed", f"no encrypted connection: {text}")
        if isinstance(cause, socket.gaierror):
            return _failure("no connection", f"the host's name cannot be looked up: {cause.strerror}")
        if isinstance(cause, ConnectionRefusedError):
            return _failure("no connection", "connection refused")
    if isinstance(problem, (TimeoutError, httpx.TimeoutException)):
        return _failure("timeout", "")
    if isinstance(problem, httpx.ProxyError):
        return _failure("proxy refused", str(problem))
    if isinstance(problem, httpx.ConnectError):
        return _failure("no connection", next((str(cause) for cause in reversed(causes) if str(cause)), ""))
    if isinstance(problem, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return _failure("connection broken", "")
    # Any other problem, such as an invalid address: without an answer, the sender would wait forever.
    return _failure(type(problem).__name__, str(problem))


def _failure(short: str, cause: str, *, ours: bool = False) -> Answer:
    return Answer(0, {}, b"", short, cause=cause, ours=ours)


def _causes(problem: BaseException) -> list[BaseException]:
    """The error and all that led to it; several attempts at one connection are a group."""
    causes: list[BaseException] = []
    left: list[BaseException | None] = [problem]
    while left:
        cause = left.pop(0)
        if cause is not None and not any(cause is seen for seen in causes):
            causes.append(cause)
            left += [cause.__cause__, cause.__context__]
            if isinstance(cause, BaseExceptionGroup):
                left += cause.exceptions
    return causes

"""The whole server: queue, acceptor, sender, rules and HTTP side, started together and ended in order."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import uvicorn

from ..runtime.delivery.acceptance.acceptor import Acceptor, ActiveRules
from ..runtime.delivery.acceptance.disk_space import QUOTA, DiskSpace
from ..runtime.delivery.adapter import Adapter
from ..runtime.delivery.background import BackgroundSender
from ..runtime.delivery.deliver import Options
from ..runtime.delivery.store.queue import Queue
from ..runtime.delivery.transport.addresses import is_loopback
from ..runtime.destination import MapsEvents
from ..runtime.mapper import Mapper
from .health import Health
from .http_api import HttpApi
from .keys import WebhookSecrets, WriteKeys
from .protocol import MOST_CONNECTIONS, bounded
from .rules import Reloader, RulesFile
from .traffic import Traffic

BACKLOG = 1_024
IDLE_SECONDS = 75
"""How long a connection is kept for the client's next request; longer than proxies keep theirs."""
CLOSING_SECONDS = 5
"""How long a stop waits for requests that are being read."""
SWITCH_SECONDS = 0.001
"""How soon another thread gets its turn: an answer should not wait for a long computation of the sender."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve."""

    host: str = "127.0.0.1"
    port: int = 8080
    write_keys: Mapping[str, str] = field(default_factory=dict)
    """By their names."""
    webhook_secrets: Sequence[str] = ()
    send: bool = True
    quota: int = QUOTA
    """The most bytes of the queue on disk."""
    reserve: int | None = None
    """The bytes of the disk that stay free; None for the default of `DiskSpace`."""
    most_connections: int = MOST_CONNECTIONS
    access_log: bool = True
    stage: Callable[[Mapper], MapsEvents] = lambda mapper: mapper
    """Puts sessions before the rules, also before those that they become. Raises ValueError."""
    sending: Options = field(default_factory=Options)


class _Server(uvicorn.Server):
    """uvicorn's server, which tells the other parts as soon as it is asked to end."""

    def __init__(self, config: uvicorn.Config, ending: contextlib.ExitStack) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in order at the first signal, at once at the second; accepted events are safe either way."""
        if self.should_exit:
            os._exit(128 + sig)
        self.should_exit = True  # not by uvicorn's own way, which would raise the signal once more at the end
        self._ending.close()


def serve(
    rules: RulesFile, loaded: tuple[Mapper, str], queue: Path, adapter: Adapter, options: ServeOptions
) -> Iterator[str]:
    """Bind and start, yield the address, and then serve until SIGINT or SIGTERM.

    Raises QueueProblem, OSError for an address that cannot be bound, and ValueError as `options.stage` does.
    """
    mapper, version = loaded
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as ending:
        listener = stack.enter_context(_listener(options.host, options.port))
        store = Queue(queue, adapter.name)
        disk_space = DiskSpace(store.path, options.quota, options.reserve)
        sender = BackgroundSender(mapper, queue, adapter, options.sending) if options.send else None
        acceptor = Acceptor(
            store,
            adapter,
            ActiveRules(options.stage(mapper), version),
            disk_space=disk_space,
            committed=(lambda: None) if sender is None else sender.more,
        )
        health = Health(acceptor, sender, store)

        def use(mapper: Mapper, version: str) -> None:
            acceptor.use(ActiveRules(options.stage(mapper), version))

        reloader = Reloader(rules, loaded, use, lambda why: setattr(health, "rules_problem", why))
        http_api = HttpApi(
            acceptor,
            WriteKeys(options.write_keys),
            WebhookSecrets(options.webhook_secrets),
            health,
            Traffic(access_log=options.access_log),
            open_webhooks=is_loopback(options.host),
        )
        server = _Server(
            uvicorn.Config(
                http_api.application(),
                http=bounded(options.most_connections),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=CLOSING_SECONDS,
                backlog=BACKLOG,
            ),
            ending,
        )
        acceptor.start()
        stack.callback(acceptor.close)
        reloader.start()
        stack.callback(reloader.stop)
        if sender is not None:
            sender.start()
            stack.callback(sender.join)
            # What is in flight is waited for while the last requests are answered.
            ending.callback(sender.stop)
        stack.enter_context(_signals(server, reloader))
        sys.setswitchinterval(SWITCH_SECONDS)
        host, port = listener.getsockname()[:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        server.run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


@contextlib.contextmanager
def _signals(server: _Server, reloader: Reloader) -> Iterator[None]:
    """SIGHUP looks at the rules, the others end."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, server.handle_exit) for number in numbers}
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None:
        before[hang_up] = signal.signal(hang_up, lambda number, frame: reloader.ask())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

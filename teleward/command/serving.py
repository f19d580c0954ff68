"""Serving the root application in this process, until a signal asks to stop."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType

import uvicorn

from teleward.command.refusal import CannotContinue

APPLICATION = "teleward.web.asgi"  # imported only once settings and database are there


class Server(uvicorn.Server):
    """Says when it answers; ends quietly on a signal, so that its caller can put everything else away."""

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        def ask(signum: int, frame: FrameType | None) -> None:
            self.handle_exit(signum, frame)

        if threading.current_thread() is threading.main_thread():
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, ask)
        yield


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets bound before anything else is started; `localhost` means both of its addresses."""
    families = (
        [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")] if host == "localhost" else [_address(host)]
    )
    bound: list[socket.socket] = []
    for family, address in families:
        try:
            bound.append(_bind(family, address, port or (bound[0].getsockname()[1] if bound else 0)))
        except OSError as refused:
            if not bound:
                raise CannotContinue(
                    f"Nothing can be served on {host}:{port}: {refused.strerror}. Try --port."
                ) from refused
    return bound


def serve(
    bound: list[socket.socket], *, certificate: Path | None, key: Path | None, ready: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM, with the limits that the application itself names.

    `ready` is called once the first page can be asked for.
    """
    root = import_module(APPLICATION)
    config = uvicorn.Config(
        root.app, log_config=None, ssl_certfile=certificate, ssl_keyfile=key, **root.SERVER
    )
    Server(config, ready=ready).run(sockets=bound)


def _address(host: str) -> tuple[socket.AddressFamily, str]:
    return (socket.AF_INET6 if ":" in host else socket.AF_INET), host


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
    except OSError:
        made.close()
        raise
    return made

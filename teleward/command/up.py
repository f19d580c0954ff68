"""`teleward up`: everything that a practice needs, in one process and its children."""

import argparse
import os
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from teleward.command import relay, sequencer, serving
from teleward.command.home import Home
from teleward.command.house import inside, open_house
from teleward.command.powers import give_up_powers
from teleward.command.refusal import CannotContinue
from teleward.kernel import fence

HTTPS_NEEDED = (
    "Browsers allow camera and sign-in over https only. Give --tls-cert and --tls-key, or --origin."
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for on the command line."""

    host: str
    port: int
    origin: str
    demo: bool
    turn: str
    certificate: Path | None
    key: Path | None

    @property
    def on_loopback(self) -> bool:
        return self.host == "localhost" or (_is_address(self.host) and ip_address(self.host).is_loopback)


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("up", help="start the database, bring it up to date and serve")
    parser.add_argument("--host", default="localhost", help="address to serve on (localhost)")
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")
    parser.add_argument(
        "--origin", default=os.environ.get("TELEWARD_ORIGIN", ""), help="address that people type"
    )
    parser.add_argument("--tls-cert", dest="certificate", type=Path, help="certificate chain, PEM")
    parser.add_argument("--tls-key", dest="key", type=Path, help="its private key, PEM")
    parser.add_argument(
        "--turn", default="", metavar="ADDRESS", help="run the relay (coturn) on this public address"
    )
    parser.add_argument(
        "--demo", action="store_true", help="fill an empty database with an invented practice"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Start, serve, and put everything away again."""
    wish = Wish(**{name: getattr(chosen, name) for name in Wish.__dataclass_fields__})
    _stop_on_signals()
    with ExitStack() as stack:
        bound = _listen(wish, stack)
        sealing = sequencer.take_address()
        print("Starting Teleward …", flush=True)
        origin = wish.origin or _origin(wish, bound)
        place = _announce_relay(wish)
        home = stack.enter_context(open_house(origin=origin, alone=True))
        if place is not None:
            secret = os.environ["TELEWARD_TURN_SECRET"]
            stack.enter_context(relay.running(place, secret=secret, folder=home.relay))
        _prepare(home, origin)
        stack.enter_context(sequencer.running(home, told=sealing, origin=origin))
        welcome = partial(_welcome, wish, origin, _demonstration(wish))
        give_up_powers()
        serving.serve(bound, certificate=wish.certificate, key=wish.key, ready=welcome)
    return 0


def _listen(wish: Wish, stack: ExitStack) -> list[socket.socket]:
    if bool(wish.certificate) != bool(wish.key):
        raise CannotContinue("Give both --tls-cert and --tls-key, or neither.")
    bound = serving.listen(wish.host, wish.port)
    for each in bound:
        stack.callback(each.close)
    return bound


def _origin(wish: Wish, bound: list[socket.socket]) -> str:
    scheme = "https" if wish.certificate else "http"
    name = "localhost" if wish.on_loopback else wish.host
    return f"{scheme}://{name}:{bound[0].getsockname()[1]}"


def _prepare(home: Home, origin: str) -> None:
    home.origin.write_text(origin)
    inside("schema").migrate()
    inside("static_files").collect_static(home.static)


def _demonstration(wish: Wish) -> list[str]:
    """The ways into the invented practice, made when there is none yet."""
    if not (wish.demo and wish.on_loopback):
        return []
    with fence.serving():
        lines: list[str] = inside("demo").open_practice()
    return lines


def _welcome(wish: Wish, origin: str, lines: list[str]) -> None:
    print(f"\nTeleward is at {origin}\n", *lines, "Stop with Ctrl-C.", sep="\n", flush=True)
    if not wish.on_loopback and urlsplit(origin).scheme != "https":
        print(HTTPS_NEEDED, file=sys.stderr)


def _announce_relay(wish: Wish) -> relay.Relay | None:
    """Decide on a relay and name it in the environment, before settings are read."""
    address = wish.turn or ("127.0.0.1" if wish.demo and wish.on_loopback and relay.relay_program() else "")
    if not address or os.environ.get("TELEWARD_TURN_URLS"):
        os.environ.setdefault("TELEWARD_TURN_URLS", "")
        return None
    place = relay.Relay(address=address, port=relay.usual_port(address))
    os.environ["TELEWARD_TURN_URLS"] = ",".join(place.urls)
    return place


def _stop_on_signals() -> None:
    def stop(_signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

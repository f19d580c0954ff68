"""The media relay: coturn as our child, with credentials that expire."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from teleward.command.child import start_child, stop_child
from teleward.command.refusal import CannotContinue

PRIVATE_PEERS = (
    "0.0.0.0-0.255.255.255",
    "10.0.0.0-10.255.255.255",
    "100.64.0.0-100.127.255.255",
    "127.0.0.0-127.255.255.255",
    "169.254.0.0-169.254.255.255",
    "172.16.0.0-172.31.255.255",
    "192.0.0.0-192.0.0.255",
    "192.168.0.0-192.168.255.255",
    "198.18.0.0-198.19.255.255",
    "240.0.0.0-255.255.255.255",
    "::-::1",
    "::ffff:0:0-::ffff:ffff:ffff",  # the same addresses once more, written as IPv6
    "64:ff9b::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
    "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)
USUAL_PORT = 3478
URLS = "urls"  # what the running relay answers to, for other commands


@dataclass(frozen=True, kw_only=True)
class Relay:
    """Where coturn listens. `certificate` and `key` add TURN over TLS on `tls_port`."""

    address: str
    port: int
    realm: str = "teleward"
    tls_port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    first_port: int = 49152  # abruptly closed tabs keep their ports for minutes; a small range would run dry
    last_port: int = 65535

    @property
    def on_loopback(self) -> bool:
        return self.address.startswith("127.")

    @property
    def urls(self) -> list[str]:
        """What a browser is told."""
        plain = [f"turn:{self.address}:{self.port}?transport={transport}" for transport in ("udp", "tcp")]
        secure = [f"turns:{self.address}:{self.tls_port}?transport=tcp"] if self.certificate else []
        return plain + secure

    def configuration(self, secret: str) -> str:
        """Coturn's configuration file. Permission and channel lifetimes stay what browsers expect."""
        lines = [
            f"listening-ip={self.address}",
            f"relay-ip={self.address}",
            f"listening-port={self.port}",
            f"min-port={self.first_port}",
            f"max-port={self.last_port}",
            f"realm={self.realm}",
            "use-auth-secret",
            f"static-auth-secret={secret}",
            "fingerprint",
            "no-cli",
            "no-multicast-peers",
            "no-dtls",
            "log-file=/dev/null",  # its log names the addresses of people
            "simple-log",
        ]
        return "\n".join([*lines, *self._secure_lines(), *self._peer_lines(), ""])

    def _secure_lines(self) -> list[str]:
        if self.certificate is None or self.key is None:
            return ["no-tls"]
        lines = [f"tls-listening-port={self.tls_port}", f"cert={self.certificate}", f"pkey={self.key}"]
        return [*lines, "no-tlsv1", "no-tlsv1_1"]

    def _peer_lines(self) -> list[str]:
        if self.on_loopback:
            return ["allow-loopback-peers"]
        denied = [f"denied-peer-ip={peers}" for peers in PRIVATE_PEERS]
        return [*denied, f"allowed-peer-ip={self.address}"]  # two people who are both relayed meet here


def relay_program() -> str | None:
    """The path of coturn's server, if it is installed."""
    return shutil.which("turnserver") or shutil.which("turnserver", path="/usr/sbin:/usr/local/bin")


def usual_port(address: str) -> int:
    """The port that TURN is known by, or another when that one is taken."""
    return USUAL_PORT if _is_free(address, USUAL_PORT) else free_port(address)


def free_port(address: str) -> int:
    """A port that is free for TCP and UDP at this moment."""
    while True:
        with socket.socket() as probe:
            probe.bind((address, 0))
            port: int = probe.getsockname()[1]
        if _is_free(address, port):
            return port


def _is_free(address: str, port: int) -> bool:
    try:
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stream.bind((address, port))
            datagram.bind((address, port))
    except OSError:
        return False
    return True


@contextmanager
def running(relay: Relay, *, secret: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The relay, from the main thread; it ends with the block and with this process."""
    program = relay_program()
    if program is None:
        raise CannotContinue("The relay needs coturn. On Debian: apt-get install coturn")
    folder.mkdir(mode=0o700, exist_ok=True)
    configuration = folder / "turnserver.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(relay.configuration(secret))
    child = start_child(
        [program, "-c", configuration, "--db", folder / "unused.db", "--pidfile", folder / "pid"],
        last_signal=signal.SIGTERM,
        environment={"PATH": os.defpath},
    )
    remembered = folder / URLS
    remembered.write_text(",".join(relay.urls))
    try:
        yield child
    finally:
        remembered.unlink(missing_ok=True)
        stop_child(child, signal.SIGTERM)

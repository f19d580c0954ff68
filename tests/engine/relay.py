"""A coturn of our own on free ports, with credentials that expire."""

import base64
import hashlib
import hmac
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from teleward.kernel import clock

SECRET = "only-for-this-test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = clock.now()
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    return folder / "cert.pem", folder / "key.pem"


class Relay:
    def __init__(self, port: int, tls_port: int) -> None:
        self.urls = {
            "udp": f"turn:127.0.0.1:{port}?transport=udp",
            "tcp": f"turn:127.0.0.1:{port}?transport=tcp",
            "tls": f"turns:127.0.0.1:{tls_port}?transport=tcp",
        }

    def server(self, transport: str, seconds: int = 600) -> dict[str, str]:
        """An RTCIceServer as the house would hand it out: a name that says when it ends, signed."""
        name = f"{int(time.time()) + seconds}:guest"
        digest = hmac.new(SECRET.encode(), name.encode(), hashlib.sha1).digest()
        return {
            "urls": self.urls[transport],
            "username": name,
            "credential": base64.b64encode(digest).decode(),
        }


@contextmanager
def relaying(folder: Path) -> Iterator[Relay]:
    port, tls_port = free_port(), free_port()
    cert, key = certificate(folder)
    options = {
        "listening-ip": "127.0.0.1",
        "relay-ip": "127.0.0.1",
        "listening-port": port,
        "tls-listening-port": tls_port,
        "static-auth-secret": SECRET,
        "realm": "test",
        "cert": cert,
        "pkey": key,
        "min-port": 40000,
        "max-port": 40999,
        "log-file": folder / "turn.log",
        "pidfile": folder / "turn.pid",
        "userdb": folder / "turn.db",
    }
    switches = ("use-auth-secret", "allow-loopback-peers", "no-cli", "simple-log", "no-multicast-peers", "n")
    program = shutil.which("turnserver") or "turnserver"
    arguments = [f"--{name}={value}" for name, value in options.items()] + [
        f"-{'' if len(name) == 1 else '-'}{name}" for name in switches
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, *arguments], cwd=folder, **quiet)
    try:
        _wait(port)
        yield Relay(port, tls_port)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("turnserver did not start")

"""A real coturn on free ports: UDP, TCP, and TLS with a certificate of our own making."""

import hashlib
import hmac
import ipaddress
import secrets
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ground.processes import free_port

from teleward.command.relay import Relay, running
from teleward.kernel.clock import now

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class RealRelay:
    """`urls` in the order UDP, TCP, TLS. `spki` is what Chromium needs to trust its certificate."""

    urls: tuple[str, ...]
    secret: str
    spki: str
    process: int

    @property
    def environment(self) -> dict[str, str]:
        """What makes a Teleward use it."""
        return {"TELEWARD_TURN_URLS": ",".join(self.urls), "TELEWARD_TURN_SECRET": self.secret}

    def credentials(self, *, seconds: int = 600) -> tuple[str, str]:
        """A user name and its password that hold for so long; negative for some that are over."""
        name = f"{int(now().timestamp()) + seconds}:test"
        return name, b64encode(hmac.new(self.secret.encode(), name.encode(), hashlib.sha1).digest()).decode()

    @property
    def chromium_flag(self) -> str:
        """Lets Chromium accept the certificate, and no other that it would not."""
        return f"--ignore-certificate-errors-spki-list={self.spki}"


@contextmanager
def real_relay() -> Iterator[RealRelay]:
    """Start coturn, stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-relay-"))
    spki = _make_certificate(folder)
    place = Relay(
        address=ADDRESS,
        port=free_port(),
        tls_port=free_port(),
        certificate=folder / "certificate.pem",
        key=folder / "key.pem",
    )
    secret = secrets.token_hex(32)
    try:
        with running(place, secret=secret, folder=folder / "coturn") as process:
            yield RealRelay(tuple(place.urls), secret, spki, process.pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_certificate(folder: Path) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay of a test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=7))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ADDRESS))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b64encode(hashlib.sha256(public).digest()).decode()

"""Where messages are listened for, and how their senders prove themselves. Read from the settings once."""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOOPBACK: Final = frozenset({"localhost"})


@dataclass(frozen=True, kw_only=True)
class Listening:
    """A host, a port, and TLS with client certificates where the wire leaves this machine."""

    host: str
    port: int
    tls: ssl.SSLContext | None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Wires in all and of one peer; seconds to prove oneself over TLS, without a message, and for one."""

    wires: int = 64
    wires_of_one: int = 8
    handshake: float = 10  # a wire that has not proved itself is counted nowhere yet
    idle: float = 600
    message: float = 60  # from its first byte to its last, however slowly it comes; and for our answer


def listening() -> Listening | None:
    """What the settings say; None where nothing is listened for. Raises ImproperlyConfigured."""
    if not settings.HL7_LISTEN:
        return None
    host, _colon, port = settings.HL7_LISTEN.rpartition(":")
    if not host or not port.isdecimal():
        raise ImproperlyConfigured("TELEWARD_HL7_LISTEN is host:port, such as 127.0.0.1:2575.")
    tls = _tls()
    if tls is None and not _stays_here(host) and not settings.HL7_PLAIN_BECAUSE:
        raise ImproperlyConfigured(
            "HL7 messages would come to another address than this machine's own without TLS. Set "
            "TELEWARD_HL7_CERTIFICATE, TELEWARD_HL7_KEY and TELEWARD_HL7_CLIENT_CA, or say in "
            "TELEWARD_HL7_PLAIN_BECAUSE why the network between may be trusted."
        )
    return Listening(host=host.strip("[]"), port=int(port), tls=tls)


def _tls() -> ssl.SSLContext | None:
    files = (settings.HL7_CERTIFICATE, settings.HL7_KEY, settings.HL7_CLIENT_CA)
    if not any(files):
        return None
    if not all(files):
        raise ImproperlyConfigured(
            "TELEWARD_HL7_CERTIFICATE, TELEWARD_HL7_KEY and TELEWARD_HL7_CLIENT_CA are set together: "
            "over TLS a system proves itself with a certificate of its own."
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_cert_chain(settings.HL7_CERTIFICATE, settings.HL7_KEY)
        context.load_verify_locations(settings.HL7_CLIENT_CA)
    except OSError as unreadable:  # SSLError is one
        raise ImproperlyConfigured(
            "The HL7 certificate, its key or the client CA cannot be read."
        ) from unreadable
    return context


def _stays_here(host: str) -> bool:
    try:
        return host in LOOPBACK or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

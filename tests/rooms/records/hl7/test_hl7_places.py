"""Places at the listener are few: nobody holds them with silence, with slowness or as a stranger."""

import socket
from contextlib import ExitStack

from rooms.records.hl7.hl7_wire import listens

from teleward.kernel.clock import now
from teleward.records.hl7.building import acknowledgement
from teleward.records.hl7.framing import START, framed
from teleward.records.hl7.listening import Limits
from teleward.records.hl7.reasons import Reason
from teleward.records.queries.hl7.senders import Peer

PATIENCE = 10  # seconds until a test gives up


def echo(peer: Peer, raw: bytes) -> bytes:
    return raw if peer.address else b""


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def test_who_says_nothing_is_hung_up_on() -> None:
    with listens(echo, limits=Limits(idle=0.05)) as port, connected(port) as wire:
        assert wire.recv(1) == b""


def test_line_ends_between_messages_are_no_message() -> None:
    with listens(echo, limits=Limits(idle=0.2)) as port, connected(port) as wire:
        assert _ends_under(wire, b"\r")


def test_a_message_has_one_deadline_however_slowly_it_comes() -> None:
    with listens(echo, limits=Limits(message=0.2)) as port, connected(port) as wire:
        wire.sendall(framed(b"whole"))
        assert wire.recv(100) == framed(b"whole")
        wire.sendall(START)
        assert _ends_under(wire, b"x")


def test_one_peer_takes_no_more_than_its_places() -> None:
    with ExitStack() as held:
        port = held.enter_context(listens(echo, limits=Limits(wires_of_one=2)))
        wires = [held.enter_context(connected(port)) for _place in range(2)]
        for wire in wires:
            wire.sendall(framed(b"one"))
            assert wire.recv(100) == framed(b"one")
        with connected(port) as third:
            assert third.recv(1) == b""
        wires[0].sendall(framed(b"two"))
        assert wires[0].recv(100) == framed(b"two")


def test_whom_nobody_registered_is_hung_up_on() -> None:
    def unknown(peer: Peer, raw: bytes) -> bytes:
        assert (peer.address, raw) == ("127.0.0.1", b"one")
        why = Reason.SENDER_UNKNOWN
        return acknowledgement(to=None, facility="", control_id="1", at=now(), reason=why)

    with listens(unknown) as port, connected(port) as wire:
        wire.sendall(framed(b"one"))
        found = b"".join(iter(lambda: wire.recv(4096), b""))
    assert found.count(START) == 1
    assert b"sender-unknown" in found


def _ends_under(wire: socket.socket, byte: bytes) -> bool:
    """Whether the other end hangs up while a byte comes every now and then, before patience ends."""
    wire.settimeout(PATIENCE / 200)
    for _turn in range(200):
        try:
            wire.sendall(byte)
            return wire.recv(1) == b""
        except TimeoutError:
            continue
        except OSError:
            return True
    return False

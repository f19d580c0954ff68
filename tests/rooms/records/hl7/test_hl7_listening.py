"""The wire: hl7's own MLLP client against our listener, TLS with certificates, settings, a killed server."""

import asyncio
import hashlib
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import hl7
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import override_settings
from ground.loops import run_apart
from ground.processes import free_port
from hl7.client import MLLPClient
from rooms.records.hl7.hl7_certificates import Papers, papers
from rooms.records.hl7.hl7_messages import admit
from rooms.records.hl7.hl7_wire import listens
from stage.visits import Stage, set_stage

from teleward.access.models import Patient
from teleward.records.hl7.framing import MOST_BYTES, START, framed
from teleward.records.hl7.listening import Limits, Listening, listening
from teleward.records.live.mllp import Answer
from teleward.records.models import Handling, Received, Sender
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.queries.hl7.senders import Peer
from teleward.web.asgi import make_app

KILLED = Path(__file__).parent / "hl7_killed.py"


def code(answer: bytes) -> str:
    assert answer[:1] == START
    return str(hl7.parse(answer[1:-2].decode())["MSA"][0][1])


def registered(stage: Stage, **names: str) -> Sender:
    known = {"proof": "address", "known_by": "127.0.0.1", **names}
    return Sender.objects.create(
        organisation=stage.practice.id, name="KIS", application="KIS", facility="HAUS", **known
    )


@pytest.fixture
def taking(stage: Stage) -> Answer:
    """Takes messages in the test's own transaction."""
    registered(stage)
    own = connections["default"]
    own.inc_thread_sharing()

    def answer(peer: Peer, raw: bytes) -> bytes:
        connections["default"] = own
        try:
            return answer_to(peer=peer, raw=raw)
        finally:
            del connections["default"]

    return answer


def test_hl7s_own_client_sends_and_is_answered(taking: Answer) -> None:
    with listens(taking) as port, MLLPClient("127.0.0.1", port) as client:
        assert code(client.send_message(admit("1").decode())) == "AA"
        assert code(client.send_message(admit("1").decode())) == "AA"
        assert code(client.send_message(hl7.parse(admit("2", event="A11").decode()))) == "AR"
    assert Patient.objects.filter(family_name="Müller").count() == 1


def echo(peer: Peer, raw: bytes) -> bytes:
    return f"{peer.certificate[:8]} {raw.decode()}".encode()


def test_messages_on_one_wire_are_answered_one_after_the_other() -> None:
    with listens(echo) as port, socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(b"".join(framed(f"{number}".encode()) for number in range(50)))
        found = b""
        while found.count(START) < 50 or not found.endswith(b"\r"):
            found += wire.recv(4096)
    assert found == b"".join(framed(f" {number}".encode()) for number in range(50))


def test_what_has_no_end_is_refused_and_hung_up_on() -> None:
    with listens(echo) as port, socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(START + b"x" * (MOST_BYTES + 100_000))
        wire.shutdown(socket.SHUT_WR)
        found = b"".join(iter(lambda: wire.recv(4096), b""))
    assert b"too-large" in found


def test_when_a_message_cannot_be_stored_nothing_is_answered_and_others_go_on() -> None:
    def breaks(peer: Peer, raw: bytes) -> bytes:
        if raw == b"bad":
            raise RuntimeError
        return raw

    with listens(breaks) as port:
        with MLLPClient("127.0.0.1", port) as client:
            assert client.send(framed(b"bad")) == b""
        with MLLPClient("127.0.0.1", port) as client:
            assert client.send(framed(b"good")) == framed(b"good")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return papers(tmp_path_factory.mktemp("hl7"))


def configured(certificates: Papers, **more: str) -> override_settings:
    usual = {
        "HL7_LISTEN": "0.0.0.0:2575",
        "HL7_CERTIFICATE": str(certificates.server),
        "HL7_KEY": str(certificates.server_key),
        "HL7_CLIENT_CA": str(certificates.client),
    }
    return override_settings(**{**usual, **more})


def over_tls(certificates: Papers, *, shows_its_own: bool) -> bytes:
    """What comes back over TLS from a listener that is set up by the settings."""
    with configured(certificates):
        where = listening()
    assert where is not None
    asking = ssl.create_default_context(cafile=certificates.server)
    if shows_its_own:
        asking.load_cert_chain(certificates.client, certificates.client_key)
    with (
        listens(echo, where.tls) as port,
        socket.create_connection(("127.0.0.1", port)) as plain,
        asking.wrap_socket(plain, server_hostname="localhost") as wire,
    ):
        wire.sendall(framed(b"one"))
        return wire.recv(100)


def test_over_tls_a_system_is_known_by_its_certificate(certificates: Papers) -> None:
    seen = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificates.client.read_text())).hexdigest()
    assert over_tls(certificates, shows_its_own=True) == framed(f"{seen[:8]} one".encode())


def test_who_does_not_prove_itself_over_tls_is_not_waited_for(certificates: Papers) -> None:
    with configured(certificates):
        where = listening()
    assert where is not None
    with (
        listens(echo, where.tls, Limits(handshake=0.05)) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as silent,
    ):
        assert silent.recv(1) == b""


def test_without_a_certificate_nobody_gets_a_word_over_tls(certificates: Papers) -> None:
    answered = b""
    with suppress(OSError):  # an alert, or a wire that ends
        answered = over_tls(certificates, shows_its_own=False)
    assert answered == b""


@pytest.mark.parametrize(
    "wrong",
    [
        {"HL7_LISTEN": "2575"},
        {"HL7_LISTEN": "0.0.0.0:mllp"},
        {"HL7_CLIENT_CA": ""},
        {"HL7_KEY": "/nowhere"},
        {"HL7_CERTIFICATE": "", "HL7_KEY": "", "HL7_CLIENT_CA": ""},
    ],
    ids=["no-host", "no-port", "no-ca", "no-key", "plain"],
)
def test_settings_that_do_not_hold_stop_the_start(certificates: Papers, wrong: dict[str, str]) -> None:
    with configured(certificates, **wrong), pytest.raises(ImproperlyConfigured):
        listening()


def test_plain_is_for_this_machine_or_for_a_reason(certificates: Papers) -> None:
    plain = {"HL7_CERTIFICATE": "", "HL7_KEY": "", "HL7_CLIENT_CA": ""}
    with configured(certificates, **plain, HL7_LISTEN="127.0.0.1:2575"):
        assert listening() == Listening(host="127.0.0.1", port=2575, tls=None)
    with configured(certificates, **plain, HL7_PLAIN_BECAUSE="A cable between two machines"):
        assert listening() == Listening(host="0.0.0.0", port=2575, tls=None)  # noqa: S104 - what is being tested
    with override_settings(HL7_LISTEN=""):
        assert listening() is None


def test_a_server_killed_before_its_answer_loses_and_doubles_nothing(fresh_database: str) -> None:
    registered(set_stage())
    child = subprocess.Popen([sys.executable, KILLED], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for number, kills in (("1", "after storing"), ("2", "after applying")):
        port = int(child.stdout.readline())
        with MLLPClient("127.0.0.1", port) as client:
            assert client.send_message(admit(number, event="A08")) == b"", kills
    child.stdout.close()
    assert child.wait(20) == 0
    assert list(Received.objects.order_by("number").values_list("number", flat=True)) == ["1", "2"]
    assert list(Handling.objects.values_list("received__number", "outcome")) == [("2", "applied")]
    again = [
        code(framed(answer_to(peer=Peer(address="127.0.0.1"), raw=admit(n, event="A08")))) for n in "1212"
    ]
    assert again == ["AA"] * 4
    handled = Handling.objects.order_by("received__number").values_list("received__number", "outcome")
    assert list(handled) == [("1", "applied"), ("2", "applied")]
    assert Patient.objects.filter(family_name="Müller").count() == 1


def test_the_server_listens_from_its_start_to_its_end(db: None) -> None:
    port = free_port()
    with override_settings(HL7_LISTEN=f"127.0.0.1:{port}"):
        app = make_app(works_on_jobs=False)
    seen = run_apart(_lives(app, lambda: MLLPClient("127.0.0.1", port).close()))
    assert seen == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


async def _lives(app: Callable[..., Any], meanwhile: Callable[[], None]) -> list[str]:
    """Starts the application and stops it again, as a server does."""
    heard, said = asyncio.Queue[dict[str, str]](), list[str]()
    heard.put_nowait({"type": "lifespan.startup"})

    async def say(message: dict[str, Any]) -> None:
        said.append(message["type"])
        if message["type"] == "lifespan.startup.complete":
            await asyncio.to_thread(meanwhile)
            heard.put_nowait({"type": "lifespan.shutdown"})

    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, heard.get, say)
    return said

"""A practice with a visit, a real server on a free port, and people who talk to it over real sockets."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from django.conf import settings as teleward
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from teleward.access.models import Organisation, Pass, PassClaim, Patient, Person, Role, Session, Standing
from teleward.consult.live import Live
from teleward.consult.models import Consent, Visit
from teleward.kernel.ids import new_id, new_token, token_hash
from teleward.web.asgi import SERVER, make_app

PATIENCE = 20.0  # seconds: a deadline for what must happen, never a measure of how long it took


class Talker:
    """One browser tab, as the protocol sees it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []

    def say(self, kind: str, /, **fields: Any) -> None:
        self.connection.send(json.dumps({"type": kind, **fields}))

    def hear(self, kind: str, /, **wanted: Any) -> dict[str, Any]:
        """The next message of this type with these fields; what comes before it is kept in `heard`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = json.loads(self.connection.recv(timeout=PATIENCE))
            self.heard.append(message)
            if message["type"] == kind and wanted.items() <= message.items():
                return message
        raise AssertionError(f"nothing of type {kind} was heard, but {self.heard}")

    def hears_nothing_but(self, *kinds: str) -> None:
        """Up to now only these types came: a ping goes round behind everything that was sent before."""
        self.say("ping", n=4711)
        start = len(self.heard)
        self.hear("pong", n=4711)
        assert {one["type"] for one in self.heard[start:-1]} <= set(kinds)

    def code(self) -> int:
        """The code with which the server closes the socket, after whatever still comes."""
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                self.heard.append(json.loads(self.connection.recv(timeout=PATIENCE)))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        raise AssertionError("the socket stayed open")

    def errors(self) -> list[str]:
        return [one["code"] for one in self.heard if one["type"] == "error"]


@dataclass
class Practice:
    """One organisation with a clinician, a patient, a visit today, and what their browsers hold."""

    organisation: Organisation = field(init=False)
    clinician: Person = field(init=False)
    patient: Patient = field(init=False)
    visit: UUID = field(init=False)
    host_cookie: str = field(init=False)
    patient_cookie: str = field(init=False)
    session: UUID = field(init=False)
    guest_pass: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.organisation = Organisation.objects.create(name="Praxis am Markt", short_name="Am Markt")
        self.clinician = Person.objects.create(
            organisation=self.organisation, email=f"{new_id()}@clinic.example", name="Dr. Amal Haddad"
        )
        Role.objects.create(person=self.clinician, name="physician")
        self.patient = Patient.objects.create(
            organisation=self.organisation, given_name="Jonas", family_name="Weber", born_on=date(1961, 3, 9)
        )
        self.visit = self.book()
        self.host_cookie, self.session = self.sign_in(self.clinician)
        self.patient_cookie, self.guest_pass = self.invite("patient", "Jonas Weber")

    def book(self) -> UUID:
        at = datetime.now(UTC) - timedelta(minutes=len(Visit.objects.all()) * 60)  # noqa: TID251
        visit = Visit.objects.create(
            organisation=self.organisation.id,
            patient=self.patient.id,
            host=self.clinician.id,
            host_name=self.clinician.name,
            time_zone="Europe/Berlin",
            starts_at=at,
            ends_at=at + timedelta(minutes=20),
            modes=["video", "audio", "text", "phone"],
            booked_by=self.clinician.id,
        )
        Consent.objects.create(visit=visit, version="1", language="en")
        Standing.objects.create(
            visit=visit.id, organisation=self.organisation, patient=self.patient, staff=self.clinician,
            role="host", starts_at=visit.starts_at, ends_at=visit.ends_at,
        )  # fmt: skip
        return visit.id

    def sign_in(self, person: Person) -> tuple[str, UUID]:
        secret = new_token()
        session = Session.objects.create(
            person=person, secret_hash=token_hash(secret), aal=2, method="passkey"
        )
        return f"__Host-teleward={secret}", session.id

    def invite(self, role: str, name: str, visit: UUID | None = None) -> tuple[str, UUID]:
        held = Pass.objects.create(
            token_hash=token_hash(new_token()), organisation=self.organisation, visit=visit or self.visit,
            patient=self.patient, role=role, name=name,
            expires_at=datetime.now(UTC) + timedelta(days=1),  # noqa: TID251
        )  # fmt: skip
        return self.claim(held), held.id

    def claim(self, held: Pass) -> str:
        secret = new_token()
        PassClaim.objects.update_or_create(held=held, defaults={"device_hash": token_hash(secret)})
        return f"__Host-visit={held.id}.{secret}"


class House:
    """A server in a thread of the test, with its own hub; `down` and `up` again on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self.live = Live()

    def up(self) -> None:
        self.live = Live()
        config = uvicorn.Config(
            make_app(live=self.live, works_on_jobs=False),
            **(SERVER | {"host": "127.0.0.1", "port": self.port, "log_level": "info", "log_config": None}),
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        until(lambda: self._server.started)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        await self._server.serve()

    def down(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as asked:
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()


def until(true: Callable[[], object]) -> None:
    """Waits for a condition, within a deadline that only a broken program reaches."""
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        pause.wait(0.01)


@pytest.fixture
def practice(fresh_database: str) -> Practice:
    return Practice()


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    house = House()
    house.up()
    yield house
    house.down()


Dial = Callable[..., Talker]


@pytest.fixture
def dial(house: House, practice: Practice) -> Iterator[Dial]:
    """Opens a socket with a cookie, closed at the end of the test."""
    with ExitStack() as open_sockets:

        def dialled(
            cookie: str = "",
            *,
            visit: UUID | None = None,
            origin: str | None = None,
            query: str = "",
            **more: str,
        ) -> Talker:
            headers = {"Cookie": cookie, **{name.replace("_", "-"): value for name, value in more.items()}}
            opening = connect(
                f"ws://127.0.0.1:{house.port}/live/visits/{visit or practice.visit}{query}",
                origin=origin or teleward.ORIGIN,  # type: ignore[arg-type]
                additional_headers=headers,
                compression=None,
                open_timeout=PATIENCE,
                close_timeout=1,
            )
            return Talker(open_sockets.enter_context(opening))

        yield dialled


HOST, PATIENT, THIRD = "a" * 32, "b" * 32, "c" * 32


@dataclass
class Pair:
    host: Talker
    patient: Talker


@pytest.fixture
def pair(dial: Dial, practice: Practice) -> Pair:
    """A clinician and a patient who was let in."""
    host, patient = dial(practice.host_cookie), dial(practice.patient_cookie)
    host.say("hello", version=1, peer=HOST)
    patient.say("hello", version=1, peer=PATIENT)
    host.hear("welcome")
    patient.hear("welcome")
    patient.say("arrive", mode="video", company=[])
    let_in(host, patient)
    return Pair(host, patient)


def let_in(host: Talker, guest: Talker) -> None:
    """The host waits until somebody stands in the lobby and lets them in."""
    while not (waiting := host.hear("lobby")["waiting"]):
        pass
    host.say("admit", peer=waiting[0]["peer"])
    guest.hear("admitted")
    host.hear("joined", peer=waiting[0]["peer"])

"""A gateway at home as the server sees it: it has a code, makes a key, signs each request, sends readings."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from django.conf import settings
from django.db import connections
from ground.database import Databases
from joserfc import jwt
from joserfc.jwk import ECKey
from pytest_django import DjangoDbBlocker

from stage.visits import Stage, set_stage
from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.devices.live import Devices
from teleward.devices.operations.pairing import PairingCode, make_code
from teleward.devices.queries.pairings import PairingCard, pairings
from teleward.devices.queries.readings import raw
from teleward.devices.rollups import Point
from teleward.kernel.clock import now
from teleward.web.edge import Edge


@dataclass(frozen=True)
class Server:
    """The application for gateways, at work in this process behind the edge."""

    portal: BlockingPortal
    app: Any
    addresses: Iterator[int] = field(default_factory=lambda: count(1))  # each from a network of its own

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.portal.call(self.ask, path, content, {"content-type": "application/json", **headers})

    async def ask(self, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        address = headers.pop("from", "") or f"2001:db8:0:{next(self.addresses):x}::1"
        transport = httpx.ASGITransport(app=self.app, client=(address, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://home.example") as client:
            return await client.post(path, content=content, headers=headers)


@contextmanager
def gateways_served() -> Iterator[Server]:
    """While this lasts; what its threads opened is closed at the end."""
    devices = Devices()
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(devices.running()):
        yield Server(portal, Edge(devices))
    connections.close_all()


def code_for(stage: Stage) -> PairingCode:
    grant = system_grant(
        action=Action.PAIRING_CHANGE,
        organisation=stage.practice.id,
        subject=patient_subject(patient=stage.patient.id),
    )
    return make_code(grant=grant)


@dataclass
class Gateway:
    """One gateway. `sequence` is the number of its next reading."""

    server: Server
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", private=True))
    pairing: str = ""
    sequence: int = 1

    def pair(self, code: str) -> httpx.Response:
        asked = {"code": code, "public_key": public(self.key), "name": "Küche", "software": "test 1"}
        answer = self.server.post("/devices/pair", asked)
        self.pairing = answer.json().get("pairing", "")
        return answer

    def token(self, key: ECKey | None = None, **changes: Any) -> str:
        at = int(now().timestamp())
        claims = {"iss": self.pairing, "sub": self.pairing, "aud": settings.ORIGIN, "jti": str(uuid4())}
        claims |= {"iat": at, "exp": at + 55, **changes}
        return jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, key or self.key)

    def reading(self, **changes: Any) -> dict[str, Any]:
        sequence, self.sequence = self.sequence, self.sequence + 1
        at = now() - timedelta(seconds=2)
        usual = {
            "id": str(uuid4()),
            "kind": "weight",
            "sequence": sequence,
            "source": "device",
            "measured_at": instant(at),
            "received_at": instant(at + timedelta(seconds=1)),
            "values": [{"code": "29463-7", "value": "72.5", "unit": "kg"}],
            "device": {"maker": "Waage GmbH", "model": "W1", "serial": "0815"},
        }
        return {**usual, **changes}

    def send(self, *readings: Any, token: str = "", packed: bool = False, **more: Any) -> httpx.Response:
        body = json.dumps({"readings": list(readings), **more}).encode()
        headers = {"authorization": f"Bearer {token or self.token()}"}
        headers |= {"content-encoding": "gzip"} if packed else {}
        return self.server.post("/devices/readings", gzip.compress(body) if packed else body, **headers)

    def answers(self, *readings: Any) -> list[dict[str, Any]]:
        answer = self.send(*readings)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["answers"]
        return found


def paired(server: Server, stage: Stage) -> Gateway:
    gateway = Gateway(server)
    assert gateway.pair(code_for(stage).code).status_code == 200
    return gateway


def public(key: ECKey) -> dict[str, Any]:
    return {name: key.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")}


def instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Home:
    """A practice whose server takes readings, and a way to look at what it kept."""

    server: Server
    stage: Stage
    owner: psycopg.Connection

    def grant(self, action: Action, *, kind: str = "Patient") -> Grant:
        subject = replace(patient_subject(patient=self.stage.patient.id), kind=kind)
        return system_grant(action=action, organisation=self.stage.practice.id, subject=subject)

    def points(self, code: str) -> list[Point]:
        since, until = now() - timedelta(days=1), now() + timedelta(days=1)
        grant, patient = self.grant(Action.READING_READ), self.stage.patient.id
        return list(raw(grant=grant, patient=patient, code=code, since=since, until=until))

    def cards(self) -> tuple[PairingCard, ...]:
        return pairings(grant=self.grant(Action.PAIRING_CHANGE))


@pytest.fixture(scope="module")
def home(django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[Home]:
    """A server for all tests of one file, with a database of its own."""
    with (
        django_db_blocker.unblock(),
        databases.fresh(),
        gateways_served() as server,
        psycopg.connect(databases.owner_url, autocommit=True) as owner,
    ):
        yield Home(server, set_stage(), owner)


@pytest.fixture
def gateway(home: Home) -> Gateway:
    """One that was just paired."""
    return paired(home.server, home.stage)

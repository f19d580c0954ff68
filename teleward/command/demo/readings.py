"""What two of the invented patients measured at home: six weeks of blood pressure, and their weight."""

from collections.abc import Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from joserfc.jwk import ECKey

from teleward.access.grants import Action, Circumstances, Subject, Weighed, weigh
from teleward.access.operations.people import system_grant
from teleward.command.demo.desk import Practice
from teleward.command.gateway.keys import Proof, public, sign
from teleward.consult.operations.booking import Who
from teleward.devices.operations.intake import take_readings
from teleward.devices.operations.pairing import Claim, claim, make_code
from teleward.devices.queries.credentials import proven
from teleward.devices.readings import Batch
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

Json = dict[str, Any]
Value = tuple[str, float, str]  # code, value, unit
Measured = tuple[str, Json, datetime, tuple[Value, ...]]
DAYS, MISSED = 42, 0.12
CUFF = {"maker": "Norda", "model": "Cuff 2"}
SCALE = {"maker": "Norda", "model": "Scale 1"}
WHO = {1: (118, 76, 62.4), 2: (146, 87, 88.9)}  # place in `people.PATIENTS`: usual values


def measure_at_home(practice: Practice, everyone: list[Who]) -> None:
    """Pair a gateway with each of them and send what their devices said."""
    for number, usual in WHO.items():
        key = ECKey.generate_key("P-256", private=True)
        pairing = _paired(practice, everyone[number].id, key)
        who = proven(token=sign(key, Proof(pairing=str(pairing), origin=settings.ORIGIN), now()))
        (weighed,) = _at_once(
            weigh(
                ask=_nothing,
                actor=who.actor,
                action=Action.READING_WRITE,
                subjects=[who.subject],
                circumstances=_here(),
            )
        )
        body = msgspec.json.encode({"readings": list(_readings(Random(number), usual))})  # noqa: S311 - invented
        take_readings(weighed=weighed, proven=who, batch=msgspec.json.decode(body, type=Batch), body=body)


def _paired(practice: Practice, patient: UUID, key: ECKey) -> UUID:
    about = Subject(kind="Patient", id=patient, organisation=practice.organisation, patient=patient)
    grant = system_grant(action=Action.PAIRING_CHANGE, organisation=practice.organisation, subject=about)
    code = make_code(grant=grant).code
    said = Claim(code=code, public_key=public(key), name="Wohnzimmer", software="teleward gateway")
    return claim(said=said, circumstances=_here())


def _readings(chance: Random, usual: tuple[int, int, float]) -> Iterator[Json]:
    """In their order, numbered."""
    for sequence, (kind, device, at, values) in enumerate(_measured(chance, usual), start=1):
        yield {
            "id": str(new_id()),
            "kind": kind,
            "source": "device",
            "sequence": sequence,
            "measured_at": at.isoformat(),
            "received_at": at.isoformat(),
            "values": [{"code": code, "value": str(value), "unit": unit} for code, value, unit in values],
            "device": device,
        }


def _measured(chance: Random, usual: tuple[int, int, float]) -> Iterator[Measured]:
    """Mornings and evenings, but for a day now and then; the weight in the morning."""
    upper, lower, weight = usual
    today = now().astimezone(UTC).replace(hour=6, minute=20, second=0, microsecond=0)
    for days in range(DAYS, 0, -1):
        if chance.random() < MISSED:
            continue
        morning = today - timedelta(days=days, minutes=chance.randint(-40, 40))
        for at in (morning, morning + timedelta(hours=12)):
            values = (
                ("8480-6", upper + chance.randint(-11, 13), "mm[Hg]"),
                ("8462-4", lower + chance.randint(-7, 8), "mm[Hg]"),
                ("8867-4", 68 + chance.randint(-8, 14), "/min"),
            )
            yield "blood-pressure", CUFF, at, values
        yield "weight", SCALE, morning, (("29463-7", round(weight + chance.uniform(-0.6, 0.6), 1), "kg"),)


def _here() -> Circumstances:
    return Circumstances(request_id=str(new_id()), client_address="", via="command")


def _at_once(asked: Coroutine[Any, Any, list[Weighed]]) -> list[Weighed]:
    """The answer of what waits for nothing, also where a loop runs already."""
    try:
        asked.send(None)
    except StopIteration as answered:
        found: list[Weighed] = answered.value
        return found
    raise RuntimeError("it waits")


async def _nothing(_statement: str, _values: Sequence[object]) -> list[tuple[Any, ...]]:
    """Of a gateway no standings are looked up."""
    return []

"""Decisions of the gate per second of CPU, with the evidence looked up in PostgreSQL, without the ledger.

`decisions-per-second`: the same people ask about the same 200 patients again and again, as over a day.
`first-decisions-per-second`: nobody has asked that before. The engine's answer to the same question about
the same facts is remembered; the facts are looked up each time.
Floor: the policy engine alone with the same policies, schema and entities already parsed.
Data: one physician, 200 invented patients, half of them with an appointment; 3,000 decisions a round.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import cedarpy

from bench.figures import Figure
from bench.ground import practice
from teleward.access import entities
from teleward.access.deciding import decide
from teleward.access.evidence import NONE
from teleward.access.grants import Action, Actor, ActorKind, Subject
from teleward.access.models import Organisation, Patient, Person, Standing
from teleward.access.policy import rules
from teleward.kernel.clock import now
from teleward.kernel.fence import open_for
from teleward.kernel.ids import new_id

PATIENTS = 200
DECISIONS = 3000
ROUNDS = 3


def measure() -> list[Figure]:
    with practice():
        ours, first, floor = _rates()
    print(f"asked again {ours:.0f}, first asked {first:.0f}, engine alone {floor:.0f} per second of CPU")
    return [
        Figure(name="first-decisions-per-second", value=first, unit="1/s", floor=floor),
        Figure(name="decisions-per-second", value=ours, unit="1/s", floor=floor, goal=">=5000"),
    ]


def _rates() -> tuple[float, float, float]:
    here = Organisation.objects.create(name="Bench", short_name="Bench")
    open_for(practice=here.id)
    doctor = Person.objects.create(organisation=here, email="doctor@example.org", name="Doctor")
    names = {"organisation": here, "given_name": "P", "born_on": "1980-01-01"}
    patients = [Patient.objects.create(family_name=str(number), **names) for number in range(PATIENTS)]
    for patient in patients[::2]:
        dates = {"starts_at": now(), "ends_at": now() + timedelta(minutes=20)}
        Standing.objects.create(
            visit=new_id(), organisation=here, patient=patient, staff=doctor, role="host", **dates
        )
    actor = Actor(
        kind=ActorKind.STAFF,
        id=doctor.id,
        organisation=here.id,
        roles=frozenset({"physician"}),
        aal=2,
        authenticated_at=now(),
    )
    subjects = [Subject(kind="Patient", id=p.id, organisation=here.id, patient=p.id) for p in patients]

    def ours(number: int) -> None:
        decide(actor=actor, action=Action.NOTE_READ, subject=subjects[number % PATIENTS])

    def first(number: int) -> None:
        visit = replace(subjects[number % PATIENTS], kind="Visit", id=new_id())
        decide(actor=actor, action=Action.NOTE_READ, subject=visit)

    loaded = rules()
    asked = entities.facts(actor=actor, subject=subjects[0], found=NONE, at=now())
    able = loaded.about(actor.kind.value, Action.NOTE_READ.value)
    known = cedarpy.Entities.from_json_str(
        json.dumps([asked.principal, asked.resource]), schema=loaded.schema
    )
    request = {
        "principal": asked.principal["uid"],
        "action": {"type": "Action", "id": Action.NOTE_READ.value},
        "resource": asked.resource["uid"],
        "context": asked.context,
    }

    def engine(_number: int) -> None:
        cedarpy.is_authorized(request, able, known, schema=loaded.schema)

    again, floor = (max(_rate(work) for _ in range(ROUNDS)) for work in (ours, engine))
    return again, max(_rate(first) for _ in range(ROUNDS)), floor


def _rate(work: Callable[[int], None]) -> float:
    begun = time.process_time()
    for number in range(DECISIONS):
        work(number)
    return DECISIONS / (time.process_time() - begun)

"""Decisions of the gate per second of CPU, with the evidence looked up in PostgreSQL, without the ledger.

Floor: the policy engine alone with the same policies, schema and entities already parsed.
Data: one physician, 200 invented patients, half of them with an appointment; 3,000 decisions a round.
"""

import time
from collections.abc import Callable
from datetime import timedelta

import cedarpy

from bench.figures import Figure
from bench.ground import practice
from teleward.access import entities
from teleward.access.grants import Action, Actor, ActorKind, Subject
from teleward.access.models import Organisation, Patient, Person, Standing
from teleward.access.deciding import decide, decide_on
from teleward.access.evidence import NONE
from teleward.access.policy import rules
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

PATIENTS = 200
DECISIONS = 3000
ROUNDS = 3


def measure() -> list[Figure]:
    with practice():
        ours, floor = _rates()
    print(f"with evidence {ours:.0f}/s of CPU, engine alone {floor:.0f}/s of CPU, best of {ROUNDS}")
    return [Figure(name="decisions-per-second", value=ours, unit="1/s", floor=floor, goal=">=5000")]


def _rates() -> tuple[float, float]:

    here = Organisation.objects.create(name="Bench", short_name="Bench")
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

    loaded = rules()
    known = [entities.principal(actor), entities.resource(subjects[0])]
    request = {
        "principal": entities.uid(actor.kind.value, actor.id),
        "action": {"type": "Action", "id": Action.NOTE_READ.value},
        "resource": entities.uid("Patient", subjects[0].id),
        "context": {"appointment": True, "host": False, "self": False, "fresh": True},
    }

    def engine(_number: int) -> None:
        cedarpy.is_authorized(request, loaded.policies, known, schema=loaded.schema)

    return max(_rate(ours) for _ in range(ROUNDS)), max(_rate(engine) for _ in range(ROUNDS))


def _rate(work: Callable[[int], None]) -> float:
    begun = time.process_time()
    for number in range(DECISIONS):
        work(number)
    return DECISIONS / (time.process_time() - begun)

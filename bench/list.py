"""The first 50 of a practice's 500,000 patients by name, as the policies let a physician see them.

Floor: the same query with a condition written by hand by somebody who knows the policies.
Data: invented patients, 1 in 100 restricted, 4,000 appointments of twenty physicians, behind the fence.
Both run as the application's role, the quickest of 50 rounds each; the engine's second look at the
50 rows is printed apart.
"""

import time
from collections.abc import Callable
from uuid import UUID

from django.db import connection, connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from bench.figures import Figure
from bench.ground import practice
from teleward.access.actors import Actor, ActorKind
from teleward.access.grants import Action
from teleward.access.lists import LONGEST, allowed, condition
from teleward.access.models import Kinship, Organisation, Patient, Person, Restriction, Standing
from teleward.access.queries.patients import ROW
from teleward.kernel import fence
from teleward.kernel.clock import now

PATIENTS = 500_000
RESTRICTED = PATIENTS // 100
ROUNDS = 50
FILLING = (
    """INSERT INTO access_patient
            (id, organisation_id, given_name, family_name, born_on, language, contact, registered_at)
        SELECT gen_random_uuid(), %(here)s, 'Given ' || n %% 997, 'Family ' || md5(n::text),
            '1980-01-01', 'de', '', now()
        FROM generate_series(1, %(patients)s) n""",
    """INSERT INTO access_restriction (id, patient_id, tier, reason, set_by_id, set_at)
        SELECT gen_random_uuid(), id, 'restricted', 'request', %(doctor)s, now()
        FROM access_patient ORDER BY md5(id::text) LIMIT %(restricted)s""",
    """INSERT INTO access_standing
            (id, kind, source, organisation_id, patient_id, staff_id, role, starts_at, ends_at)
        SELECT gen_random_uuid(), 'appointment', gen_random_uuid(), %(here)s, p.id, s.id, '', now(), now()
        FROM (SELECT id, row_number() OVER (ORDER BY md5(id::text)) n FROM access_patient LIMIT 4000) p
        JOIN (SELECT id, row_number() OVER () n FROM access_person) s ON s.n = p.n %% 20 + 1""",
    "ANALYZE",
)


def measure() -> list[Figure]:
    with practice():
        doctor = _filled()
        fence.open_for(practice=_certain(doctor.organisation))
        queries, ours, floor, again = _figures(doctor)
    print(
        f"by policy {ours:.2f} ms, by hand {floor:.2f} ms, the engine's second look at 50 rows {again:.2f} ms"
    )
    return [
        Figure(name="queries", value=queries, unit="queries", floor=1, goal="1"),
        Figure(name="list-milliseconds", value=ours, unit="ms", floor=floor),
    ]


def _filled() -> Actor:
    here = Organisation.objects.create(name="Bench", short_name="Bench")
    people = [Person(organisation=here, email=f"{n}@example.org", name="Doctor") for n in range(20)]
    doctor = Person.objects.bulk_create(people)[0]
    numbers = {"patients": PATIENTS, "restricted": RESTRICTED}
    with connections["owner"].cursor() as cursor:
        for statement in FILLING:
            cursor.execute(statement, numbers | {"here": here.id, "doctor": doctor.id})
    return Actor(
        kind=ActorKind.STAFF,
        id=doctor.id,
        organisation=here.id,
        roles=frozenset({"physician"}),
        aal=2,
        authenticated_at=now(),
    )


def _figures(doctor: Actor) -> tuple[int, float, float, float]:
    with CaptureQueriesContext(connection) as asked:
        found = list(_by_policy(doctor))
    if found != list(_by_hand(doctor)):
        raise AssertionError("the two lists differ")
    subjects = [ROW.subject(row) for row in found]

    def look_again() -> None:
        allowed(actor=doctor, action=Action.PATIENT_LIST, subjects=subjects, at=now())

    return (
        len(asked),
        _milliseconds(lambda: list(_by_policy(doctor))),
        _milliseconds(lambda: list(_by_hand(doctor))),
        _milliseconds(look_again),
    )


def _by_policy(doctor: Actor) -> QuerySet[Patient]:
    said = condition(actor=doctor, action=Action.PATIENT_LIST, row=ROW, at=now())
    return _listed(Q(said) if isinstance(said, Q) else Q())


def _by_hand(doctor: Actor) -> QuerySet[Patient]:
    ties = Standing.objects.filter(patient=OuterRef("id"), staff=doctor.id, kind="appointment")
    kept = Exists(Restriction.objects.filter(patient=OuterRef("id"), lifted_at=None))
    kin = Exists(Kinship.objects.filter(patient=OuterRef("id"), person=doctor.id))
    own = Q(person=doctor.id)
    return _listed(Q(organisation=doctor.organisation) & ~own & ~kin & (~kept | Exists(ties)))


def _listed(wanted: Q) -> QuerySet[Patient]:
    return Patient.objects.filter(wanted).order_by("family_name", "given_name", "id")[:LONGEST]


def _milliseconds(work: Callable[[], object]) -> float:
    """The quickest of many: what the work takes, not what else the machine does."""
    work()
    return min(_timed(work) for _round in range(ROUNDS)) * 1000


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _certain(practice_id: UUID | None) -> UUID:
    if practice_id is None:
        raise ValueError
    return practice_id

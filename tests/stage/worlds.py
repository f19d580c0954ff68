"""Random practices in which the dates of ties lie on the edges of their windows, or a microsecond beside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from uuid import UUID

from teleward.access.actors import Actor, ActorKind
from teleward.access.evidence import TOLD
from teleward.access.models import Cover, Kinship, Organisation, Patient, Person, Proxy, Restriction, Standing
from teleward.access.operations.people import ROLES
from teleward.access.policy import rules
from teleward.access.policy.annotations import windows
from teleward.consult.models import Visit
from teleward.kernel.ids import new_id
from teleward.trust.models import Objection

INSTANT = timedelta(microseconds=1)
CATEGORIES = ("", "", "", "mental-health", "sexual-health", "genetics")
ELSEWHERE = ("billing", "pharmacist", "researcher")  # roles that may not be given out yet


@dataclass
class World:
    """Two practices. A patient's given name is the category of what is asked about, for want of a column."""

    chance: Random
    at: datetime
    practices: list[Organisation] = field(init=False)
    staff: list[Person] = field(init=False)
    accounts: list[Person] = field(init=False)
    patients: list[Patient] = field(init=False)
    visits: list[Visit] = field(init=False)
    session: UUID = field(default_factory=new_id)

    def fill(self, *, staff: int, patients: int) -> None:
        """Everything into the database."""
        names = ("Linde", "Nebenan")
        self.practices = Organisation.objects.bulk_create([Organisation(name=n, short_name=n) for n in names])
        self.staff, self.accounts = self._people(staff), self._people(4)
        self.patients = Patient.objects.bulk_create([self._patient(place) for place in range(patients)])
        self.visits = Visit.objects.bulk_create([self._visit(patient) for patient in self.patients * 2])
        Objection.objects.bulk_create([self._objection(patient) for patient in self.patients[::2]])
        Standing.objects.bulk_create([*self._tied(), *self._visited()])
        Cover.objects.bulk_create([self._cover() for _ in range(staff)])
        Kinship.objects.bulk_create([self._kin(*pair) for pair in self._some_pairs(self.staff)])
        Restriction.objects.bulk_create(
            [self._restriction(each) for each in self.patients if self.chance.random() < 0.4]
        )
        Proxy.objects.bulk_create([self._proxy(*pair) for pair in self._some_pairs(self.accounts)])

    def actors(self, sharing: int) -> Iterator[Actor]:
        """Members of staff in `sharing` moods each, accounts of patients, and what is no person."""
        for person, _mood in product(self.staff, range(sharing)):
            yield self._colleague(person)
        for account, patient in zip(self.accounts, self.patients, strict=False):
            yield self._account(account, patient)
        here = self.practices[0].id
        yield Actor(kind=ActorKind.SYSTEM)
        yield Actor(kind=ActorKind.DEVICE, id=new_id(), organisation=here, patient=self.patients[0].id)
        yield Actor(kind=ActorKind.CLIENT, id=new_id(), organisation=here, scopes="system/*.rs")

    def edges(self, kind: str) -> tuple[datetime, datetime]:
        """A beginning and an end on, just inside or just outside the window of this kind, or far away."""
        window = windows(rules().annotations.values()).get(kind)
        before, after = (window.before, window.after) if window else (timedelta(), timedelta())
        beside = self.chance.choice([-INSTANT, timedelta(), INSTANT])
        far = self.chance.choice([timedelta(), timedelta(), timedelta(days=400)])
        begins = self.chance.choice([self.at + before + beside, self.at - after - far])
        ends = self.chance.choice([self.at - after + beside, self.at + before + far])
        return begins, ends

    def _people(self, number: int) -> list[Person]:
        return Person.objects.bulk_create(
            [
                Person(organisation=self._practice(), name="X", email=f"{new_id()}@x.example")
                for _ in range(number)
            ]
        )

    def _practice(self) -> Organisation:
        return self.practices[self.chance.random() < 0.15]

    def _patient(self, place: int) -> Patient:
        own = self.staff[place] if place < len(self.staff) and self.chance.random() < 0.5 else None
        return Patient(
            organisation=self._practice(),
            given_name=self.chance.choice(CATEGORIES),
            family_name=str(place),
            born_on=date(1970, 1, 1),
            person=own,
        )

    def _visit(self, patient: Patient) -> Visit:
        host = self.chance.choice(self.staff)
        return Visit(
            organisation=patient.organisation_id,
            patient=patient.id,
            host=host.id,
            host_name="X",
            category=patient.given_name,
            time_zone="UTC",
            starts_at=self.at,
            ends_at=self.at + timedelta(minutes=20),
            booked_by=host.id,
            planned=False,
        )

    def _objection(self, patient: Patient) -> Objection:
        return Objection(organisation=patient.organisation, patient=patient, entry=new_id(), words=b"")

    def _tied(self) -> Iterator[Standing]:
        for patient, _more in product(self.patients, range(4)):
            kind = self.chance.choice(TOLD)
            yield self._standing(kind, patient, self.chance.choice(self.staff))

    def _visited(self) -> Iterator[Standing]:
        for visit, patient in zip(self.visits, self.patients * 2, strict=True):
            host = next(person for person in self.staff if person.id == visit.host)
            yield self._standing(
                self.chance.choice(["appointment", "call"]), patient, host, visit=visit.id, session=None
            )

    def _standing(self, kind: str, patient: Patient, staff: Person, **more: UUID | None) -> Standing:
        begins, ends = self.edges(self.chance.choice([kind, "booking", "host", "treated", "day"]))
        ended = self.chance.choice([None, None, ends])
        sessions = [None, None, self.session, new_id()]
        usual = {"session": self.chance.choice(sessions), "source": new_id(), "visit": None}
        return Standing(
            kind=kind,
            organisation=patient.organisation,
            patient=patient,
            staff=staff,
            starts_at=begins,
            ends_at=self.chance.choice([ends, None]) if ended is None else self.at + timedelta(days=9),
            ended_at=ended,
            **{**usual, **more},
        )

    def _cover(self) -> Cover:
        begins, ends = self.edges("cover")
        one, other = self.chance.sample(self.staff, 2)
        return Cover(person=one, covers=other, starts_at=begins, ends_at=ends)

    def _some_pairs(self, people: list[Person]) -> Iterator[tuple[Person, Patient]]:
        pairs = list(product(people, self.patients))
        yield from self.chance.sample(pairs, len(pairs) // 12)

    def _kin(self, person: Person, patient: Patient) -> Kinship:
        return Kinship(person=person, patient=patient, relation="sibling", told_at=self.at)

    def _restriction(self, patient: Patient) -> Restriction:
        some = self.staff[0]
        return Restriction(
            patient=patient,
            tier=self.chance.choice(["restricted", "closed"]),
            reason="request",
            set_by=some,
            set_at=self.at,
            seconded_at=self.chance.choice([None, self.at]),
            lifted_at=self.chance.choice([None, None, self.at]),
        )

    def _proxy(self, person: Person, patient: Patient) -> Proxy:
        begins, ends = self.edges("proxy")
        return Proxy(
            person=person,
            patient=patient,
            may_see_ledger=self.chance.random() < 0.5,
            given_at=begins,
            ends_at=self.chance.choice([None, ends]),
            withdrawn_at=self.chance.choice([None, None, self.at]),
        )

    def _colleague(self, person: Person) -> Actor:
        often = self.chance.random
        roles = self.chance.sample(sorted({*ROLES, *ELSEWHERE}), self.chance.choice([0, 1, 1, 1, 2, 3]))
        ago = timedelta(seconds=self.chance.choice([0, 299, 300, 301, 9000]))
        return Actor(
            kind=ActorKind.STAFF,
            id=person.id,
            organisation=person.organisation_id,
            roles=frozenset(roles),
            aal=self.chance.choice([1, 2, 2, 2, 2, 2, 2, 3]),
            authenticated_at=self.at - ago,
            session=self.session,
            active=often() < 0.95,
            locked=often() < 0.05,
            managed=often() < 0.5,
        )

    def _account(self, account: Person, patient: Patient) -> Actor:
        return Actor(
            kind=ActorKind.PATIENT,
            id=account.id,
            organisation=patient.organisation_id,
            patient=patient.id,
            aal=2,
            authenticated_at=self.at,
            session=self.session,
        )

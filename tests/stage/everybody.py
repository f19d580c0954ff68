"""One practice with everything in it that has an id, and everybody who could try to open it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.test import Client

from stage.programs import connects
from stage.visits import HERE, Stage, person, practice, set_stage
from teleward.access.grants import NOBODY, Action, Grant, Subject, authorise
from teleward.access.models import BrokenGlass, Patient, Person, Proxy, Session
from teleward.access.operations.passes import claim_pass
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.operations.sessions import COOKIE
from teleward.access.queries.glass import WORDS as GLASS_WORDS
from teleward.audit.queries import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.operations.booking import Host, Who
from teleward.consult.operations.guests import add_guest, show_link
from teleward.consult.operations.notes import save_note
from teleward.consult.operations.visits import book
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id, new_token, token_hash
from teleward.records.models import Connection, Outgoing
from teleward.trust.operations.erasures import ask_for_erasure
from teleward.trust.operations.objections import open_objection
from teleward.watch.models import Case

PERSONAL = ("Ayşe", "ayse@example.org", "+49 30 765")
CLINICAL = ("Knieschmerz", "Meniskus")  # what the visit is about, and the note
REPORTED = ("Nachbarin",)  # what the patient told the privacy officer
EMERGENCY = ("Wartezimmer",)  # why a colleague asks to open the closed record

Browser = Callable[[], Client]


@dataclass(frozen=True)
class House:
    """The ids by their names in addresses, and a fresh browser for everybody."""

    ids: dict[str, str]
    browsers: dict[str, Browser]
    another_visit: UUID  # of another clinician's


def everybody() -> House:
    """Builds it in the current database."""
    stage = set_stage()
    visit = stage.visit_now()
    account = _account(stage, stage.patient.id)
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Meniskus", after=0)
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    patient = guests(grant=inviting)[0].id
    relative = add_guest(grant=inviting, visit=visit.id, role="relative", name="Deniz", language="de")
    ids = {
        "patient": stage.patient.id,
        "patient_id": stage.patient.id,
        "visit": visit.id,
        "person": stage.second.id,
        "author": stage.doctor.id,
        "guest": relative,
        "objection": _reported(stage, account),
        "entry": of_patient(patient=stage.patient.id)[0].id,
        "erasure": _asked_for_erasure(stage, account),
        **_emergency(stage),
        **{name: new_id() for name in ("session", "passkey", "invitation", "hold", "proxy", "offer")},
        **{name: new_id() for name in ("role", "cover", "kinship", "browser", "identity", "membership")},
        **{name: new_id() for name in ("number", "other")},
        **{name: new_id() for name in ("message", "sender_id", "called_id")},
        "provider": "klinikum",
        "client": connects(stage.practice, launch_url="https://app.example/launch").id,
        "given": new_id(),
        **_system(stage),
        "other": stage.patient.id,
        "form": new_id(),
        "order": new_id(),
        "template": new_id(),
        "questionnaire": new_id(),
        "question": "0123456789ab",
        "document": new_id(),
        "table": new_id(),
        "brought": new_id(),
        **{name: new_id() for name in ("pairing", "sharing", "limits", "alert")},
    }
    outside = {"guest": _guest(stage, visit, patient), "relative": _guest(stage, visit, relative)}
    return House(
        ids={name: str(value) for name, value in ids.items()} | {"token": new_token()},
        another_visit=_another_visit(stage),
        browsers=_staff(stage) | outside | {"patient": _signed_in(account), "nobody": Client},
    )


def _another_visit(stage: Stage) -> UUID:
    here = stage.practice.id
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=here)
    name = {"given_name": "Ada", "family_name": "Roth", "language": "de"}
    patient = register_patient(grant=creating, born_on=date(1961, 1, 1), **name)
    about = Subject(kind="Organisation", id=here, organisation=here, patient=patient.id)
    desk = stage.actor(stage.desk)
    grant = authorise(actor=desk, action=Action.VISIT_BOOK, subject=about, circumstances=HERE)
    host = Host(id=stage.second.id, name=stage.second.name, organisation=here, zone="Europe/Berlin")
    who = Who(id=patient.id, name=patient.name, language="de")
    return book(grant=grant, wish=stage.wish(host=host, patient=who)).id


def _emergency(stage: Stage) -> dict[str, UUID]:
    """A colleague waits for a second person, and the case there would be of it."""
    own = stage.patient.id
    words = seal(patient=own, plaintext=b"Bewusstlos im Wartezimmer", context=GLASS_WORDS)
    glass = BrokenGlass.objects.create(
        person=stage.second, patient_id=own, session=_session(stage.second), code="unconscious", words=words
    )
    case = Case.objects.create(
        organisation=stage.practice,
        patient_id=own,
        person=stage.second,
        kind="emergency",
        about=glass.id,
        due_at=now(),
    )
    return {"glass": glass.id, "case": case.id, "emergency": case.id}


def _system(stage: Stage) -> dict[str, object]:
    """Another system of the practice, and something that did not reach it."""
    made = Connection.objects.create(
        organisation=stage.practice.id, kind="fhir", name="Nord", address="https://nord.example/fhir"
    )
    stuck = Outgoing.objects.create(
        organisation=stage.practice.id, connection=made, patient=stage.patient.id, type="Encounter",
        logical_id=new_id(), version=1, happened_at=now(),
    )  # fmt: skip
    return {"system": made.id, "outgoing": stuck.id, "kind": "fhir"}


def _session(who: Person) -> UUID:
    return Session.objects.create(person=who, secret_hash=token_hash(new_token()), aal=2, method="passkey").id


def _staff(stage: Stage) -> dict[str, Browser]:
    roles = ("interpreter", "billing", "pharmacist", "researcher", "administrator", "privacy-officer")
    inside = {role: person(stage.practice, role, role) for role in roles}
    stranger = person(practice("Nebenan"), "Dr. Kim Fremd", "physician", "nurse", "reception", *roles)
    neighbour = Patient.objects.create(
        organisation=stage.practice, given_name="Ulf", family_name="Kern", born_on="1950-01-01", contact=b""
    )
    signed_in = {name: _signed_in(someone) for name, someone in inside.items()}
    return signed_in | {
        "host": _signed_in(stage.doctor),
        "colleague": _signed_in(stage.second),
        "reception": _signed_in(stage.desk),
        "stranger": _signed_in(stranger),
        "other-patient": _signed_in(_account(stage, neighbour.id)),
        "proxy": _signed_in(_proxy(stage)),
        "locked-host": _signed_in(stage.doctor, locked=True),
        "half-signed-in-host": _signed_in(stage.doctor, aal=1),
    }


def _proxy(stage: Stage) -> Person:
    """Somebody with an account of their own, to whom the patient has opened their page, not their ledger."""
    own = Patient.objects.create(
        organisation=stage.practice, given_name="Ida", family_name="Voss", born_on="1988-01-01", contact=b""
    )
    account = _account(stage, own.id)
    Proxy.objects.create(patient_id=stage.patient.id, person=account, given_at=now())
    return account


def _signed_in(who: Person, *, aal: int = 2, locked: bool = False) -> Browser:
    secret, at = new_token(), now()
    Session.objects.create(
        person=who,
        secret_hash=token_hash(secret),
        aal=aal,
        method="passkey",
        authenticated_at=at,
        locked_at=at if locked else None,
    )
    return lambda: _holding(COOKIE, secret)


def _guest(stage: Stage, visit: VisitCard, guest: UUID) -> Browser:
    link = show_link(grant=stage.grant(Action.VISIT_INVITE, visit), visit=visit.id, guest=guest)
    subject = visit_subject(visit=visit.id)
    grant = authorise(actor=NOBODY, action=Action.VISIT_CLAIM, subject=subject, circumstances=HERE)
    claimed = claim_pass(grant=grant, token=link.url.rstrip("/").rpartition("/")[2])
    return lambda: _holding("__Host-visit", claimed.cookie)


def _holding(name: str, value: str) -> Client:
    client = Client()
    client.cookies[name] = value
    return client


def _account(stage: Stage, patient: UUID) -> Person:
    made = Person.objects.create(organisation=stage.practice, name="Ich", email=f"{new_id()}@example.org")
    Patient.objects.filter(id=patient).update(person=made)
    return made


def _reported(stage: Stage, account: Person) -> UUID:
    grant = _own_grant(stage, account, Action.OBJECTION_OPEN)
    entry = of_patient(patient=stage.patient.id)[-1].id
    return open_objection(grant=grant, entry=entry, words="Das war meine Nachbarin")


def _asked_for_erasure(stage: Stage, account: Person) -> UUID:
    grant = _own_grant(stage, account, Action.ERASURE_ASK)
    return ask_for_erasure(grant=grant, words="Auch die Nachbarin kommt darin vor")


def _own_grant(stage: Stage, account: Person, action: Action) -> Grant:
    own = stage.patient.id
    subject = Subject(kind="Patient", id=own, organisation=stage.practice.id, patient=own)
    asking = replace(stage.actor(account), authenticated_at=now())
    return authorise(actor=asking, action=action, subject=subject, circumstances=HERE)

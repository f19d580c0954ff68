"""The clinic's clerk: a process that makes people, visits and links through the rooms' doors.

Reads one JSON object per line ({"do": name, ...}) and answers with one; `clinic.py` talks to it.
"""

import json
import sys
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import close_old_connections

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Grant, Subject, authorise
from teleward.access.models import StaffInvitation
from teleward.access.operations.accounts import offer_account
from teleward.access.operations.deactivation import deactivate as end_access
from teleward.access.operations.one_time_links import issue_one_time_link
from teleward.access.operations.passes import revoke_pass
from teleward.access.operations.patients import change_contact, register_patient
from teleward.access.operations.people import add_person, found_organisation, system_grant
from teleward.access.queries.people import only_organisation, staff_names
from teleward.access.signin.limits import ACCOUNT
from teleward.consult.operations.booking import Host, Who, Wish
from teleward.consult.operations.guests import add_guest, show_link
from teleward.consult.operations.visits import book
from teleward.consult.operations.visits import cancel as cancel_visit
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

ZONE = "Europe/Berlin"
EVERY_ROLE = frozenset({"physician", "reception", "administrator"})
deeds: dict[str, Callable[..., dict[str, Any]]] = {}


def deed(work: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    deeds[work.__name__] = work
    return work


@deed
def practice(*, name: str, language: str) -> dict[str, Any]:
    grant = system_grant(action=Action.STAFF_INVITE, organisation=None)
    made = found_organisation(
        grant=grant,
        name=name,
        short_name=name,
        telephone="+49 761 5550140",
        time_zone=ZONE,
        language=language,
    )
    desk = staff(name="Ottilie Clerk", roles=["reception", "administrator"], language="en")
    return {"id": str(made), "desk": desk["id"]}


@deed
def staff(*, name: str, roles: list[str], language: str) -> dict[str, Any]:
    grant = system_grant(action=Action.STAFF_INVITE, organisation=_organisation())
    email = f"{new_id().hex}@clinic.invalid"
    card = add_person(
        grant=grant,
        organisation=_organisation(),
        name=name,
        email=email,
        roles=tuple(roles),
        language=language,
    )
    return {"id": str(card.id), "email": email}


@deed
def sign_in_link(*, person: str) -> dict[str, Any]:
    subject = Subject(kind="Person", id=UUID(person), organisation=_organisation())
    grant = system_grant(action=Action.SIGN_IN, organisation=_organisation(), subject=subject)
    return {"url": issue_one_time_link(grant=grant, person=UUID(person))}


@deed
def patient(*, given_name: str, family_name: str, language: str, email: str) -> dict[str, Any]:
    card = register_patient(
        grant=_desk_grant(Action.PATIENT_CREATE),
        given_name=given_name,
        family_name=family_name,
        born_on=date(1979, 5, 23),
        language=language,
        email=email,
    )
    return {"id": str(card.id)}


@deed
def account(*, patient: str, email: str) -> dict[str, Any]:
    subject = Subject(kind="Patient", id=UUID(patient), organisation=_organisation(), patient=UUID(patient))
    changing, inviting = (
        system_grant(action=action, organisation=_organisation(), subject=subject)
        for action in (Action.PATIENT_CHANGE, Action.ACCOUNT_OPEN)
    )
    change_contact(grant=changing, patient_id=UUID(patient), email=email, telephone="")
    issued = offer_account(grant=inviting, patient=UUID(patient), by_mail=False).issued
    assert issued is not None
    return {"url": issued.link}


@deed
def account_grew_old(*, patient: str) -> dict[str, Any]:
    """As if the account had been opened before its first days."""
    opened = StaffInvitation.objects.filter(patient=UUID(patient))
    opened.update(accepted_at=now() - ACCOUNT.first_days)
    return {}


@deed
def visit(
    *,
    host: str,
    host_name: str,
    patient: str,
    patient_name: str,
    language: str,
    modes: list[str],
    minutes: int,
    begins_in: int,
) -> dict[str, Any]:
    here = _organisation()
    wish = Wish(
        host=Host(id=UUID(host), name=host_name, organisation=here, zone=ZONE),
        patient=Who(id=UUID(patient), name=patient_name, language=language),
        starts_at=now() + timedelta(minutes=begins_in),
        minutes=minutes,
        modes=tuple(modes),
        planned=False,
    )
    about = Subject(kind="Organisation", id=here, organisation=here, patient=UUID(patient))
    return {"id": str(book(grant=_desk_grant(Action.VISIT_BOOK, about), wish=wish).id)}


@deed
def link(*, visit: str) -> dict[str, Any]:
    grant = _visit_grant(Action.VISIT_INVITE, visit)
    guest = next(asked.id for asked in guests(grant=grant) if asked.role == "patient")
    made = show_link(grant=grant, visit=UUID(visit), guest=guest)
    return {"url": made.url, "pass": str(made.pass_id)}


@deed
def third(*, visit: str, role: str, name: str, language: str) -> dict[str, Any]:
    grant = _visit_grant(Action.VISIT_INVITE, visit)
    guest = add_guest(grant=grant, visit=UUID(visit), role=role, name=name, language=language)
    made = show_link(grant=grant, visit=UUID(visit), guest=guest)
    return {"url": made.url, "pass": str(made.pass_id)}


@deed
def revoke(*, visit: str, held: str) -> dict[str, Any]:
    revoke_pass(grant=_visit_grant(Action.VISIT_INVITE, visit), pass_id=UUID(held))
    return {}


@deed
def cancel(*, visit: str) -> dict[str, Any]:
    cancel_visit(grant=_visit_grant(Action.VISIT_CANCEL, visit), visit=UUID(visit), reason="clinic")
    return {}


@deed
def deactivate(*, person: str) -> dict[str, Any]:
    subject = Subject(kind="Person", id=UUID(person), organisation=_organisation())
    grant = system_grant(action=Action.STAFF_DEACTIVATE, organisation=_organisation(), subject=subject)
    end_access(grant=grant, person=UUID(person), reason="left the clinic")
    return {}


def _organisation() -> UUID:
    found = only_organisation()
    assert found is not None
    return found.id


def _visit_grant(action: Action, visit: str) -> Grant:
    return _desk_grant(action, visit_subject(visit=UUID(visit)))


def _desk_grant(action: Action, subject: Subject | None = None) -> Grant:
    here = _organisation()
    desk = next(who.id for who in staff_names(organisation_id=here).values() if who.name == "Ottilie Clerk")
    return authorise(
        actor=Actor(
            kind=ActorKind.STAFF,
            id=desk,
            organisation=here,
            roles=EVERY_ROLE,
            name="Ottilie Clerk",
            aal=2,
            authenticated_at=now(),
        ),
        action=action,
        subject=subject or Subject(kind="Organisation", id=here, organisation=here),
        circumstances=Circumstances(request_id=str(new_id()), client_address="", via="command"),
    )


def work() -> None:
    """Answer line by line until there are no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        close_old_connections()  # the server may have been restarted meanwhile
        sys.stdout.write(json.dumps(_done(**asked)) + "\n")
        sys.stdout.flush()


def _done(*, do: str, **facts: Any) -> dict[str, Any]:
    """What was asked for; what goes wrong is told to who asked, and the next may ask."""
    try:
        return deeds[do](**facts)
    except Exception:  # noqa: BLE001 - whatever it is
        return {"wrong": traceback.format_exc()}

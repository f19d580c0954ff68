"""What the clerk can do where two practices are each other's other system. Imported for its deeds."""

from typing import Any
from uuid import UUID

from journeys.clerk import deed
from stage.programs import connects, holds

from teleward.access.grants import Action, Grant, Subject
from teleward.access.models import Organisation
from teleward.access.operations.clients import Wish as Program
from teleward.access.operations.clients import connect as register
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.people import system_grant
from teleward.access.queries.people import only_organisation
from teleward.consult.models import VisitKey
from teleward.records.models import Attempt, Outgoing
from teleward.records.operations.connections import Wanted, change, connect
from teleward.records.operations.hl7.senders import SenderWish, call_somebody, register_sender
from teleward.records.queries import connections


@deed
def number(*, patient: str, system: str, value: str) -> dict[str, Any]:
    """The patient's card was read."""
    whose = UUID(patient)
    subject = Subject(kind="Patient", id=whose, organisation=_here(), patient=whose)
    grant = system_grant(action=Action.PATIENT_CHANGE, organisation=_here(), subject=subject)
    give_identifier(grant=grant, patient=whose, system=system, value=value)
    return {}


@deed
def sender(*, known_by: str, application: str, facility: str, person: str, called: str) -> dict[str, Any]:
    """Another system may send us messages, and means this person by that name."""
    wish = SenderWish(
        name=facility, application=application, facility=facility, known_by=known_by, charset="UNICODE UTF-8"
    )
    made = register_sender(grant=_administering(), wish=wish)
    call_somebody(grant=_administering(), sender=made, called=called, person=UUID(person))
    return {"id": str(made)}


@deed
def system(
    *, kind: str, name: str, address: str, sends: list[str], settings: dict[str, str]
) -> dict[str, Any]:
    """We send to another system."""
    wanted = Wanted(kind=kind, name=name, address=address, sends=tuple(sends), settings=settings)
    return {"id": str(connect(grant=_administering(), wanted=wanted))}


@deed
def named_there(*, connection: str, client: str) -> dict[str, Any]:
    """The name they gave us there is entered."""
    card = connections.connection(grant=_administering(), connection=UUID(connection))
    wanted = Wanted(
        kind=card.kind,
        name=card.name,
        address=card.address,
        sends=card.sends,
        settings={**card.settings, "client_id": client},
    )
    change(grant=_administering(), connection=card.id, wanted=wanted)
    return {}


@deed
def program(*, name: str, keys_url: str, scopes: str) -> dict[str, Any]:
    """Another system may read and write our chart; it proves itself by its keys."""
    wish = Program(
        name=name,
        what_for="The other practice",
        kind="backend",
        redirect_uris="",
        launch_url="",
        keys_url=keys_url,
        keys="",
        scopes=scopes,
    )
    return {"id": str(register(grant=_administering(), wish=wish))}


@deed
def key(*, scopes: str) -> dict[str, Any]:
    """A program of ours with a key, to look into the chart over HTTP."""
    practice = Organisation.objects.get(id=_here())
    return {"key": holds(connects(practice, kind="backend", scopes=scopes))}


@deed
def visits() -> dict[str, Any]:
    """The appointments there are."""
    return {"ids": [str(each) for each in VisitKey.objects.values_list("id", flat=True)]}


@deed
def tries() -> dict[str, Any]:
    """How sending went so far, for whoever wonders."""
    _administering().must_cover(Action.APP_CHANGE)
    rows = Attempt.objects.values_list("outgoing__type", "outcome", "reason", "status", "said")
    waiting = Outgoing.objects.filter(due_at__isnull=False).count()
    return {"tries": [list(row) for row in rows], "waiting": waiting}


def _here() -> UUID:
    found = only_organisation()
    assert found is not None
    return found.id


def _administering() -> Grant:
    return system_grant(action=Action.APP_CHANGE, organisation=_here())

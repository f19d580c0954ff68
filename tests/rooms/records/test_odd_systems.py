"""A system that means us no good: it costs its own part of a page, and leads us nowhere."""

from itertools import count
from uuid import UUID, uuid4

import fakes.systems
import pytest
from fakes.systems import CREATED, PLACE, TOKENS, System, said
from stage.deliveries import deliver_all
from stage.elsewhere import connection_to
from stage.visits import Stage

from teleward.access.grants import Action, Detail
from teleward.access.operations.people import system_grant
from teleward.audit.queries import of_patient
from teleward.kernel.events import Event
from teleward.kernel.outward import Answer, Question
from teleward.records.connections.kind import Link, Made, Unreachable
from teleward.records.connections.kinds.fhir import KIND, tokens, wire
from teleward.records.connections.kinds.fhir.limits import LOOK_PATIENCE
from teleward.records.models import Attempt
from teleward.records.operations import connections as work
from teleward.records.operations.sending import send_due
from teleward.records.queries.elsewhere import summary

pytestmark = pytest.mark.usefixtures("db")
SOUTH = "https://sued.example/fhir"


def link_to(address: str = PLACE) -> Link:
    made = KIND.made(connection=uuid4(), address=address, typed={"client_id": "teleward"})
    return Link(
        id=uuid4(),
        organisation=uuid4(),
        kind="fhir",
        name="Nord",
        address=address,
        settings=made.settings,
        secret=made.secret,
    )


def test_what_one_system_says_takes_nothing_from_the_page_of_the_others(
    stage: Stage, system: System, connection: UUID
) -> None:
    def odd(question: Question) -> Answer | None:
        if question.address.startswith(SOUTH):
            raise LookupError
        return None

    system.trouble = odd
    stage.visit_now()
    south = connection_to(stage, SOUTH, client_id="teleward")
    held = {
        each.connection: each
        for each in summary(grant=stage.of_patient(Action.RECORD_READ), patient=stage.patient.id)
    }
    assert (held[connection].is_live, held[connection].problem) == (True, "")
    assert (held[south].is_live, "could not be read" in held[south].problem) == (False, True)


def test_all_that_a_look_asks_has_one_time_limit(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer takes a second, and each is in time."""
    clock = count()
    monkeypatch.setattr(wire, "monotonic", lambda: next(clock))
    patient = b'{"id": "1", "identifier": [{"system": "urn:oid:1", "value": "A123456780"}]}'
    with pytest.raises(Unreachable, match="slow"):
        KIND.look(connection=link_to(), patient=patient)
    assert len(system.asked) < LOOK_PATIENCE.total_seconds()
    waits = [each.patience for each in system.asked]
    assert waits == sorted(waits, reverse=True)
    assert max(waits) <= LOOK_PATIENCE


def test_only_its_own_host_is_asked_for_a_key_within_the_house(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a system out there could have us write to our neighbours."""
    tokens.token_for(link_to())
    monkeypatch.setattr(fakes.systems, "TOKENS", "https://printer.house.example/token")
    tokens._places.clear()
    tokens.token_for(link_to())
    asked = {each.address: each.near for each in system.asked if each.method == "POST"}
    assert asked == {TOKENS: True, "https://printer.house.example/token": False}


@pytest.mark.parametrize(
    "token", ["a\nX-Else: b", "a\u0000", "a b", "", "ä"], ids=["line", "nul", "space", "none", "letter"]
)
def test_a_key_that_cannot_stand_in_a_header_is_none(token: str) -> None:
    with pytest.raises(Unreachable):
        tokens._kept({"access_token": token})


def test_no_key_of_ours_is_written_where_a_connection_is(system: System) -> None:
    link = link_to()
    assert "secret" not in repr(link) + repr(Made(settings={}, secret=link.secret))


def test_the_ledger_keeps_where_a_connection_led(
    stage: Stage, system: System, connection: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Detail] = []
    monkeypatch.setattr(work, "record", lambda *, grant, detail: kept.append(detail))
    south = connection_to(stage, "https://sued.example:8443/t/secret-path", client_id="teleward")
    grant = system_grant(action=Action.APP_CHANGE, organisation=stage.practice.id)
    for address in (SOUTH, PLACE):
        wanted = work.Wanted(kind="fhir", name="Nord", address=address)
        work.change(grant=grant, connection=south, wanted=wanted)
    work.test_connection(grant=grant, connection=south)
    hosts = [(each.get("host_before"), each["host"]) for each in kept]
    first = "sued.example:8443"
    own = "nord.example"
    assert hosts == [(None, first), (first, "sued.example"), ("sued.example", own), (None, own)]


def test_the_ledger_of_a_patient_keeps_where_each_thing_went(
    stage: Stage, system: System, connection: UUID
) -> None:
    visit = stage.visit_now()
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    deliver_all(Event.RESOURCE_KEPT)
    system.trouble = lambda question: (
        said({}, CREATED, location="Appointment/1\x00") if "If-None-Exist" in question.headers else None
    )
    send_due(connection=connection)
    summary(grant=stage.of_patient(Action.RECORD_READ), patient=stage.patient.id)
    told = [entry.facts for entry in of_patient(patient=stage.patient.id)]
    led = {facts["action"]: facts["detail"]["host"] for facts in told if "host" in facts["detail"]}
    assert led == {Action.RECORD_SEND: "nord.example", Action.ELSEWHERE_READ: "nord.example"}
    assert Attempt.objects.get().remote == "Appointment/1"  # what no column takes is left out

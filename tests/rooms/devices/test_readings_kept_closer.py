"""Readings of a visit that is kept closer: in the trend of who may read of that visit, and of nobody else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from rooms.devices.test_marked_as_wrong import was_kept
from stage.deliveries import deliver_all
from stage.home_readings import comes
from stage.visits import Stage
from stage.window import account

from teleward.access.grants import Action
from teleward.access.models import Patient, Person, Standing
from teleward.audit.queries import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.operations.booking import Host
from teleward.consult.operations.category import keep_visit_closer
from teleward.devices.models import Disowned, Kept
from teleward.devices.tasks import sum_up_days
from teleward.devices.views import apart
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPANS = (1, 7, 30, 365)
SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(stage: Stage, noon: time_machine.Traveller) -> VisitCard:
    """Beside 60 from home, 150 was kept in it."""
    made = stage.visit_now()
    comes(stage, "60", at=NOON - HOUR)
    was_kept(stage, made.id, "150")
    keep_visit_closer(grant=stage.grant(Action.NOTE_WRITE, made), visit=made.id, category="mental-health")
    deliver_all(Event.CATEGORY_CHANGED, visit=made.id)
    noon.shift(HOUR)
    sum_up_days(0)
    return made


def seen(who: Client, address: str) -> tuple[list[bool], bool]:
    """Whether 150 is in each trend, and whether it is said that something is not."""
    pages = [who.get(f"{address}{days}/").content.decode() for days in SPANS]
    assert all("lowest 60" in page or "60" in page for page in pages)
    return ["highest 150" in page for page in pages], any("kept closer" in page for page in pages)


def trend(stage: Stage) -> str:
    return f"/devices/patients/{stage.patient.id}/trend/"


def test_whoever_held_the_visit_reads_them_and_the_ledger_names_it(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    doctor = signed_in(stage.doctor)
    assert seen(doctor, trend(stage)) == ([True] * 4, False)
    told = [each.facts for each in of_patient(patient=stage.patient.id)]
    reads = [each for each in told if each["action"] == "devices:reading:read"]
    named = [each for each in reads if str(visit.id) in str(each)]
    assert len(named) >= len(SPANS)


def test_who_treats_the_patient_reads_them_and_who_has_nothing_but_an_alert_does_not(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    del visit
    alerted(stage)
    second = signed_in(stage.second)
    assert seen(second, trend(stage)) == ([False] * 4, False)
    host = Host(
        id=stage.second.id, name=stage.second.name, organisation=stage.practice.id, zone="Europe/Berlin"
    )
    stage.visit(host=host, starts_at=now(), planned=False)
    assert seen(second, trend(stage)) == ([True] * 4, False)


def alerted(stage: Stage) -> None:
    """The second physician was told of something that a device measured."""
    Standing.objects.create(
        kind="alert",
        source=new_id(),
        organisation=stage.practice,
        patient_id=stage.patient.id,
        staff=stage.second,
        starts_at=now(),
        ends_at=now() + timedelta(days=1),
    )


def test_who_may_not_read_of_one_visit_reads_how_many_are_left_out(
    stage: Stage, visit: VisitCard, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = apart.would_allow
    monkeypatch.setattr(
        apart,
        "would_allow",
        lambda *, subject, **more: subject.id != visit.id and asked(subject=subject, **more),
    )
    assert seen(signed_in(stage.doctor), trend(stage)) == ([False] * 4, True)


def test_the_patient_reads_all_of_their_own(stage: Stage, visit: VisitCard, signed_in: SignIn) -> None:
    del visit
    own = account(Patient.objects.get(id=stage.patient.id))
    assert own.id is not None
    browser = signed_in(Person.objects.get(id=own.id))
    assert seen(browser, "/window/readings/") == ([True] * 4, False)
    assert "150" in browser.post("/window/readings/7/8867-4.csv").content.decode()


def test_one_that_was_marked_as_wrong_is_listed_for_nobody_else_either(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    del visit
    Disowned.objects.create(
        by=stage.patient.id,
        who="patient",
        organisation=stage.practice.id,
        patient=stage.patient.id,
        source=Kept.objects.get().id,
        why="wrong",
    )
    alerted(stage)
    pages = [signed_in(who).get(f"{trend(stage)}7/") for who in (stage.doctor, stage.second)]
    assert ["150" in page.content.decode() for page in pages] == [True, False]

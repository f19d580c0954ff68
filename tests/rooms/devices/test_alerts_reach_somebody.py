"""Whatever is urgent, and whoever may not be seen: an alert reaches somebody, at night too."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from stage.deliveries import deliver_all
from stage.visits import Stage, person

from teleward.access.grants import Action
from teleward.access.models import Person, Restriction, Standing
from teleward.devices.models import Alert, AlertNotice
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.by_itself import grant_for_readings
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.tasks import look_after_alerts
from teleward.devices.weighing import Said
from teleward.kernel.clock import now
from teleward.kernel.events import Event

pytestmark = pytest.mark.django_db
NIGHT = (now().astimezone(ZoneInfo("Europe/Berlin")) + timedelta(days=1)).replace(hour=23, minute=0)
OXYGEN = "59408-5"
SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def night() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def limits(stage: Stage, night: time_machine.Traveller) -> None:
    stage.visit_now()
    wanted = Wanted(code=OXYGEN, low=Decimal(94))
    set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)


def measured(stage: Stage, value: int) -> Alert:
    reading = grant_for_readings(patient=stage.patient.id)
    (made,) = weigh(grant=reading, said=[Said(code=OXYGEN, value=Decimal(value), at=now())])
    deliver_all(Event.ALERT_RAISED, alert=made)
    return Alert.objects.get(id=made)


def told() -> set[object]:
    return set(AlertNotice.objects.exclude(done_at=None).values_list("person", flat=True))


def keep_away(stage: Stage, tier: str = "closed") -> Person:
    """The record is kept closer, and who treats this patient has no tie that opens it."""
    officer = person(stage.practice, "P. Officer", "privacy-officer")
    Restriction.objects.create(
        patient_id=stage.patient.id, tier=tier, reason="known", set_by=officer, seconded_at=now()
    )
    Standing.objects.update(ended_at=now() - timedelta(days=400), ends_at=now() - timedelta(days=400))
    return officer


def test_a_value_that_nobody_waits_with_is_told_at_night_whatever_the_limits_say(stage: Stage) -> None:
    raised = measured(stage, 93)
    assert (raised.urgent, told()) == (False, set())
    raised = measured(stage, 91)  # of the same alert
    assert (raised.urgent, told()) == (True, {stage.doctor.id})
    assert raised.next_at == now() + timedelta(minutes=30)


def test_an_alert_that_nobody_responsible_may_see_reaches_all_who_treat_and_the_privacy_officer(
    stage: Stage, signed_in: SignIn
) -> None:
    officer = keep_away(stage)
    raised = measured(stage, 90)
    assert told() == {stage.doctor.id, stage.second.id, officer.id}
    everybody = {stage.doctor.email, stage.second.email, officer.email}
    assert {message.to[0] for message in mail.outbox} == everybody
    for message in mail.outbox:
        assert f"/devices/alerts/{raised.id}/" in message.body
        assert stage.patient.family_name not in message.body
    second = signed_in(stage.second)
    listed = second.get("/devices/alerts/").content.decode()
    assert f'href="/devices/alerts/{raised.id}/"' in listed
    assert stage.patient.family_name not in listed
    assert second.get(f"/devices/alerts/{raised.id}/")["X-Problem"] == "access:glass-needed"


def test_the_privacy_officer_reads_on_their_desk_that_an_alert_waits_unseen_and_of_whom_nothing(
    stage: Stage, signed_in: SignIn
) -> None:
    officer = keep_away(stage)
    desk = signed_in(officer)
    nobody_responsible = "A reading from home waits, and nobody responsible may look at it"
    assert nobody_responsible not in desk.get("/watch/").content.decode()
    raised = measured(stage, 90)
    said = desk.get("/watch/").content.decode()
    assert said.count(nobody_responsible) == 1
    assert stage.patient.family_name not in said
    assert str(raised.id) not in said
    Alert.objects.update(closed_at=now())
    assert nobody_responsible not in desk.get("/watch/").content.decode()


def test_who_may_look_is_told_first_although_others_are_responsible(
    stage: Stage, night: time_machine.Traveller
) -> None:
    keep_away(stage, tier="restricted")
    team = {"kind": "team", "patient_id": stage.patient.id, "starts_at": now()}
    Standing.objects.create(**team, organisation=stage.practice, staff=stage.second)
    measured(stage, 90)
    assert told() == {stage.doctor.id, stage.second.id}  # without half an hour between them
    night.shift(timedelta(minutes=31))
    look_after_alerts(0)
    assert AlertNotice.objects.count() == 2

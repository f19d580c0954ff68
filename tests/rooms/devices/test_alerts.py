"""Limits are set, readings outside raise one alert, somebody takes care of it or the next are told."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from stage.deliveries import deliver_again, deliver_all, nothing_waits
from stage.noon import HOUR, MINUTE, NOON
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Cover, Person, Standing
from teleward.devices.limits import ALERT
from teleward.devices.models import Alert, AlertChange, AlertNotice, Threshold
from teleward.devices.operations import alerts
from teleward.devices.operations.by_itself import grant_for_readings
from teleward.devices.operations.thresholds import (
    LimitsTurned,
    NothingToTell,
    Wanted,
    end_threshold,
    set_quiet_hours,
    set_threshold,
)
from teleward.devices.queries.alerts import AlertCard, alert, open_alerts
from teleward.devices.queries.thresholds import earlier_limits, limits_of, quiet_hours
from teleward.devices.tasks import look_after_alerts
from teleward.devices.weighing import Said
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event
from teleward.kernel.states import NotPossible
from teleward.records.queries.resources import body_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
SYSTOLIC = "8480-6"
WANTED = Wanted(code=SYSTOLIC, low=Decimal(90), high=Decimal(135), why="New tablets since Monday")


@pytest.fixture(autouse=True)
def treated(noon: time_machine.Traveller, stage: Stage) -> None:
    stage.visit_now()


@pytest.fixture
def limits(stage: Stage, treated: None) -> UUID:
    return set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=WANTED)


def weighed(stage: Stage, *values: str, code: str = SYSTOLIC) -> tuple[UUID, ...]:
    said = [Said(code=code, value=Decimal(value), at=now()) for value in values]
    return alerts.weigh(grant=grant_for_readings(patient=stage.patient.id), said=said)


def raised(stage: Stage, *values: str) -> UUID:
    """What the reaction does follows as well."""
    (made,) = weighed(stage, *(values or ("150",)))
    deliver_all(Event.ALERT_RAISED, alert=made)
    return made


def told() -> set[UUID]:
    return set(AlertNotice.objects.exclude(done_at=None).values_list("person", flat=True))


def seen(stage: Stage, made: UUID) -> AlertCard:
    return alert(grant=stage.of_patient(Action.ALERT_ACKNOWLEDGE), alert=made)


def on_team(stage: Stage, person: Person) -> None:
    Standing.objects.create(
        kind="team",
        source=person.id,
        organisation=stage.practice,
        patient_id=stage.patient.id,
        staff=person,
        starts_at=now(),
    )


def test_limits_are_set_with_a_reason_and_what_held_before_is_ended(stage: Stage, limits: UUID) -> None:
    wanted = Wanted(code=SYSTOLIC, high=Decimal(150))
    other = set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)
    (standing,) = limits_of(grant=stage.of_patient(Action.READING_READ))
    (before,) = earlier_limits(grant=stage.of_patient(Action.READING_READ))
    assert (standing.id, standing.range.low, standing.range.high) == (other, None, Decimal(150))
    assert (before.id, before.why, before.by_name) == (limits, WANTED.why, stage.doctor.name)
    assert before.ended_at == NOON


def test_what_is_said_about_limits_is_sealed(limits: UUID) -> None:
    said = bytes(Threshold.objects.get(id=limits).said)
    assert b"135" not in said
    assert b"tablets" not in said


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Wanted(code=SYSTOLIC), NothingToTell),
        (Wanted(code=SYSTOLIC, low=Decimal(140), high=Decimal(90)), LimitsTurned),
        (Wanted(code=SYSTOLIC, low=Decimal(90), high=Decimal(90)), LimitsTurned),
        (Wanted(code=SYSTOLIC, high=Decimal(90_000)), LimitsTurned),
        (Wanted(code="1-8", high=Decimal(1)), NotFound),
    ],
    ids=["nothing", "turned", "alike", "impossible", "unknown"],
)
def test_limits_that_mean_nothing_are_refused(stage: Stage, wanted: Wanted, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)
    assert not Threshold.objects.exists()


def test_limits_that_ended_raise_nothing(stage: Stage, limits: UUID) -> None:
    end_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), threshold=limits, why="Stable for a year")
    assert weighed(stage, "200") == ()
    with pytest.raises(NotFound):
        end_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), threshold=limits, why="Again")


def test_readings_outside_raise_one_alert_that_collects_what_comes_later(stage: Stage, limits: UUID) -> None:
    first = weighed(stage, "150", "120")
    assert weighed(stage, "170") == first == weighed(stage, "85")
    (card,) = open_alerts(grant=stage.grant(Action.ALERT_LIST))
    assert card.outside is not None
    assert (card.outside.lowest.value, card.outside.highest.value) == (Decimal(85), Decimal(170))
    assert (card.patient_name, card.state, Alert.objects.count()) == (stage.patient.name, "raised", 1)


def test_no_storm_however_many_readings_come_one_word_goes_out(stage: Stage, limits: UUID) -> None:
    made = raised(stage)
    for minute in range(30):
        assert weighed(stage, str(150 + minute)) == (made,)
    assert nothing_waits(Event.ALERT_RAISED)
    deliver_again(Event.ALERT_RAISED)
    assert AlertNotice.objects.count() == 1


def test_who_set_the_limits_is_told_without_a_name_or_a_clinical_word(
    stage: Stage, limits: UUID, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]  # of Django's settings
    raised(stage)
    (letter,) = mail.outbox
    assert letter.to == [stage.doctor.email]
    whole = f"{letter.subject} {letter.body}".lower()
    words = ["mmhg", "150", "pressure", "blutdruck", "patient", stage.patient.name.lower()]
    assert [word for word in words if word in whole] == []


def test_an_alert_opens_the_readings_to_those_who_are_told_until_it_is_closed_and_two_days_more(
    stage: Stage, limits: UUID, noon: time_machine.Traveller
) -> None:
    made = raised(stage)
    (tie,) = Standing.objects.filter(kind="alert")
    assert (tie.source, tie.staff_id, tie.ended_at) == (made, stage.doctor.id, None)
    alerts.close(
        grant=stage.of_patient(Action.ALERT_ACKNOWLEDGE), alert=made, why="Cuff was on the wrong arm"
    )
    tie.refresh_from_db()
    assert tie.ended_at == now()


def test_somebody_takes_care_of_it_and_the_chart_has_a_task(
    stage: Stage, limits: UUID, noon: time_machine.Traveller
) -> None:
    made = raised(stage)
    noon.shift(MINUTE)
    doing = stage.of_patient(Action.ALERT_ACKNOWLEDGE)
    with pytest.raises(alerts.ReasonMissing):
        alerts.close(grant=doing, alert=made, why=" ok ")
    alerts.acknowledge(grant=doing, alert=made, why="I have called, second reading was fine")
    deliver_all(Event.ALERT_CHANGED, alert=made)
    task = body_of(grant=stage.of_patient(Action.RECORD_READ), kind="Task", logical_id=made)
    assert task is not None
    assert b'"status":"accepted"' in task.body
    assert b"second reading was fine" in task.body
    assert seen(stage, made).changes[-1].by_name == stage.doctor.name
    with pytest.raises(NotPossible):
        alerts.acknowledge(grant=doing, alert=made, why="I have called again")


def test_where_nobody_takes_care_of_it_the_care_team_is_told_then_whoever_stands_in(
    stage: Stage, limits: UUID, noon: time_machine.Traveller
) -> None:
    third = Person.objects.create(organisation=stage.practice, name="Cem Arslan", email="cem@x.example")
    third.roles.create(name="nurse")
    on_team(stage, stage.second)
    cover = {"starts_at": now(), "ends_at": now() + timedelta(days=7)}
    Cover.objects.create(person=third, covers=stage.doctor, **cover)
    made = raised(stage)
    assert told() == {stage.doctor.id}
    for expected in (stage.second, third):
        noon.shift(ALERT.escalated_after)
        look_after_alerts(0)
        assert expected.id in told()
    assert [change.state for change in seen(stage, made).changes] == ["raised", "escalated", "escalated"]
    assert set(Standing.objects.filter(kind="alert").values_list("staff", flat=True)) == told()


def test_whoever_was_told_once_is_told_no_more_and_passing_on_has_an_end(
    stage: Stage, limits: UUID, noon: time_machine.Traveller
) -> None:
    raised(stage)
    for _round in range(6):
        noon.shift(ALERT.escalated_after)
        look_after_alerts(0)
    assert AlertNotice.objects.count() == 1
    assert AlertChange.objects.filter(state="escalated").count() <= ALERT.most_escalations


def test_word_in_quiet_hours_waits_for_the_morning_unless_it_is_urgent(
    stage: Stage, noon: time_machine.Traveller
) -> None:
    doing = stage.of_patient(Action.THRESHOLD_CHANGE)
    set_threshold(grant=doing, wanted=WANTED)
    urgent = Wanted(code="8867-4", high=Decimal(120), urgent=True)
    set_threshold(grant=doing, wanted=urgent)
    noon.shift(10 * HOUR)
    raised(stage)
    assert told() == set()
    (other,) = weighed(stage, "140", code="8867-4")
    deliver_all(Event.ALERT_RAISED, alert=other)
    (sent,) = AlertNotice.objects.exclude(done_at=None)
    assert (sent.alert_id, sent.person) == (other, stage.doctor.id)
    noon.shift(9 * HOUR)
    look_after_alerts(0)
    assert AlertNotice.objects.filter(done_at=None).count() == 0


def test_a_practice_sets_its_own_quiet_hours(stage: Stage) -> None:
    asking = stage.grant(Action.ALERT_LIST)
    assert quiet_hours(grant=asking).by_default
    six = NOON.time()
    set_quiet_hours(grant=asking, begins=six, ends=six, why="Somebody is always here")
    standing = quiet_hours(grant=asking)
    assert standing.is_never
    assert (standing.by_name, standing.why) == (stage.doctor.name, "Somebody is always here")


def test_the_day_after_somebody_took_care_of_it_it_is_a_new_alert(
    stage: Stage, limits: UUID, noon: time_machine.Traveller
) -> None:
    made = raised(stage)
    noon.shift(MINUTE)
    alerts.acknowledge(grant=stage.of_patient(Action.ALERT_ACKNOWLEDGE), alert=made, why="Called, will rest")
    noon.shift(ALERT.acknowledged_for - MINUTE)
    assert weighed(stage, "150") == (made,)
    noon.shift(2 * MINUTE)
    (other,) = weighed(stage, "151")
    assert other != made
    assert seen(stage, made).state == "closed"


def test_what_nobody_took_care_of_stays_one_alert_however_old(
    stage: Stage, limits: UUID, noon: time_machine.Traveller
) -> None:
    made = raised(stage)
    noon.shift(ALERT.acknowledged_for + HOUR)
    assert weighed(stage, "151") == (made,)
    assert seen(stage, made).state == "raised"


def test_nobody_acts_on_an_alert_of_another_patient(stage: Stage, limits: UUID) -> None:
    made = raised(stage)
    Alert.objects.filter(id=made).update(patient=stage.doctor.id)
    with pytest.raises(NotFound):
        alerts.acknowledge(grant=stage.of_patient(Action.ALERT_ACKNOWLEDGE), alert=made, why="Looked at it")

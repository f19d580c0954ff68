"""What is done about one patient leaves all that another has as it was, and shows nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from stage.deliveries import deliver_all
from stage.home_readings import BERLIN, PULSE, comes
from stage.noon import HOUR, NOON, TODAY
from stage.visits import HERE, Stage
from stage.window import account

from teleward.access.grants import Action, Grant, authorise
from teleward.access.models import Patient
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.audit.queries import of_patient
from teleward.devices import models
from teleward.devices.operations import alerts
from teleward.devices.operations.by_itself import grant_for_readings
from teleward.devices.operations.disowning import disown
from teleward.devices.operations.erasing import erase_readings
from teleward.devices.operations.pairing import make_code
from teleward.devices.operations.thresholds import Wanted, end_threshold, set_threshold
from teleward.devices.queries.alerts import alerts_of
from teleward.devices.queries.history import readings_of_day
from teleward.devices.queries.sharings import CONTEXT, kept_between, kept_named
from teleward.devices.queries.thresholds import is_watched
from teleward.devices.queries.trends import codes_of, last_summed, trends
from teleward.devices.readings import Reading, Value, encode
from teleward.devices.tasks import sum_up_days
from teleward.devices.weighing import Said
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
OF = {
    "Alert": "patient",
    "AlertChange": "alert__patient",
    "AlertNotice": "alert__patient",
    "DayInShort": "patient",
    "Disowned": "patient",
    "HomeReading": "patient",
    "Kept": "sharing__patient",
    "Pairing": "patient",
    "Sharing": "patient",
    "SharingEnd": "sharing__patient",
    "Threshold": "patient",
    "ThresholdEnd": "threshold__patient",
}
LATER = {"Disowned", "ThresholdEnd"}  # nobody marked or ended anything before


def has_everything(stage: Stage, value: str) -> None:
    """Limits, readings from home and kept in a visit, the days in short, an alert that was told of."""
    visit = stage.visit_now()
    changing = stage.of_patient(Action.THRESHOLD_CHANGE)
    set_threshold(grant=changing, wanted=Wanted(code=PULSE, high=Decimal(100)))
    comes(stage, value, at=NOON - HOUR)
    was_kept(stage, visit.id)
    subject = patient_subject(patient=stage.patient.id)
    make_code(grant=granted(stage, Action.PAIRING_CHANGE, subject))
    alerts.weigh(grant=reading(stage), said=[Said(code=PULSE, value=Decimal(value), at=NOON - HOUR)])
    deliver_all(Event.ALERT_RAISED)


def was_kept(stage: Stage, visit: UUID) -> None:
    own = {"organisation": stage.practice.id, "patient": stage.patient.id}
    sharing = models.Sharing.objects.create(**own, visit=visit, kinds=["heart-rate"], until="end")
    models.SharingEnd.objects.create(sharing=sharing, why="stopped")
    values, kept = [Value(code=PULSE, unit="/min", value="77")], uuid4()
    said = Reading(id=uuid4(), kind="heart-rate", source="device", received_at=now(), values=values)
    sealed = seal(patient=stage.patient.id, plaintext=encode(said), context=CONTEXT.format(kept))
    models.Kept.objects.create(id=kept, sharing=sharing, pairing=uuid4(), reading=sealed)


def granted(stage: Stage, action: Action, subject: Any) -> Grant:
    return system_grant(action=action, organisation=stage.practice.id, subject=subject)


def reading(stage: Stage) -> Grant:
    return grant_for_readings(patient=stage.patient.id)


def all_of(stage: Stage) -> dict[str, list[Any]]:
    own = stage.patient.id
    return {
        name: list(getattr(models, name).objects.filter(**{path: own}).order_by("pk").values())
        for name, path in OF.items()
    }


@pytest.fixture
def both(stage: Stage, noon: time_machine.Traveller) -> tuple[Stage, Stage]:
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    named = {"given_name": "Kwame", "family_name": "Osei", "language": "de"}
    other = replace(stage, patient=register_patient(grant=creating, born_on=date(1961, 4, 2), **named))
    has_everything(stage, "150")
    has_everything(other, "160")
    noon.shift(HOUR)
    sum_up_days(0)
    return stage, other


def erased(stage: Stage) -> None:
    about = replace(patient_subject(patient=stage.patient.id), kind="Erasure")
    erase_readings(grant=granted(stage, Action.ERASURE_ANSWER, about))


def closed(stage: Stage) -> None:
    (card,) = alerts_of(grant=reading(stage))
    doing = stage.of_patient(Action.ALERT_ACKNOWLEDGE)
    alerts.close(grant=doing, alert=card.id, why="Called, all is well")


def limits_ended(stage: Stage) -> None:
    row = models.Threshold.objects.get(patient=stage.patient.id)
    end_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), threshold=row.id, why="Stable for a year")


def marked(stage: Stage) -> None:
    whose = Patient.objects.get(id=stage.patient.id)
    subject = patient_subject(patient=whose.id)
    own = authorise(actor=account(whose), action=Action.READING_WRITE, subject=subject, circumstances=HERE)
    row = models.HomeReading.objects.get(patient=whose.id)
    disown(grant=own, names=[(row.pairing, row.sequence)], why="wrong")
    deliver_all(Event.READINGS_DISOWNED)


def weighed_again(stage: Stage) -> None:
    alerts.weigh(grant=reading(stage), said=[Said(code=PULSE, value=Decimal(170), at=now())])


@pytest.mark.parametrize("deed", [erased, closed, limits_ended, marked, weighed_again])
def test_what_is_done_about_one_patient_leaves_all_of_another_as_it_was(
    both: tuple[Stage, Stage], deed: Callable[[Stage], None]
) -> None:
    one, other = both
    before, untouched = all_of(one), all_of(other)
    assert {name for name, rows in untouched.items() if not rows} == LATER
    deed(one)
    assert all_of(other) == untouched
    assert all_of(one) != before


def test_after_erasure_nothing_of_the_patient_is_left(both: tuple[Stage, Stage]) -> None:
    erased(both[0])
    assert not any(all_of(both[0]).values())


def test_each_patient_has_an_alert_of_their_own(both: tuple[Stage, Stage]) -> None:
    found = [alerts_of(grant=reading(each)) for each in both]
    assert [[card.patient for card in cards] for cards in found] == [[each.patient.id] for each in both]
    outside = [cards[0].outside.highest.value for cards in found if cards[0].outside]
    assert outside == [Decimal(150), Decimal(160)]
    for each in both:
        said = [entry.facts["detail"].get("raised") for entry in of_patient(patient=each.patient.id)]
        assert said.count("outside") == 1


def test_whoever_reads_one_patient_reads_nothing_of_another(both: tuple[Stage, Stage]) -> None:
    one, other = both
    comes(other, "199", at=NOON - HOUR / 2)
    grant = reading(one)
    assert [line.values for line in readings_of_day(grant=grant, day=TODAY, zone=BERLIN)] == [
        ((PULSE, "150"),),
        ((PULSE, "77"),),
    ]
    for days in (1, 7, 30, 365):
        first = TODAY - timedelta(days=days - 1)
        (found,) = trends(grant=grant, codes=(PULSE,), first=first, days=days, zone=BERLIN)
        assert (found.n, found.lowest, found.highest) == (2, "77", "150")
    theirs = models.Kept.objects.get(sharing__patient=other.patient.id).id
    assert kept_named(grant=grant, names=[(theirs, 0)]) == ()
    assert {each.patient for each in kept_between(grant=grant, since=NOON - HOUR, until=NOON + HOUR)} == {
        one.patient.id
    }


def test_what_only_another_has_is_not_named(both: tuple[Stage, Stage]) -> None:
    one, other = both
    models.DayInShort.objects.filter(patient=one.patient.id).delete()
    assert codes_of(grant=reading(one), since=TODAY) == frozenset()
    assert last_summed(grant=reading(one), code=PULSE) is None
    assert codes_of(grant=reading(other), since=TODAY) == {PULSE}
    later = {"since": NOON + HOUR, "until": NOON + 2 * HOUR}
    assert kept_between(grant=reading(one), **later) == ()


def test_who_is_watched_is_asked_of_each(both: tuple[Stage, Stage]) -> None:
    limits_ended(both[0])
    assert [is_watched(patient=each.patient.id) for each in both] == [False, True]


def test_a_day_holds_what_was_measured_on_it_and_no_more(both: tuple[Stage, Stage]) -> None:
    one, _other = both
    comes(one, "61", at=NOON - timedelta(days=1))
    days = [TODAY - timedelta(days=back) for back in (2, 1, 0)]
    found = [len(readings_of_day(grant=reading(one), day=day, zone=BERLIN)) for day in days]
    assert found == [0, 1, 2]


def test_nobody_acts_on_the_alert_of_another_patient(both: tuple[Stage, Stage]) -> None:
    one, other = both
    (theirs,) = alerts_of(grant=reading(other))
    with pytest.raises(NotFound):
        alerts.close(grant=one.of_patient(Action.ALERT_ACKNOWLEDGE), alert=theirs.id, why="Looked at it")

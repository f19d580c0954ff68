"""Word of an alert: owed once to each, sent once, by the way they can be reached, and never lost."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from stage.noon import HOUR, MINUTE, NOON
from stage.visits import Stage

from teleward.access.grants import Action, Grant
from teleward.access.models import Person, Standing
from teleward.audit.queries import of_patient
from teleward.devices import states
from teleward.devices.limits import ALERT
from teleward.devices.models import Alert, AlertChange, AlertNotice
from teleward.devices.operations import alerts
from teleward.devices.operations.by_itself import grant_for_alert, grant_for_readings
from teleward.devices.operations.telling import pass_on, tell, tell_first
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.weighing import Said
from teleward.kernel.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
SYSTOLIC = "8480-6"


@pytest.fixture
def raised(stage: Stage, noon: time_machine.Traveller) -> UUID:
    """An alert of which nobody was told yet."""
    stage.visit_now()
    wanted = Wanted(code=SYSTOLIC, high=Decimal(135))
    set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)
    said = [Said(code=SYSTOLIC, value=Decimal(150), at=now())]
    (made,) = alerts.weigh(grant=grant_for_readings(patient=stage.patient.id), said=said)
    return made


@pytest.fixture
def by_mail(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]  # of Django's settings


def on_team(stage: Stage, *people: Person) -> None:
    for each in people:
        team = {"kind": "team", "source": each.id, "starts_at": now()}
        Standing.objects.create(**team, organisation=stage.practice, patient_id=stage.patient.id, staff=each)


def owed() -> list[UUID]:
    return list(AlertNotice.objects.order_by("due_at", "id").values_list("person", flat=True))


def doing(raised: UUID) -> Grant:
    return grant_for_alert(alert=raised)


def first(raised: UUID) -> None:
    tell_first(grant=doing(raised), alert=raised)


def on(raised: UUID) -> None:
    pass_on(grant=doing(raised), alert=raised)


def word(raised: UUID) -> None:
    tell(grant=doing(raised), alert=raised)


def test_the_first_are_owed_word_once_however_often_it_is_asked_for(stage: Stage, raised: UUID) -> None:
    for _again in range(3):
        first(raised)
    assert owed() == [stage.doctor.id]
    (notice,) = AlertNotice.objects.all()
    assert (notice.due_at, notice.done_at, notice.how) == (NOON, None, "")
    assert Alert.objects.get().next_at == NOON + ALERT.escalated_after


def test_an_urgent_alert_is_passed_on_sooner(raised: UUID) -> None:
    Alert.objects.update(urgent=True)
    first(raised)
    assert ALERT.escalated_urgent_after < ALERT.escalated_after
    assert Alert.objects.get().next_at == NOON + ALERT.escalated_urgent_after


def test_word_is_sent_once_however_often_it_is_asked_for(stage: Stage, raised: UUID, by_mail: None) -> None:
    first(raised)
    for _again in range(3):
        word(raised)
    assert [letter.to for letter in mail.outbox] == [[stage.doctor.email]]
    (notice,) = AlertNotice.objects.all()
    assert (notice.how, notice.done_at) == ("mail", NOON)


def test_where_no_mail_is_set_up_or_nobody_has_an_address_the_page_has_it(
    stage: Stage, raised: UUID, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]  # of Django's settings
    first(raised)
    word(raised)
    assert (AlertNotice.objects.get().how, mail.outbox) == ("page", [])


def test_word_that_is_not_due_yet_waits_and_goes_when_it_is(
    raised: UUID, noon: time_machine.Traveller, by_mail: None
) -> None:
    first(raised)
    AlertNotice.objects.update(due_at=NOON + MINUTE)
    word(raised)
    assert (mail.outbox, AlertNotice.objects.get().done_at) == ([], None)
    noon.shift(MINUTE)
    word(raised)
    assert (len(mail.outbox), AlertNotice.objects.get().done_at) == (1, NOON + MINUTE)


def test_word_of_another_alert_is_left_alone(stage: Stage, raised: UUID, by_mail: None) -> None:
    first(raised)
    wanted = Wanted(code="8462-4", high=Decimal(80))
    set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)
    said = [Said(code="8462-4", value=Decimal(95), at=now())]
    (other,) = alerts.weigh(grant=grant_for_readings(patient=stage.patient.id), said=said)
    first(other)
    word(other)
    assert [each.alert_id for each in AlertNotice.objects.filter(done_at=None)] == [raised]


def test_each_of_a_group_gets_a_letter_of_their_own_and_one_that_fails_keeps_none_from_the_others(
    stage: Stage, raised: UUID, by_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first(raised)
    AlertNotice.objects.create(alert_id=raised, person=stage.second.id, due_at=NOON + MINUTE / 2)
    tried: list[str] = []

    def send(letter: EmailMessage) -> int:
        tried.extend(letter.to)
        if len(tried) == 1:
            raise ConnectionRefusedError
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    with time_machine.travel(NOON + MINUTE, tick=False):
        with pytest.raises(ConnectionRefusedError):
            word(raised)
        assert list(AlertNotice.objects.filter(done_at=None).values_list("person", flat=True)) == [
            stage.doctor.id
        ]
        word(raised)
    assert tried == [stage.doctor.email, stage.second.email, stage.doctor.email]  # who is due longest first
    assert not AlertNotice.objects.filter(done_at=None).exists()


def test_nothing_is_passed_on_before_its_time_and_all_at_once_only_one_step(
    stage: Stage, raised: UUID, noon: time_machine.Traveller
) -> None:
    on_team(stage, stage.second)
    on(raised)  # nobody was told yet: there is no time set
    assert owed() == []
    first(raised)
    noon.move_to(NOON + ALERT.escalated_after - timedelta(seconds=1))
    on(raised)
    assert owed() == [stage.doctor.id]
    noon.shift(timedelta(seconds=1))
    for _again in range(3):
        on(raised)
    assert owed() == [stage.doctor.id, stage.second.id]
    assert AlertChange.objects.filter(state=states.ESCALATED).count() == 1
    assert Alert.objects.get().next_at == now() + ALERT.escalated_after


def test_where_there_is_nobody_more_to_tell_no_time_is_set_any_more(
    raised: UUID, noon: time_machine.Traveller
) -> None:
    first(raised)
    noon.shift(ALERT.escalated_after)
    on(raised)
    assert Alert.objects.get().next_at is None
    noon.shift(24 * HOUR)
    on(raised)
    assert AlertChange.objects.filter(state=states.ESCALATED).count() == 1


def test_it_is_passed_on_so_many_times_and_no_more(
    stage: Stage, raised: UUID, noon: time_machine.Traveller
) -> None:
    first(raised)
    for number in range(ALERT.most_escalations):
        assert Alert.objects.get().next_at == now() + ALERT.escalated_after, number
        each = Person.objects.create(
            organisation=stage.practice, name=f"N {number}", email=f"n{number}@x.example"
        )
        each.roles.create(name="nurse")
        on_team(stage, each)
        noon.shift(ALERT.escalated_after)
        on(raised)
    assert len(owed()) == len(set(owed())) == 1 + ALERT.most_escalations
    assert Alert.objects.get().next_at is None


@pytest.mark.parametrize("happened", ["acknowledged", "closed", "of-somebody-else"])
def test_of_what_is_taken_care_of_or_of_another_patient_nobody_is_told(
    stage: Stage, raised: UUID, happened: str, noon: time_machine.Traveller
) -> None:
    noon.shift(MINUTE)  # later than it was raised: what was last is what holds
    grant, caring = doing(raised), stage.of_patient(Action.ALERT_ACKNOWLEDGE)
    if happened == "acknowledged":
        alerts.acknowledge(grant=caring, alert=raised)
    elif happened == "closed":
        alerts.close(grant=caring, alert=raised, why="The cuff was loose")
    else:
        Alert.objects.update(patient=stage.doctor.id)
    Alert.objects.update(next_at=NOON)
    tell_first(grant=grant, alert=raised)
    pass_on(grant=grant, alert=raised)
    assert owed() == []
    assert not AlertChange.objects.filter(state=states.ESCALATED).exists()


def test_the_ledger_says_who_was_told_and_where_nobody_may_look_that(
    stage: Stage, raised: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    first(raised)
    details = [entry.facts["detail"] for entry in of_patient(patient=stage.patient.id)]
    assert {"alert": str(raised), "told": [str(stage.doctor.id)]} in details
    AlertNotice.objects.all().delete()
    monkeypatch.setattr("teleward.devices.operations.telling.who_may_look", lambda **_asked: frozenset())
    first(raised)
    (newest,) = (
        entry.facts["detail"]
        for entry in of_patient(patient=stage.patient.id)
        if "may_look" in entry.facts["detail"]
    )
    assert newest["may_look"] == "nobody"
    assert set(newest["told"]) == {str(each) for each in owed()}
    assert len(newest["told"]) > 1  # all who treat here, and privacy officers


def test_a_letter_leads_to_the_alert_only_where_its_reader_may_not_find_it_in_the_list(
    raised: UUID, by_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first(raised)
    word(raised)
    monkeypatch.setattr("teleward.devices.operations.telling.who_may_look", lambda **_asked: frozenset())
    AlertNotice.objects.update(done_at=None)
    word(raised)
    assert [str(raised) in letter.body for letter in mail.outbox] == [False, True]


def test_a_tie_opens_the_readings_to_each_who_is_told_and_to_nobody_else(stage: Stage, raised: UUID) -> None:
    on_team(stage, stage.second)
    first(raised)
    ties = Standing.objects.filter(kind="alert", source=raised)
    assert [tie.staff_id for tie in ties] == [stage.doctor.id]

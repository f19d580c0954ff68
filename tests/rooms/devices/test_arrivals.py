"""What came is held against limits by itself: a batch from home, and a reading kept in a consultation."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from stage.deliveries import deliver_again, deliver_all
from stage.home_readings import PULSE, comes
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.consult.cards import VisitCard
from teleward.devices.models import Alert, Batch, DirtyDay, HomeReading, Kept, Pairing, Sharing
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.queries.sharings import CONTEXT
from teleward.devices.readings import Reading, Value, encode
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.events import Event, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


@pytest.fixture
def limits(stage: Stage, visit: VisitCard) -> None:
    set_threshold(
        grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=PULSE, high=Decimal(120))
    )


def batch(stage: Stage, value: str) -> UUID:
    """One reading from home with the batch it came in."""
    comes(stage, value, at=now())
    taken = HomeReading.objects.get()
    whose = {"organisation": stage.practice.id, "patient": stage.patient.id}
    Pairing.objects.create(id=taken.pairing, code_hash=b"c", expires_at=now(), by=stage.doctor.id, **whose)
    made = Batch.objects.create(
        pairing_id=taken.pairing,
        received_at=taken.received_at,
        kept=1,
        refused=0,
        numbers="{[0,1)}",
        sha256=b"s",
        skew=0,
        **whose,
    )
    return made.id


def came(stage: Stage, value: str) -> None:
    publish(Event.READINGS_TAKEN, batch=batch(stage, value), patient=stage.patient.id)
    deliver_all(Event.READINGS_TAKEN)


def kept(stage: Stage, visit: VisitCard, value: str) -> UUID:
    """One reading that was kept in the visit."""
    own, made = stage.patient.id, uuid4()
    sharing = Sharing.objects.create(
        visit=visit.id, organisation=stage.practice.id, patient=own, kinds=["heart-rate"], until="end", by=own
    )
    said = Reading(
        id=uuid4(),
        kind="heart-rate",
        source="device",
        received_at=now(),
        values=[Value(code=PULSE, unit="/min", value=value)],
    )
    sealed = seal(patient=own, plaintext=encode(said), context=CONTEXT.format(made))
    Kept.objects.create(id=made, by=own, sharing=sharing, pairing=uuid4(), reading=sealed)
    return made


def test_a_batch_from_home_raises_an_alert_once(stage: Stage, limits: None) -> None:
    came(stage, "150")
    deliver_again(Event.READINGS_TAKEN)
    assert Alert.objects.get().quantity == PULSE


@pytest.mark.parametrize("value", ["150", "60"], ids=["outside", "within"])
def test_a_batch_within_limits_or_without_any_raises_nothing(
    stage: Stage, visit: VisitCard, value: str
) -> None:
    if value == "60":
        set_threshold(
            grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=PULSE, high=Decimal(120))
        )
    came(stage, value)
    assert not Alert.objects.exists()


def test_a_reading_kept_in_a_consultation_is_held_against_limits_and_its_day_is_summed_up(
    stage: Stage, limits: None, visit: VisitCard
) -> None:
    publish(Event.READING_KEPT, visit=visit.id, kept=kept(stage, visit, "150"))
    deliver_all(Event.READING_KEPT)
    assert Alert.objects.get().patient == stage.patient.id
    assert DirtyDay.objects.get().kind == "heart-rate"

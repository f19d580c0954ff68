"""What is done about one other system of the practice, or by another practice, leaves the rest as it was."""

from uuid import UUID, uuid4

import pytest
from fakes.systems import PLACE, System
from stage.deliveries import deliver_all, do_what_waits
from stage.elsewhere import connection_to
from stage.visits import Stage, practice

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event
from teleward.records.models import Connection, Outgoing, Pause, Sender
from teleward.records.operations import connections as work
from teleward.records.operations.sending import send_due
from teleward.records.operations.settling import give_up, resend, resend_all
from teleward.records.queries.due import connections_due
from teleward.records.queries.hl7.senders import called, sender, senders
from teleward.records.queries.outgoing import counts, stuck_there, waiting_there

pytestmark = pytest.mark.usefixtures("db")


def deciding(stage: Stage, action: Action) -> Grant:
    return system_grant(action=action, organisation=stage.practice.id)


@pytest.fixture
def both(stage: Stage, system: System, connection: UUID) -> tuple[UUID, UUID]:
    """Two systems that are to have the same appointment, neither of which knows the patient."""
    system.patients.clear()
    other = connection_to(stage, PLACE, client_id="teleward")
    stage.visit()
    deliver_all(Event.VISIT_BOOKED)
    deliver_all(Event.RESOURCE_KEPT)
    return connection, other


def shown(stage: Stage, connection: UUID) -> tuple[int, int, int, int]:
    """What waits and what is stuck there: as lines and as numbers."""
    grant = deciding(stage, Action.APP_LIST)
    waits = waiting_there(grant=grant, connection=connection)
    stuck = stuck_there(grant=grant, connection=connection)
    number = counts(grant=grant, connection=connection)
    return len(waits), number.waiting, len(stuck), number.stuck


def test_each_system_has_its_own_line(stage: Stage, both: tuple[UUID, UUID]) -> None:
    one, other = both
    send_due(connection=one)
    assert [shown(stage, each) for each in both] == [(0, 0, 1, 1), (1, 1, 0, 0)]
    assert connections_due() == (other,)


def test_what_arrived_is_counted_where_it_arrived(
    stage: Stage, system: System, both: tuple[UUID, UUID]
) -> None:
    system.patients["A123456780"] = ["17"]
    send_due(connection=both[0])
    grant = deciding(stage, Action.APP_LIST)
    assert [counts(grant=grant, connection=each).delivered for each in both] == [1, 0]


def test_what_is_stuck_there_goes_again_and_nothing_else_does(stage: Stage, both: tuple[UUID, UUID]) -> None:
    one, other = both
    do_what_waits("records.send")
    assert [shown(stage, each)[2:] for each in both] == [(1, 1), (1, 1)]
    assert resend_all(grant=deciding(stage, Action.RECORD_SEND), connection=one) == 1
    assert [shown(stage, each) for each in both] == [(1, 1, 0, 0), (0, 0, 1, 1)]
    do_what_waits("records.send")
    assert [shown(stage, each)[3] for each in both] == [1, 1]
    assert other not in connections_due()


def test_another_practice_settles_nothing_of_ours(stage: Stage, both: tuple[UUID, UUID]) -> None:
    one, _other = both
    send_due(connection=one)
    stuck = Outgoing.objects.get(connection=one)
    strange = system_grant(action=Action.RECORD_SEND, organisation=practice("Nebenan").id)
    for settled in (resend, give_up):
        said = {"why": "Not ours"} if settled is give_up else {}
        with pytest.raises(NotFound):
            settled(grant=strange, outgoing=stuck.id, **said)  # type: ignore[operator]  # either
    assert resend_all(grant=strange, connection=one) == 0
    assert shown(stage, one)[3] == 1


def test_a_system_that_speaks_hl7_is_told_of_what_was_booked_here(stage: Stage, connection: UUID) -> None:
    Connection.objects.filter(id=connection).update(kind="mllp")
    visit = stage.visit()
    deliver_all(Event.VISIT_BOOKED)
    deliver_all(Event.RESOURCE_KEPT)
    assert Outgoing.objects.get().logical_id == visit.id


def test_a_pause_that_is_over_stays_as_it_was(stage: Stage, both: tuple[UUID, UUID]) -> None:
    changing, (one, other) = deciding(stage, Action.APP_CHANGE), both
    for _twice in range(2):
        work.pause(grant=changing, connection=one, why="Umzug")
        work.resume(grant=changing, connection=one)
    first, second = Pause.objects.order_by("ended_at")
    assert first.ended_at is not None
    assert second.ended_at is not None
    assert first.ended_at < second.ended_at
    work.pause(grant=changing, connection=one, why="Umzug")
    work.resume(grant=changing, connection=other)
    assert Pause.objects.get(ended_at=None).connection_id == one


def test_a_system_that_was_ended_is_not_changed_paused_or_tried(
    stage: Stage, both: tuple[UUID, UUID]
) -> None:
    changing, (one, other) = deciding(stage, Action.APP_CHANGE), both
    work.disconnect(grant=changing, connection=one, why="Anderes System")
    with pytest.raises(NotFound):
        work.pause(grant=changing, connection=one, why="Umzug")
    with pytest.raises(NotFound):
        work.test_connection(grant=changing, connection=one)
    assert bytes(Connection.objects.get(id=other).sealed) != b""
    assert connections_due() == (other,)


def test_another_practice_finds_none_of_our_systems(stage: Stage, both: tuple[UUID, UUID]) -> None:
    known = {"application": "KIS", "facility": "HAUS", "proof": "address", "known_by": "127.0.0.1"}
    ours = Sender.objects.create(organisation=stage.practice.id, name="KIS", **known)
    strange = system_grant(action=Action.APP_CHANGE, organisation=practice("Nebenan").id)
    assert [card.id for card in senders(grant=deciding(stage, Action.APP_LIST))] == [ours.id]
    assert senders(grant=strange) == called(grant=strange, sender_id=ours.id) == ()
    for hidden in (ours.id, uuid4()):
        with pytest.raises(NotFound):
            sender(grant=strange, sender_id=hidden)
    with pytest.raises(NotFound):
        work.pause(grant=strange, connection=both[0], why="Umzug")

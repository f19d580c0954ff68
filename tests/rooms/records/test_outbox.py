"""What goes to another system: tried again, never doubled or lost, seen by a person where it is stuck."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from fakes.systems import PLACE, System, outcome, said
from stage.deliveries import deliver_again, deliver_all
from stage.elsewhere import connection_to
from stage.visits import Stage

from teleward.access.grants import Action, Grant
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.kernel.clock import now
from teleward.kernel.envelope import destroy_key
from teleward.kernel.events import Event
from teleward.kernel.outward import Answer, Closed, Question, Silent, TooMuch
from teleward.records.connections.waiting import STEPS
from teleward.records.models import Attempt, Outgoing
from teleward.records.operations import connections as work
from teleward.records.operations import sending
from teleward.records.operations.sending import send_due
from teleward.records.operations.settling import WhyMissing, give_up, resend, resend_all
from teleward.records.queries.due import connections_due
from teleward.records.queries.outgoing import counts, stuck_there

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def row(stage: Stage, connection: UUID) -> Outgoing:
    """An appointment that is to go out."""
    return waiting(stage, connection)


def waiting(stage: Stage, connection: UUID, minutes: int = 0) -> Outgoing:
    visit = stage.visit(starts_at=now() + timedelta(days=1, minutes=minutes))
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    deliver_all(Event.RESOURCE_KEPT)
    return Outgoing.objects.get(connection=connection, logical_id=visit.id)


def tried(row: Outgoing) -> Attempt:
    """After whatever is due was sent."""
    send_due(connection=row.connection_id)
    row.refresh_from_db()
    return row.attempts.order_by("-began_at")[0]


def always(answer: Answer | Exception) -> Callable[[Question], Answer]:
    def give(_question: Question) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return give


def deciding(stage: Stage, action: Action) -> Grant:
    return system_grant(action=action, organisation=stage.practice.id)


def test_what_was_kept_waits_once_for_each_system_that_wants_its_type(stage: Stage, system: System) -> None:
    both = {connection_to(stage, PLACE), connection_to(stage, PLACE)}
    notes = connection_to(stage, PLACE, sends=("DocumentReference",))
    visit = stage.visit()
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    deliver_all(Event.RESOURCE_KEPT)
    deliver_again(Event.RESOURCE_KEPT)
    assert sorted(Outgoing.objects.values_list("connection", flat=True)) == sorted(both)
    assert not Outgoing.objects.filter(connection=notes).exists()


def test_the_other_side_gets_our_signed_word_and_the_key_is_used_until_it_runs_out(
    stage: Stage, system: System, row: Outgoing
) -> None:
    assert tried(row).outcome == "delivered"
    waiting_too = waiting(stage, row.connection_id, 60)
    assert tried(waiting_too).outcome == "delivered"
    assert system.tokens == 1
    keys = {each.headers["Authorization"] for each in system.asked if "Authorization" in each.headers}
    assert keys == {"Bearer key-1"}


def test_nothing_about_a_patient_stands_in_an_address(system: System, row: Outgoing) -> None:
    tried(row)
    addresses = [each.address for each in system.asked]
    assert not [each for each in addresses if "?" in each or "A123456780" in each]


def test_a_key_that_is_not_taken_any_more_is_asked_for_anew(system: System, row: Outgoing) -> None:
    def once(question: Question) -> Answer | None:
        return outcome(401) if question.headers["Authorization"] == "Bearer key-1" else None

    system.trouble = once
    assert tried(row).outcome == "delivered"
    assert system.tokens == 2


TROUBLES: list[tuple[Answer | Exception, str]] = [
    (outcome(500), "broken-there"),
    (outcome(401), "not-let-in"),
    (outcome(403), "not-allowed"),
    (outcome(409), "changed-meanwhile"),
    (outcome(412), "changed-meanwhile"),
    (outcome(429), "busy"),
    (Silent(), "silent"),
    (Closed(), "closed-address"),
    (TooMuch(), "too-much"),
    (LookupError("what nobody thought of"), "unreadable"),
    (Answer(status=200, headers={}, body=b"<html>"), "unreadable"),
    (Answer(status=200, headers={}, body=b"[" * 100_000), "unreadable"),
    (Answer(status=200, headers={}, body=b"null"), "unreadable"),
    (said({}, 302, location="http://169.254.169.254/latest/meta-data/"), "moved"),
]


def test_what_may_work_another_time_is_tried_again(stage: Stage, system: System, row: Outgoing) -> None:
    told, grant = [], deciding(stage, Action.RECORD_SEND)
    with time_machine.travel(now(), tick=False) as clock:
        for answer, _reason in TROUBLES:
            system.trouble = always(answer)
            told.append(tried(row).reason)
            if row.due_at is None:
                resend(grant=grant, outgoing=row.id)
                row.refresh_from_db()
            clock.move_to(max(row.due_at or now(), now()) + timedelta(seconds=1))
        system.trouble = lambda _question: None
        assert tried(row).outcome == "delivered"
    assert told == [reason for _answer, reason in TROUBLES]
    assert not any("169.254" in each.address for each in system.asked)
    assert len(system.held) == 1


def test_it_is_tried_less_and_less_often_and_at_last_a_person_has_to_look(
    stage: Stage, system: System, row: Outgoing
) -> None:
    system.trouble = always(Silent())
    pauses = []
    with time_machine.travel(now(), tick=False) as clock:
        while tried(row) and row.due_at is not None:
            pauses.append(row.due_at - now())
            clock.move_to(row.due_at)
    assert pauses == list(STEPS)
    (item,) = stuck_there(grant=deciding(stage, Action.APP_LIST), connection=row.connection_id)
    assert (item.tries, "does not answer" in item.why) == (len(STEPS) + 1, True)


def test_a_pause_that_they_ask_for_is_kept(system: System, row: Outgoing) -> None:
    system.trouble = always(outcome(503, retry_after="3600"))
    with time_machine.travel(now(), tick=False):
        tried(row)
        assert row.due_at == now() + timedelta(hours=1)


def test_what_they_do_not_accept_is_stuck_at_once_with_codes_and_none_of_their_words(
    stage: Stage, system: System, row: Outgoing
) -> None:
    issue = {
        "code": "value",
        "diagnostics": "Ayşe Demir",
        "expression": ["Appointment.participant[0]", "Demir 1"],
    }
    system.trouble = lambda question: outcome(422, issue) if "If-None-Exist" in question.headers else None
    attempt = tried(row)
    assert (attempt.outcome, attempt.reason, attempt.status) == ("refused", "not-taken", 422)
    assert (attempt.said, row.due_at) == ("value (Appointment.participant[0])", None)


def test_cut_off_in_the_middle_it_is_sent_again_and_lies_there_once(
    system: System, row: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the other side had taken it: nobody here knows."""

    def killed(*_args: object, **_how: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_finish", killed)
        with pytest.raises(KeyboardInterrupt):
            send_due(connection=row.connection_id)
    send_due(connection=row.connection_id)
    assert row.attempts.count() == 1  # not while the first may still be at work
    row.refresh_from_db()
    with time_machine.travel(row.due_at, tick=False):
        assert tried(row).outcome == "delivered"
    assert len(system.held) == 1


def test_of_one_patient_nothing_overtakes_what_waits_and_another_does_not_wait_for_it(
    stage: Stage, system: System, row: Outgoing
) -> None:
    system.trouble = always(Silent())
    tried(row)
    later = waiting(stage, row.connection_id, 60)
    named = {"given_name": "Kwame", "family_name": "Osei", "language": "de", "born_on": date(1961, 4, 2)}
    other = register_patient(grant=stage.grant(Action.PATIENT_CREATE, by=stage.desk), **named)
    theirs = waiting(replace(stage, patient=other), row.connection_id, 120)
    system.trouble = lambda _question: None
    send_due(connection=row.connection_id)
    assert not later.attempts.exists()
    assert theirs.attempts.count() == 1
    with time_machine.travel(row.due_at, tick=False):
        tried(row)
    assert [each.attempts.filter(outcome="delivered").count() for each in (row, later)] == [1, 1]


def test_a_person_sends_again_what_is_stuck_and_it_goes(stage: Stage, system: System, row: Outgoing) -> None:
    system.patients.clear()
    assert tried(row).reason == "patient-unknown"
    system.patients["A123456780"] = ["17"]
    grant = deciding(stage, Action.RECORD_SEND)
    assert resend(grant=grant, outgoing=row.id) == row.connection_id
    assert tried(row).outcome == "delivered"
    settled = row.settlements.get()
    assert (settled.kind, settled.at <= now()) == ("resent", True)
    assert resend_all(grant=grant, connection=row.connection_id) == 0


def test_what_is_given_up_has_a_word_for_it_and_is_no_longer_stuck(
    stage: Stage, system: System, row: Outgoing
) -> None:
    system.patients.clear()
    tried(row)
    grant = deciding(stage, Action.RECORD_SEND)
    with pytest.raises(WhyMissing):
        give_up(grant=grant, outgoing=row.id, why=" ")
    give_up(grant=grant, outgoing=row.id, why="Sie haben es auf Papier")
    assert counts(grant=grant, connection=row.connection_id).stuck == 0
    assert row.settlements.get().why == "Sie haben es auf Papier"


def test_while_it_is_paused_all_waits_and_then_it_goes(stage: Stage, system: System, row: Outgoing) -> None:
    grant = deciding(stage, Action.APP_CHANGE)
    work.pause(grant=grant, connection=row.connection_id, why="Umzug")
    send_due(connection=row.connection_id)
    assert not row.attempts.exists()
    work.resume(grant=grant, connection=row.connection_id)
    assert connections_due() == (row.connection_id,)
    assert tried(row).outcome == "delivered"


def test_when_it_has_ended_nothing_goes_and_our_key_is_gone(
    stage: Stage, system: System, row: Outgoing
) -> None:
    work.disconnect(
        grant=deciding(stage, Action.APP_CHANGE), connection=row.connection_id, why="Anderes System"
    )
    send_due(connection=row.connection_id)
    row.connection.refresh_from_db()
    assert (row.attempts.exists(), bytes(row.connection.sealed)) == (False, b"")


def test_of_an_erased_patient_nothing_goes(system: System, row: Outgoing) -> None:
    destroy_key(patient=row.patient)
    assert (tried(row).reason, system.stored()) == ("erased", [])


def test_our_key_is_not_in_the_database_as_it_is(row: Outgoing) -> None:
    public = row.connection.public_keys["keys"][0]
    assert (public["crv"], public["alg"], "d" in public) == ("P-384", "ES384", False)
    assert public["x"].encode() not in bytes(row.connection.sealed)

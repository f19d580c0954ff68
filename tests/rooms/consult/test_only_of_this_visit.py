"""Two visits of one patient: what happened in the one is not told of the other."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from stage.play import HOST, PATIENT, Play
from stage.visits import HERE, Stage

from teleward.access.grants import SYSTEM, Action, Grant, authorise
from teleward.consult.cards import Words
from teleward.consult.models import ModePeriod, OrderShared, Seat
from teleward.consult.operations.choices import agree, say_company, withdraw
from teleward.consult.operations.endings import end
from teleward.consult.operations.identity import identify
from teleward.consult.operations.live_records import record_media, record_path, record_words
from teleward.consult.operations.live_room import admit, leave, take_seat
from teleward.consult.operations.moves import NoSuchPeer
from teleward.consult.operations.notes import save_note
from teleward.consult.operations.orders import share_order
from teleward.consult.queries.notes import notes_of_visit, versions
from teleward.consult.queries.orders import planned
from teleward.consult.queries.receipts import consents, has_agreed, minutes_used, receipt
from teleward.consult.queries.subjects import visit_subject
from teleward.consult.queries.unsettled import unsettled
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.queries.orders import Order


@dataclass
class Two:
    """One visit in which everything happened, and one that was only booked."""

    full: Play
    empty: Play

    def of_guest(self, play: Play, action: Action) -> Grant:
        subject = visit_subject(visit=play.visit.id)
        return authorise(actor=play.guest, action=action, subject=subject, circumstances=HERE)


@pytest.fixture
def two(stage: Stage) -> Two:
    return Two(full=Play(stage), empty=Play(stage))


def system(play: Play, action: Action) -> Grant:
    return authorise(
        actor=SYSTEM, action=action, subject=visit_subject(visit=play.visit.id), circumstances=HERE
    )


def happens(two: Two) -> None:
    """All that a receipt tells, in the full one."""
    play, visit = two.full, two.full.visit.id
    play.admit()
    agree(grant=two.of_guest(play, Action.VISIT_CONSENT), visit=visit, language="de")
    say_company(grant=play.by_guest(), visit=visit, who="meine Tochter")
    identify(grant=play.by_host(Action.VISIT_IDENTIFY), visit=visit, how="known")
    save_note(grant=play.by_host(Action.NOTE_WRITE), visit=visit, text="Meniskus", after=0)
    hosting, joining = play.by_host(Action.VISIT_HOST), play.by_guest()
    record_path(grant=joining, visit=visit, peer=PATIENT, other=HOST, path="relayed")
    for grant, peer, other in ((hosting, HOST, PATIENT), (joining, PATIENT, HOST)):
        record_media(grant=grant, visit=visit, peer=peer, mode="video")
        words = Words(other=other, run=1, outcome="same", form="words", evidence="0" * 64)
        record_words(grant=grant, visit=visit, peer=peer, words=words)
    ModePeriod.objects.update(from_at=now() - timedelta(minutes=5))


def test_the_receipt_of_the_other_tells_none_of_it(two: Two) -> None:
    happens(two)
    full = receipt(grant=two.full.by_host(Action.VISIT_IDENTIFY))
    assert (full.verified, full.relayed, full.identity, full.agreed) == ("same", True, "known", True)
    assert (full.company, [used.mode for used in full.minutes]) == (("meine Tochter",), ["video"])
    assert {who.role for who in full.attendees} == {"host", "patient"}
    ending = two.full.by_host(Action.VISIT_END)
    end(grant=ending, visit=two.full.visit.id, disposition="completed", follow_up_offered=True)
    empty = receipt(grant=two.empty.by_host(Action.VISIT_IDENTIFY))
    assert (empty.verified, empty.relayed, empty.identity, empty.agreed) == ("", None, "", False)
    assert (empty.company, empty.minutes, empty.consents) == ((), (), ())
    assert [who.role for who in empty.attendees] == ["host"]  # who came and was not let in did not take part
    assert (empty.began_at, empty.ended_at, empty.disposition) == (None, None, "")


def test_what_is_asked_about_the_other_is_answered_of_the_other(two: Two) -> None:
    happens(two)
    hosting = two.empty.by_host(Action.VISIT_HOST)
    assert (consents(grant=hosting), minutes_used(grant=hosting)) == ((), ())
    assert not has_agreed(grant=hosting)
    assert has_agreed(grant=two.full.by_host(Action.VISIT_HOST))
    assert not has_agreed(grant=two.full.by_host(Action.VISIT_HOST), version="another")
    assert unsettled(grant=hosting) == {"identity", "consent"}
    assert unsettled(grant=two.full.by_host(Action.VISIT_HOST)) == frozenset()
    withdraw(grant=two.of_guest(two.full, Action.VISIT_CONSENT), visit=two.full.visit.id)
    assert not has_agreed(grant=two.full.by_host(Action.VISIT_HOST))
    assert unsettled(grant=two.full.by_host(Action.VISIT_HOST)) == {"consent"}


def test_a_note_is_of_its_visit_and_its_versions_are_of_its_author(two: Two) -> None:
    happens(two)
    host = two.full.stage.doctor.id
    reading = two.full.by_host(Action.NOTE_READ)
    assert [note.text for note in notes_of_visit(grant=reading)] == ["Meniskus"]
    assert [each.text for each in versions(grant=reading, author=host)] == ["Meniskus"]
    assert versions(grant=reading, author=two.full.stage.second.id) == ()
    other = two.empty.by_host(Action.NOTE_READ)
    assert (notes_of_visit(grant=other), versions(grant=other, author=host)) == ((), ())


def test_what_was_planned_at_the_one_is_not_read_at_the_other(two: Two) -> None:
    order = Order(
        id=new_id(), kind="lab", what="Blutbild", why="", dosage="", urgent=False, by="", changed_at=now()
    )
    for _again in range(3):
        share_order(grant=two.full.by_host(Action.RECORD_WRITE), order=order)
    assert OrderShared.objects.filter(end=None).count() == 1  # those before were taken back, each once
    assert [each.what for each in planned(grant=system(two.full, Action.RECORD_READ))] == ["Blutbild"]
    assert planned(grant=system(two.empty, Action.RECORD_READ)) == ()


def test_a_place_in_the_one_is_none_in_the_other(two: Two) -> None:
    two.full.arrive()
    Seat.objects.filter(visit=two.empty.visit.id, peer=PATIENT).delete()
    with pytest.raises(NoSuchPeer):
        admit(grant=two.empty.by_host(Action.VISIT_ADMIT), visit=two.empty.visit.id, peer=PATIENT)
    assert two.full.state() == "waiting"
    card = take_seat(grant=two.empty.by_guest(), visit=two.empty.visit.id, peer=PATIENT)
    assert card.state == "present"
    two.empty.arrive()
    leave(grant=two.empty.by_guest(), visit=two.empty.visit.id, peer=PATIENT)
    assert two.empty.state() == "invited"  # who waits in the one keeps nobody waiting here
    assert Seat.objects.get(visit=two.full.visit.id, peer=PATIENT).state == "waiting"


def test_the_host_who_comes_into_the_other_keeps_their_seat_in_the_one(two: Two) -> None:
    take_seat(grant=two.empty.by_host(Action.VISIT_HOST), visit=two.empty.visit.id, peer="d" * 32)
    assert Seat.objects.get(visit=two.full.visit.id, peer=HOST).state == "admitted"
    assert Seat.objects.get(visit=two.empty.visit.id, peer=HOST).state == "left"

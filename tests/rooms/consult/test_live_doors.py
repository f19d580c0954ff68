"""The doors of the live room: seats, admission, modes, words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from stage.play import HOST, OTHER, PATIENT, Play
from stage.visits import Stage

from teleward.access.grants import Action, NotCovered
from teleward.consult.cards import CheckCard
from teleward.consult.models import (
    Admission,
    Company,
    Leaving,
    ModePeriod,
    Seat,
    TurningAway,
)
from teleward.consult.operations.endings import end
from teleward.consult.operations.guests import add_guest, show_link
from teleward.consult.operations.live_records import (
    NotAdmitted,
    record_media,
    record_path,
    still_here,
)
from teleward.consult.operations.live_room import (
    NotThisMode,
    SeatTaken,
    VisitOver,
    admit,
    leave,
    take_seat,
    turn_away,
)
from teleward.consult.queries.receipts import minutes_used, receipt
from teleward.consult.queries.seats import seats
from teleward.kernel.states import NotPossible


@pytest.fixture
def play(stage: Stage) -> Play:
    return Play(stage)


def test_the_host_has_seat_one_and_the_guest_none_before_admission(play: Play) -> None:
    cards = seats(grant=play.by_host(Action.VISIT_HOST), visit=play.visit.id)
    assert [(card.role, card.number, card.state) for card in cards] == [
        ("host", 1, "admitted"),
        ("patient", None, "present"),
    ]


def test_arriving_opens_the_lobby_with_check_and_company(play: Play) -> None:
    check = CheckCard(path="relayed", camera=True, microphone=True, speaker=False)
    play.arrive(check=check, company=("meine Tochter",))
    card = seats(grant=play.by_host(Action.VISIT_HOST), visit=play.visit.id)[1]
    assert (card.state, card.check, card.company) == ("waiting", check, ("meine Tochter",))
    assert play.state() == "waiting"
    assert b"Tochter" not in bytes(Company.objects.get().who)


def test_admission_gives_the_lowest_free_seat_and_is_kept(play: Play) -> None:
    play.admit()
    assert Seat.objects.get(peer=PATIENT).number == 2
    assert play.state() == "in-call"
    assert Admission.objects.filter(seat__peer=PATIENT, by=play.stage.doctor.id).count() == 1


def test_nobody_is_admitted_who_did_not_say_to_be_ready(play: Play) -> None:
    with pytest.raises(NotPossible):
        admit(grant=play.by_host(Action.VISIT_ADMIT), visit=play.visit.id, peer=PATIENT)


def test_a_guest_cannot_admit_itself(play: Play) -> None:
    play.arrive()
    with pytest.raises(NotCovered):
        admit(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT)


def test_the_same_peer_comes_back_into_its_seat_without_asking(play: Play) -> None:
    play.admit()
    card = take_seat(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT)
    assert (card.number, card.state) == (2, "admitted")


def test_who_left_has_to_ask_again(play: Play) -> None:
    play.admit()
    leave(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT)
    leave(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT)
    assert Leaving.objects.filter(seat__peer=PATIENT).count() == 1
    assert take_seat(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT).state == "present"


def test_the_last_one_to_leave_the_lobby_gives_the_visit_its_state_back(play: Play) -> None:
    play.arrive()
    leave(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT)
    assert play.state() == "invited"


def test_one_who_was_turned_away_stays_outside(play: Play) -> None:
    play.arrive()
    turn_away(grant=play.by_host(Action.VISIT_ADMIT), visit=play.visit.id, peer=PATIENT)
    assert TurningAway.objects.count() == 1
    with pytest.raises(NotPossible):
        play.arrive()


def test_a_peer_id_of_somebody_else_opens_nothing(play: Play) -> None:
    with pytest.raises(SeatTaken):
        take_seat(grant=play.by_guest(), visit=play.visit.id, peer=HOST)


def test_the_newest_tab_of_the_host_takes_seat_one(play: Play) -> None:
    take_seat(grant=play.by_host(Action.VISIT_HOST), visit=play.visit.id, peer=OTHER)
    assert (Seat.objects.get(peer=HOST).state, Seat.objects.get(peer=OTHER).number) == ("left", 1)


def test_an_interpreter_is_seated_by_role_and_name(play: Play) -> None:
    inviting = play.by_host(Action.VISIT_INVITE)
    guest = add_guest(grant=inviting, visit=play.visit.id, role="interpreter", name="Ali Kaya", language="de")
    actor = play.claim(show_link(grant=inviting, visit=play.visit.id, guest=guest).url)
    card = take_seat(grant=play.by_guest(actor), visit=play.visit.id, peer=OTHER)
    assert (card.role, card.name) == ("interpreter", "Ali Kaya")


def test_an_unknown_mode_is_refused(play: Play) -> None:
    with pytest.raises(NotThisMode):
        play.arrive(mode="telepathy")


def test_only_the_admitted_are_in_a_mode(play: Play) -> None:
    with pytest.raises(NotAdmitted):
        record_media(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT, mode="video")


def media(play: Play, mode: str) -> None:
    record_media(grant=play.by_host(Action.VISIT_HOST), visit=play.visit.id, peer=HOST, mode=mode)
    record_media(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT, mode=mode)


def beat(play: Play) -> None:
    still_here(peers=[(play.visit.id, HOST), (play.visit.id, PATIENT)])


def used(play: Play) -> list[tuple[str, int]]:
    return [(m.mode, m.minutes) for m in minutes_used(grant=play.by_host(Action.VISIT_IDENTIFY))]


def test_minutes_are_counted_per_mode(play: Play, moved_clock: Callable[[timedelta], None]) -> None:
    play.admit()
    media(play, "video")
    moved_clock(timedelta(seconds=100))
    media(play, "audio")
    moved_clock(timedelta(seconds=110))
    beat(play)
    assert used(play) == [("video", 2), ("audio", 2)]


def test_a_restart_of_the_server_costs_no_minute(
    play: Play, moved_clock: Callable[[timedelta], None]
) -> None:
    play.admit()
    media(play, "video")
    moved_clock(timedelta(seconds=90))
    media(play, "video")
    assert ModePeriod.objects.count() == 2
    assert used(play) == [("video", 2)]


def test_a_silence_of_an_hour_is_not_a_conversation(
    play: Play, moved_clock: Callable[[timedelta], None]
) -> None:
    play.admit()
    media(play, "video")
    moved_clock(timedelta(seconds=60))
    beat(play)
    moved_clock(timedelta(hours=1))
    beat(play)
    media(play, "video")
    end_visit(play)
    assert used(play) == [("video", 1)]


def end_visit(play: Play) -> None:
    end(
        grant=play.by_host(Action.VISIT_END),
        visit=play.visit.id,
        disposition="completed",
        follow_up_offered=False,
    )


def test_the_path_that_was_measured_stands_in_the_receipt(play: Play) -> None:
    play.admit()
    record_path(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT, other=HOST, path="relayed")
    assert receipt(grant=play.by_host(Action.VISIT_IDENTIFY)).relayed is True


def test_the_end_empties_the_room_and_closes_the_door(play: Play) -> None:
    play.admit()
    media(play, "video")
    end_visit(play)
    assert set(Seat.objects.values_list("state", flat=True)) == {"left"}
    assert not ModePeriod.objects.filter(until=None).exists()
    with pytest.raises(VisitOver):
        take_seat(grant=play.by_guest(), visit=play.visit.id, peer=PATIENT)


def test_the_room_has_four_seats(play: Play) -> None:
    Seat.objects.filter(peer=PATIENT).update(state="waiting")
    rows = [
        Seat(
            visit_id=play.visit.id,
            peer=str(n) * 32,
            number=n,
            state="admitted",
            role="relative",
            pass_id=play.guest.id,
        )
        for n in (2, 3, 4)
    ]
    Seat.objects.bulk_create(rows)
    with pytest.raises(Exception, match="consult:full"):
        admit(grant=play.by_host(Action.VISIT_ADMIT), visit=play.visit.id, peer=PATIENT)

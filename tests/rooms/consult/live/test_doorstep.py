"""Before a socket is accepted: where it comes from, who it is, how often it knocks."""

import pytest
from stage.live import Dial, House, Pair, Practice, until
from websockets.exceptions import InvalidStatus

from teleward.consult.live.limits import SOCKETS_PER_HOLDER
from teleward.consult.models import Seat

HOST, PATIENT = "a" * 32, "b" * 32


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:8001", "null", "https://localhost:8000"]
)
def test_a_page_of_another_origin_gets_no_socket(dial: Dial, practice: Practice, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        dial(practice.host_cookie, origin=origin)
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "cookie", ["", "__Host-teleward=guessed", "__Host-visit=guessed", "__Host-visit=a.b", "visit=1; ;=;"]
)
def test_who_is_not_known_is_told_so_and_learns_nothing(dial: Dial, practice: Practice, cookie: str) -> None:
    stranger = dial(cookie)
    assert stranger.code() == 4401
    assert [one["type"] for one in stranger.heard] == ["error"]
    assert stranger.errors() == ["access:sign-in-needed"]
    assert not Seat.objects.exists()


def test_a_pass_opens_no_other_visit(dial: Dial, practice: Practice) -> None:
    assert dial(practice.patient_cookie, visit=practice.book()).code() == 4403


def test_a_visit_that_does_not_exist_is_refused_like_a_foreign_one(dial: Dial, practice: Practice) -> None:
    assert dial(practice.host_cookie, visit=practice.guest_pass).code() == 4403


def test_a_browser_with_both_cookies_says_which_side_it_is(dial: Dial, practice: Practice) -> None:
    both = f"{practice.host_cookie}; {practice.patient_cookie}"
    host, patient = dial(both), dial(both, query="?as=guest")
    host.say("hello", version=1, peer=HOST)
    patient.say("hello", version=1, peer=PATIENT)
    assert host.hear("welcome")["host"] is True
    assert patient.hear("welcome")["host"] is False


def test_the_refusal_is_said_in_the_language_of_the_person(dial: Dial, practice: Practice) -> None:
    patient = dial(practice.patient_cookie + "; teleward-language=de")
    patient.say("admit", peer=HOST)
    assert patient.hear("error")["message"].startswith("Die Nachricht kam im falschen Moment.")
    english = dial(practice.patient_cookie, Accept_Language="fr, en;q=0.5")
    english.say("admit", peer=HOST)
    assert english.hear("error")["message"].startswith("The message came at the wrong moment.")


def test_one_holder_cannot_open_sockets_without_end(dial: Dial, practice: Practice, house: House) -> None:
    sockets = [dial(practice.patient_cookie) for _ in range(SOCKETS_PER_HOLDER)]
    assert dial(practice.patient_cookie).code() == 4429
    host = dial(practice.host_cookie)
    host.say("hello", version=1, peer=HOST)
    host.hear("welcome")
    for socket in sockets:
        socket.connection.close()
    until(lambda: len(house.live.hub.sockets) == 1)


def test_a_hundred_connections_of_one_holder_are_bounded_and_the_call_goes_on(
    pair: Pair, dial: Dial, practice: Practice, house: House
) -> None:
    cookie, _pass = practice.invite("relative", "Tom Weber")
    flood = [dial(cookie) for _ in range(100)]
    assert len(house.live.hub.sockets) <= 2 + SOCKETS_PER_HOLDER
    assert flood[-1].code() == 4429
    pair.host.say("relay", to=PATIENT, id=1, body={"kind": "offer"})
    pair.patient.hear("relay")
    assert house.get("/healthz")[0] == 200

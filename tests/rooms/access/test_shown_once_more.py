"""What weighs much asks for a factor shown a moment ago, and nothing that was typed is lost by it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from fakes.members import PASSWORD, browser_of, joins, practice
from stage.wall import day_there

from teleward.access.models import Deactivation, Patient, Restriction, SafeguardingHold, StaffInvitation
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Callable[[timedelta], None]]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved.shift


@pytest.fixture
def ada() -> Patient:
    return Patient.objects.create(
        id=new_id(), organisation=practice(), given_name="Ada", family_name="Osei", born_on="1961-04-02"
    )


def test_who_took_an_unlocked_desk_changes_nothing_that_weighs_much(
    ada: Patient, clock: Callable[[timedelta], None]
) -> None:
    anna = joins()
    at_admins = browser_of(joins("Ada Leitner", "administrator"))
    at_officers = browser_of(joins("Vera Lind", "privacy-officer"))
    clock(timedelta(minutes=5, seconds=1))
    until = day_there(ahead=9).isoformat()
    tries = (
        (
            at_admins,
            "/staff/invitations/new/",
            {"name": "Me", "email": "me@example.org"},
        ),
        (at_admins, f"/staff/{anna.person.id}/deactivation/", {"reason": "left"}),
        (at_officers, f"/patients/{ada.id}/tier/", {"tier": "restricted", "reason": "request"}),
        (at_officers, f"/patients/{ada.id}/tier/second/", {}),
        (at_officers, f"/patients/{ada.id}/hold/", {"until": until, "words": "Nobody is to hear of this"}),
    )
    for browser, address, typed in tries:
        answer = browser.post(address, typed)
        assert (answer.status_code, answer["X-Problem"]) == (401, "access:confirm-needed"), address
        assert all(
            str(value) in answer.content.decode() for value in typed.values() if isinstance(value, str)
        )
    for kept in (StaffInvitation, Deactivation, Restriction, SafeguardingHold):
        assert not kept.objects.exists()


def test_what_was_typed_goes_on_once_the_factor_is_shown(
    ada: Patient, clock: Callable[[timedelta], None]
) -> None:
    officer = browser_of(joins("Vera Lind", "privacy-officer"))
    clock(timedelta(minutes=6))
    address, typed = f"/patients/{ada.id}/tier/", {"tier": "restricted", "reason": "at-risk"}
    asked = officer.post(address, typed, headers=ENGLISH).content.decode()
    assert 'name="carried-reason" value="at-risk"' in asked
    assert PASSWORD not in asked
    carried = {f"carried-{name}": value for name, value in typed.items()}
    shown = officer.post("/account/unlock/", {"password": PASSWORD, "next": address, **carried})
    assert f'action="{address}" data-goes-on' in shown.content.decode()
    assert officer.post(address, typed).status_code == 302
    assert Restriction.objects.get().reason == "at-risk"


def test_looking_at_what_weighs_much_asks_first_too_and_comes_back(
    ada: Patient, clock: Callable[[timedelta], None]
) -> None:
    officer = browser_of(joins("Vera Lind", "privacy-officer"))
    clock(timedelta(minutes=6))
    address = f"/patients/{ada.id}/tier/"
    asked = officer.get(address)["Location"]
    assert asked.startswith("/account/confirm/?next=")
    assert officer.post("/account/unlock/", {"password": PASSWORD, "next": address})["Location"] == address
    assert officer.get(address).status_code == 200

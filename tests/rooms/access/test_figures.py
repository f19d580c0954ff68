"""The privacy officer's figures are counted when they are asked for, each with both of its counts."""

from datetime import timedelta

import pytest
import time_machine
from fakes.authenticator import ELIGIBLE, PRESENT, VERIFIED
from fakes.members import FIREFOX, Member, browser_of, joins, practice

from teleward.access.grants import Action
from teleward.access.models import BreachedPassword, Deactivation, Person, Session
from teleward.access.operations.people import system_grant
from teleward.access.queries.figures import Figures, figures
from teleward.access.signin.limits import ACCOUNT, RECERTIFICATION, SHARED
from teleward.kernel.clock import now

pytestmark = pytest.mark.django_db
AT = "2027-03-10T10:00:00Z"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1"
CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0"


def shown() -> Figures:
    return figures(grant=system_grant(action=Action.FIGURES_READ, organisation=practice().id))


def counts(name: str) -> tuple[int, int]:
    figure = shown()[name]
    return figure.count, figure.of


def test_shares_are_of_the_staff_who_are_here() -> None:
    anna, boris = joins(), joins("Boris Muster", flags=PRESENT | VERIFIED | ELIGIBLE)
    carla, gone = joins("Carla Neu"), joins("Gerd Fort")
    carla.person.passkeys.all().delete()
    Person.objects.filter(id=boris.person.id).update(password="")
    Deactivation.objects.create(person=gone.person)
    assert (counts("passkey"), counts("device-bound"), counts("passkey-only")) == ((2, 3), (1, 3), (1, 3))
    anna.person.passkeys.update(failures=100)
    assert counts("passkey") == (1, 3), "a passkey that is switched off protects nobody"
    browser_of(anna)
    browser_of(carla, aal=2, method="password")
    assert counts("phishing-resistant") == (1, 2)


def test_a_stolen_password_counts_from_when_it_was_noticed_until_it_is_changed() -> None:
    anna = joins()
    joins("Boris Muster")
    assert counts("stolen-password") == (0, 2)
    row = BreachedPassword.objects.create(person=anna.person)
    assert counts("stolen-password") == (1, 2)
    assert shown()["stolen-password"].since == row.noticed_at
    BreachedPassword.objects.update(changed_at=now())
    assert counts("stolen-password") == (0, 2)


def test_accounts_at_rest_and_roles_overdue_are_counted_to_the_second() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        joins()
        clock.shift(ACCOUNT.unused)
        assert counts("unused") == (0, 1)
        clock.shift(timedelta(seconds=1))
        assert counts("unused") == (1, 1)
        clock.move_to(AT)
        clock.shift(RECERTIFICATION.every + RECERTIFICATION.grace)
        assert counts("overdue") == (0, 1)
        clock.shift(timedelta(seconds=1))
        assert counts("overdue") == (1, 1)


def session(who: Member, begun: int, seen: int, network: int, agent: str = FIREFOX) -> None:
    at, before = now(), list(Session.objects.values_list("id", flat=True))
    browser_of(who, address=f"203.0.113.{network}")
    Session.objects.exclude(id__in=before).update(
        begun_at=at + timedelta(seconds=begun), seen_at=at + timedelta(seconds=seen), user_agent=agent
    )


@pytest.mark.parametrize(
    ("second", "sign"),
    [
        ((100, 600, 2, CHROME), "two-places"),
        ((100, 600, 1, CHROME), ""),
        ((700, 900, 2, CHROME), ""),
        ((100, 600 - 10, 2, PHONE), "switching"),
        ((100, 600 - 11, 2, PHONE), ""),
        ((100, 600, 1, PHONE), ""),
    ],
    ids=["two desks apart", "one network", "one after the other", "a phone at once", "a phone later", "home"],
)
def test_two_at_one_account_leave_a_sign(second: tuple[int, int, int, str], sign: str) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        anna = joins()
        session(anna, 0, 600, 1)
        session(anna, *second)
        clock.shift(timedelta(seconds=1000))
        assert [one.sign for one in shown().shared] == ([sign] if sign else [])
        assert counts("shared-login") == (int(bool(sign)), 1)
        clock.shift(SHARED.looked_back)
        assert shown().shared == ()


def test_the_idle_limits_are_those_in_force() -> None:
    joins()
    limits = {limit.roles: limit.seconds for limit in shown().idle}
    assert limits == {(): 3600, ("administrator", "privacy-officer"): 900}

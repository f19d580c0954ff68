"""Every quarter somebody else looks at each role: what is due, what is overdue, who may say so."""

from datetime import timedelta

import pytest
import time_machine
from fakes.members import browser_of, joins, listening, practice

from teleward.access.grants import Action
from teleward.access.models import Confirmation, LastUse, Role, Session
from teleward.access.operations.forgetting import forget_what_is_over
from teleward.access.operations.people import system_grant
from teleward.access.operations.recertification import end_unconfirmed
from teleward.access.queries.recertification import PersonToConfirm, people_to_confirm
from teleward.access.signin.limits import ACCOUNT, RECERTIFICATION
from teleward.kernel.clock import now

pytestmark = pytest.mark.django_db
AT = "2027-03-10T10:00:00Z"
SECOND = timedelta(seconds=1)


def looked_at(name: str) -> PersonToConfirm:
    grant = system_grant(action=Action.STAFF_RECERTIFY, organisation=practice().id)
    return next(person for person in people_to_confirm(grant=grant) if person.name == name)


def test_a_role_is_due_after_a_quarter_and_overdue_after_the_grace() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        joins()
        for much, state in (
            (timedelta(0), (False, False)),
            (RECERTIFICATION.every - SECOND, (False, False)),
            (RECERTIFICATION.every, (True, False)),
            (RECERTIFICATION.every + RECERTIFICATION.grace, (True, False)),
            (RECERTIFICATION.every + RECERTIFICATION.grace + SECOND, (True, True)),
        ):
            clock.move_to(AT)
            clock.shift(much)
            role = looked_at("Anna Beispiel").roles[0]
            assert (role.is_due, role.is_overdue) == state, much


def test_somebody_else_confirms_and_the_quarter_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        anna, ada, olga = (
            joins(),
            joins("Ada Leitner", "administrator"),
            joins("Olga Schutz", "privacy-officer"),
        )
        clock.shift(RECERTIFICATION.every + RECERTIFICATION.grace + SECOND)
        heard = listening(monkeypatch)
        officer = browser_of(olga)
        page = officer.get("/staff/recertification/", headers={"accept-language": "en"}).content.decode()
        assert "3 people have an overdue role." in page
        role = Role.objects.get(person=anna.person)
        address = f"/staff/{anna.person.id}/roles/{role.id}/confirmation/"
        assert officer.post(address).status_code == 302
        assert "physician" in [entry.detail.get("confirmed") for entry in heard]
        assert not looked_at("Anna Beispiel").is_overdue
        assert looked_at("Ada Leitner").is_overdue
        own = Role.objects.get(person=olga.person)
        assert officer.post(f"/staff/{olga.person.id}/roles/{own.id}/confirmation/").status_code == 409
        assert (
            browser_of(ada).post(f"/staff/{olga.person.id}/roles/{own.id}/confirmation/").status_code == 302
        )
        assert browser_of(anna).post(address).status_code == 403
        clock.shift(RECERTIFICATION.every)
        assert looked_at("Anna Beispiel").roles[0].is_due
    assert Confirmation.objects.filter(person=anna.person).get().confirmed_by == olga.person


def test_who_is_alone_confirms_their_own_roles() -> None:
    ada = joins("Ada Leitner", "administrator")
    role = Role.objects.get()
    assert browser_of(ada).post(f"/staff/{ada.person.id}/roles/{role.id}/confirmation/").status_code == 302


def test_the_privacy_officer_ends_what_nobody_needs_but_never_the_last_administrator() -> None:
    anna, ada = joins(), joins("Ada Leitner", "administrator")
    officer = browser_of(joins("Olga Schutz", "privacy-officer"))
    for who, status in ((anna, 302), (ada, 409)):
        role = Role.objects.get(person=who.person)
        assert officer.post(f"/staff/{who.person.id}/roles/{role.id}/due/end/").status_code == status
    assert Role.objects.exclude(ends_at=None).get().person == anna.person


def test_by_our_policy_nothing_ends_by_itself_and_where_a_policy_says_so_it_does() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        joins()
        joins("Ada Leitner", "administrator")
        clock.shift(RECERTIFICATION.every + RECERTIFICATION.grace + SECOND)
        assert RECERTIFICATION.ends_after_grace is False
        assert end_unconfirmed() == 0
        assert end_unconfirmed(ends=True) == 1
        assert Role.objects.exclude(ends_at=None).get().name == "physician"


def test_the_last_use_stays_known_when_sessions_are_forgotten_and_long_rest_shows() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        anna = joins()
        browser_of(anna)
        seen = now()
        clock.shift(ACCOUNT.unused)
        forget_what_is_over()
        assert not Session.objects.exists()
        assert LastUse.objects.get().seen_at == seen
        assert (looked_at("Anna Beispiel").seen_at, looked_at("Anna Beispiel").is_unused) == (seen, False)
        clock.shift(SECOND)
        assert looked_at("Anna Beispiel").is_unused
        browser_of(anna)
        assert not looked_at("Anna Beispiel").is_unused

"""Roles from day to day, cover by rota, leaving on a known day, family."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from fakes.members import Member, browser_of, joins, listening, practice
from stage.visits import HERE
from stage.wall import day_there

from teleward.access.grants import Action, Refused, Subject, authorise
from teleward.access.models import Cover, Deactivation, Kinship, Patient, PlannedLeaving, Role, Standing
from teleward.access.operations.leaving import end_who_have_left
from teleward.access.operations.people import system_grant
from teleward.access.operations.sessions import COOKIE, actor_of_session
from teleward.access.queries.people import clinicians
from teleward.access.signin.limits import COVER
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
AT = "2027-03-10T10:00:00Z"  # a Wednesday; the practice's clock is an hour ahead


def patient(given: str = "Mia", family: str = "Beispiel") -> Patient:
    return Patient.objects.create(
        organisation=practice(), given_name=given, family_name=family, born_on="2015-05-01"
    )


def roles_of(client: Client) -> frozenset[str]:
    return actor_of_session(secret=client.cookies[COOKIE].value).roles


def appointment(who: Member, of: Patient) -> None:
    Standing.objects.create(
        kind="appointment", source=new_id(), organisation=practice(), patient=of, staff=who.person,
        starts_at=now(), ends_at=now() + timedelta(hours=1),
    )  # fmt: skip


def may_read(client: Client, of: Patient) -> bool:
    actor = actor_of_session(secret=client.cookies[COOKIE].value)
    subject = Subject(kind="Patient", id=of.id, organisation=of.organisation_id, patient=of.id)
    try:
        authorise(actor=actor, action=Action.RECORD_READ, subject=subject, circumstances=HERE)
    except Refused:
        return False
    return True


def test_a_role_counts_from_its_first_day_to_its_last(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins("Anna Beispiel", "reception")
        heard = listening(monkeypatch)
        given = {"role": "nurse", "first": "2027-03-12", "last": "2027-03-13"}
        assert admin.post(f"/staff/{anna.person.id}/roles/new/", given).status_code == 302
        assert [entry.detail.get("gave") for entry in heard if entry.outcome == "done"] == ["nurse"]
        assert Role.objects.get(name="nurse").given_by.name == "Ada Leitner"
        for moment, roles in (
            ("2027-03-11T22:59:00Z", {"reception"}),
            ("2027-03-11T23:01:00Z", {"reception", "nurse"}),
            ("2027-03-13T22:59:00Z", {"reception", "nurse"}),
            ("2027-03-13T23:01:00Z", {"reception"}),
        ):
            clock.move_to(moment)
            assert roles_of(browser_of(anna)) == roles, moment


def test_a_role_that_was_ended_closes_the_next_page_and_can_be_given_again() -> None:
    admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins("Anna Beispiel", "physician")
    client, role = browser_of(anna), Role.objects.get(name="physician")
    assert admin.get(f"/staff/{anna.person.id}/roles/{role.id}/end/").status_code == 200
    assert admin.post(f"/staff/{anna.person.id}/roles/{role.id}/end/").status_code == 302
    assert roles_of(client) == frozenset()
    role.refresh_from_db()
    assert role.ended_by.name == "Ada Leitner"
    given = {"role": "physician", "first": day_there().isoformat()}
    assert admin.post(f"/staff/{anna.person.id}/roles/new/", given).status_code == 302
    assert roles_of(client) == {"physician"}
    assert admin.post(f"/staff/{anna.person.id}/roles/new/", given).status_code == 409
    assert Role.objects.filter(name="physician").count() == 2


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"role": "superuser", "first": "2027-03-10"}, 400),
        ({"role": "nurse", "first": "tomorrow"}, 400),
        ({"role": "nurse", "first": "2027-03-12", "last": "2027-03-11"}, 400),
        ({"role": "nurse", "first": "2027-03-01", "last": "2027-03-02"}, 400),
    ],
)
def test_dates_and_roles_that_cannot_be_are_refused_with_the_form(given: dict[str, str], status: int) -> None:
    with time_machine.travel(AT, tick=False):
        admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins()
        answer = admin.post(f"/staff/{anna.person.id}/roles/new/", given)
        assert answer.status_code == status
        assert "tw-notice" in answer.content.decode()
        assert Role.objects.count() == 2


def test_the_last_administrator_can_neither_lose_the_role_nor_plan_to_leave() -> None:
    ada = joins("Ada Leitner", "administrator")
    admin, role = browser_of(ada), Role.objects.get()
    later = day_there(ahead=9).isoformat()
    for last in ("", later):
        assert admin.post(f"/staff/{ada.person.id}/roles/{role.id}/end/", {"last": last}).status_code == 409
    plan = {"last": later, "reason": "moves away"}
    assert admin.post(f"/staff/{ada.person.id}/leaving/", plan).status_code == 409
    other = joins("Bea Neu", "administrator")
    Role.objects.filter(person=other.person).update(ends_at=now() + timedelta(days=1))
    assert admin.post(f"/staff/{ada.person.id}/leaving/", plan).status_code == 409, "the other one ends too"
    Role.objects.filter(person=other.person).update(ends_at=None)
    assert admin.post(f"/staff/{ada.person.id}/leaving/", plan).status_code == 302
    assert (
        browser_of(other)
        .post(f"/staff/{other.person.id}/roles/{Role.objects.get(person=other.person).id}/end/")
        .status_code
        == 409
    )


def test_somebody_who_leaves_is_out_at_that_very_moment_although_no_job_runs() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins()
        plan = {"last": "2027-03-10", "reason": "has left the practice"}
        assert admin.post(f"/staff/{anna.person.id}/leaving/", plan).status_code == 302
        clock.move_to("2027-03-10T22:59:58Z")
        client = browser_of(anna)
        assert client.get("/account/").status_code == 200
        clock.move_to("2027-03-10T23:00:00Z")
        assert client.get("/account/").status_code == 401
        with pytest.raises(Exception, match="no-match"):
            browser_of(anna)
        assert not Deactivation.objects.exists()


def test_the_job_closes_what_is_still_open_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "teleward.access.operations.deactivation.notify", lambda topic, **_ids: told.append(topic)
    )
    with time_machine.travel(AT, tick=False) as clock:
        admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins()
        admin.post(f"/staff/{anna.person.id}/leaving/", {"last": "2027-03-10", "reason": "moves away"})
        assert end_who_have_left() == 0
        clock.move_to("2027-03-10T23:00:30Z")
        assert end_who_have_left() == 1
        assert end_who_have_left() == 0
    assert told == ["person-deactivated"]
    assert (Deactivation.objects.get().reason, Deactivation.objects.get().by) == ("moves away", None)


def test_somebody_may_stay_after_all() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins()
        admin.post(f"/staff/{anna.person.id}/leaving/", {"last": "2027-03-10", "reason": "moves away"})
        assert "moves away" in admin.get(f"/staff/{anna.person.id}/").content.decode()
        assert admin.post(f"/staff/{anna.person.id}/leaving/cancellation/").status_code == 302
        assert not PlannedLeaving.objects.exists()
        clock.move_to("2027-03-11T10:00:00Z")
        assert browser_of(anna).get("/account/").status_code == 200


def test_cover_opens_a_colleagues_patients_for_its_days_only() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        admin, anna, boris = (
            browser_of(joins("Ada Leitner", "administrator")), joins(), joins("Boris Muster"),
        )  # fmt: skip
        mia = patient()
        appointment(anna, mia)
        assert not may_read(browser_of(boris), mia)
        given = {"by": str(boris.person.id), "first": "2027-03-11", "last": "2027-03-11"}
        assert admin.post(f"/staff/{anna.person.id}/cover/new/", given).status_code == 302
        assert not may_read(browser_of(boris), mia)
        clock.move_to("2027-03-11T10:00:00Z")
        client = browser_of(boris)
        assert may_read(client, mia)
        cover = Cover.objects.get()
        assert browser_of(anna).post(f"/staff/{anna.person.id}/cover/{cover.id}/end/").status_code == 403
        admin = browser_of(joins("Ida Leitner", "administrator"))
        assert admin.post(f"/staff/{anna.person.id}/cover/{cover.id}/end/").status_code == 302
        clock.shift(timedelta(seconds=1))
        assert not may_read(client, mia)


def test_cover_is_for_people_who_treat_and_for_a_time() -> None:
    admin, anna, desk = (
        browser_of(joins("Ada Leitner", "administrator")), joins(), joins("Dora Empfang", "reception"),
    )  # fmt: skip
    day, address = day_there(), f"/staff/{anna.person.id}/cover/new/"
    last = (day + timedelta(days=COVER.longest.days + 1)).isoformat()
    boris = joins("Boris Muster")
    for by, until, status in (
        (desk, day.isoformat(), 400), (anna, day.isoformat(), 400), (boris, last, 400),
    ):  # fmt: skip
        wish = {"by": str(by.person.id), "first": day.isoformat(), "last": until}
        assert admin.post(address, wish).status_code == status
    assert not Cover.objects.exists()


def test_a_named_relatives_record_closes_and_the_answer_is_the_same_for_a_stranger() -> None:
    anna, mia = joins(), patient()
    client = browser_of(anna)
    appointment(anna, mia)
    assert may_read(client, mia)
    told = {"family_name": " beispiel", "born_on": "2015-05-01", "relation": "child"}
    known = client.post("/account/family/", told | {"given_name": "mia"})
    stranger = client.post("/account/family/", told | {"given_name": "Nobody"})
    assert known.status_code == stranger.status_code == 200
    assert len(known.content) == len(stranger.content)
    assert not may_read(client, mia)
    assert Kinship.objects.get().told_by == anna.person


def test_only_the_privacy_officer_takes_a_kinship_back_and_never_their_own() -> None:
    anna, officer, mia = joins(), joins("Olga Schutz", "privacy-officer"), patient()
    client = browser_of(officer)
    told = {"given_name": "Mia", "family_name": "Beispiel", "born_on": "2015-05-01", "relation": "other"}
    assert client.post(f"/staff/{anna.person.id}/family/new/", told).status_code == 200
    assert client.post("/account/family/", told).status_code == 200
    theirs, own = Kinship.objects.get(person=anna.person), Kinship.objects.get(person=officer.person)
    assert browser_of(anna).post(f"/staff/family/{theirs.id}/removal/").status_code == 403
    assert client.post(f"/staff/family/{own.id}/removal/").status_code == 404
    assert mia.given_name in client.get("/staff/family/").content.decode()
    assert client.post(f"/staff/family/{theirs.id}/removal/").status_code == 302
    assert list(Kinship.objects.values_list("person", flat=True)) == [officer.person.id]


def test_a_change_asks_for_a_fresh_passkey_a_password_will_not_do() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        ada, anna = joins("Ada Leitner", "administrator"), joins()
        admin = browser_of(ada)
        given = {"role": "nurse", "first": "2027-03-10"}
        clock.shift(timedelta(minutes=6))
        asked = admin.post(f"/staff/{anna.person.id}/roles/new/", given)
        assert asked["X-Problem"] == "access:confirm-needed"
        weak = browser_of(ada, aal=2, method="password")
        answer = weak.post(f"/staff/{anna.person.id}/roles/new/", given, headers={"accept-language": "en"})
        assert answer.status_code == 403
        assert "passkey" in answer.content.decode()
        assert weak.post(f"/staff/{anna.person.id}/deactivation/", {"reason": "x"}).status_code == 403
        assert weak.get("/staff/").status_code == 200
        assert Role.objects.count() == 2


def test_nobody_of_another_practice_reaches_any_of_it() -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    stranger = joins("Fremd Nebenan")
    other = type(practice()).objects.create(name="Nebenan", short_name="Nebenan")
    type(stranger.person).objects.filter(id=stranger.person.id).update(organisation=other)
    for page in ("", "roles/new/", "leaving/", "cover/new/"):
        assert admin.get(f"/staff/{stranger.person.id}/{page}").status_code == 403


def test_who_no_longer_treats_is_offered_for_no_appointment() -> None:
    anna, boris = joins(), joins("Boris Muster")
    Role.objects.filter(person=boris.person).update(ends_at=now())
    Role.objects.create(person=boris.person, name="reception")
    grant = system_grant(action=Action.VISIT_LIST, organisation=practice().id)
    assert [one.id for one in clinicians(grant=grant)] == [anna.person.id]


def test_nobody_gives_rights_to_themself_while_another_administrator_could() -> None:
    ada = joins("Ada Leitner", "administrator", "physician")
    client, anna = browser_of(ada), joins("Anna Beispiel", "physician")
    role = {"role": "privacy-officer", "first": day_there().isoformat(), "last": ""}
    days = {"first": day_there().isoformat(), "last": day_there().isoformat()}
    assert client.post(f"/staff/{ada.person.id}/roles/new/", role).status_code == 302
    joins("Ben Zweiter", "administrator")
    alone = client.post(f"/staff/{ada.person.id}/roles/new/", {**role, "role": "nurse"})
    cover = client.post(f"/staff/{anna.person.id}/cover/new/", {**days, "by": str(ada.person.id)})
    assert (alone.status_code, cover.status_code) == (403, 403)
    assert not Cover.objects.exists()
    assert not Role.objects.filter(person=ada.person, name="nurse").exists()

"""The end of a person's access, and the one-time links of the server's own terminal."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from fakes.members import Member, browser_of, joins, listening

from teleward.access.grants import Action, Subject
from teleward.access.models import Deactivation, OneTimeLink, Session
from teleward.access.operations.one_time_links import issue_one_time_link
from teleward.access.operations.people import system_grant
from teleward.kernel.clock import now

pytestmark = pytest.mark.django_db


def link_for(member: Member) -> str:
    person = member.person
    subject = Subject(kind="Person", id=person.id, organisation=person.organisation_id)
    grant = system_grant(action=Action.SIGN_IN, organisation=person.organisation_id, subject=subject)
    return issue_one_time_link(grant=grant, person=person.id).removeprefix("http://localhost:8000")


def test_an_administrator_ends_a_colleagues_access_everywhere_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins()
    first, second = browser_of(anna), browser_of(anna)
    told: list[tuple[str, dict[str, UUID]]] = []
    for module in ("sessions", "deactivation"):
        monkeypatch.setattr(
            f"teleward.access.operations.{module}.notify", lambda topic, **ids: told.append((topic, ids))
        )
    address = f"/staff/{anna.person.id}/deactivation/"
    assert "Anna Beispiel" in admin.get(address).content.decode()
    assert admin.post(address, {"reason": "has left the practice"}).status_code == 302
    assert (first.get("/account/").status_code, second.get("/account/").status_code) == (401, 401)
    assert Deactivation.objects.get().reason == "has left the practice"
    assert sorted(topic for topic, _ids in told) == ["person-deactivated", "session-ended", "session-ended"]
    assert admin.get("/staff/").status_code == 200


def test_a_deactivation_says_why() -> None:
    admin, anna = browser_of(joins("Ada Leitner", "administrator")), joins()
    assert admin.post(f"/staff/{anna.person.id}/deactivation/", {"reason": " "}).status_code == 400
    assert not Deactivation.objects.exists()


def test_the_last_administrator_stays() -> None:
    ada = joins("Ada Leitner", "administrator")
    answer = browser_of(ada).post(f"/staff/{ada.person.id}/deactivation/", {"reason": "tired"})
    assert answer.status_code == 409
    assert not Deactivation.objects.exists()


def test_only_an_administrator_ends_access() -> None:
    anna, boris = joins(), joins("Boris Muster")
    assert (
        browser_of(anna).post(f"/staff/{boris.person.id}/deactivation/", {"reason": "x"}).status_code == 403
    )
    assert not Deactivation.objects.exists()


def test_a_one_time_link_signs_in_once_from_this_machine() -> None:
    link, client = link_for(joins()), Client()
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == "/"
    session = Session.objects.get()
    assert (session.aal, session.method) == (2, "link")
    assert client.get("/account/").status_code == 200
    assert Client().post(link).status_code == 410
    assert Client().get(link).status_code == 410


def test_a_one_time_link_does_not_work_from_elsewhere_and_is_not_used_up_by_trying() -> None:
    link = link_for(joins())
    elsewhere = Client(REMOTE_ADDR="192.0.2.10")
    assert (elsewhere.get(link).status_code, elsewhere.post(link).status_code) == (410, 410)
    assert Client(REMOTE_ADDR="::1").post(link).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(599, 302), (601, 410)])
def test_a_one_time_link_lasts_ten_minutes(seconds: int, status: int) -> None:
    link = link_for(joins())
    with time_machine.travel(now() + timedelta(seconds=seconds), tick=False):
        assert Client().post(link).status_code == status


def test_the_link_itself_is_not_kept() -> None:
    token = link_for(joins()).split("/")[-2]
    assert token not in str(OneTimeLink.objects.get().__dict__)


def test_sign_in_and_refusal_are_in_the_ledger_without_what_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna = joins()
    heard = listening(monkeypatch)
    Client(REMOTE_ADDR="192.0.2.10").post(
        "/sign-in/", {"email": anna.person.email, "password": "geheimes Wort"}
    )
    Client(REMOTE_ADDR="192.0.2.10").post("/sign-in/", {"email": "stranger@x.example", "password": "geheim"})
    Client().post(link_for(anna))
    begun = [entry for entry in heard if entry.action == "access:session:begin"]
    refused = [entry for entry in begun if entry.outcome == "deny"]
    assert [entry.subject_id for entry in refused] == [anna.person.id, None]
    assert {entry.client_address for entry in refused} == {"192.0.2.10"}
    assert begun[-1].outcome == "allow"
    assert begun[-1].actor_id == anna.person.id
    assert "geheim" not in str(heard)
    assert "stranger" not in str(heard)

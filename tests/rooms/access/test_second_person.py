"""A closed record takes two people: who is asked, how they hear of it, and what they see afterwards."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from fakes.members import ask, browser_of, joins, practice
from stage.deliveries import deliver_all

from teleward.access.models import BrokenGlass, Patient, Restriction
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
WORDS = "Found unconscious in our waiting room"


@pytest.fixture
def asker() -> Client:
    """A doctor who has just asked for a closed record; another doctor, an officer and the desk are there."""
    officer, other = joins("Vera Lind", "privacy-officer").person, joins("Boris Muster").person
    joins("Olaf Brandt", "reception")
    closed = Patient.objects.create(
        id=new_id(), organisation=practice(), given_name="Ifeoma", family_name="Okafor", born_on="1988-02-29"
    )
    Restriction.objects.create(
        patient=closed, tier="closed", reason="at-risk", set_by=officer, seconded_by=other, seconded_at=now()
    )
    member = joins()
    client = browser_of(member)
    question = ask(client, "/account/unlock/question/").json()
    ask(client, "/account/unlock/", {"credential": member.key.touch(question)})
    said = {"code": "unconscious", "words": WORDS}
    assert client.post(f"/patients/{closed.id}/emergency/", said).status_code == 302
    return client


@pytest.fixture
def glass(asker: Client) -> BrokenGlass:
    return BrokenGlass.objects.get()


def test_those_who_may_agree_get_a_letter_that_names_nobody(glass: BrokenGlass, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    deliver_all(Event.GLASS_ASKED, glass=glass.id)
    assert {letter.to[0] for letter in mail.outbox} == {"vera@praxis.example", "boris@praxis.example"}
    told = " ".join(f"{letter.subject} {letter.body}" for letter in mail.outbox)
    assert f"/emergencies/{glass.id}/second/" in told
    assert [word for word in ("Okafor", "Ifeoma", "Anna", "unconscious") if word in told] == []


def test_the_one_who_asked_sees_how_it_stands_and_nobody_else_does(asker: Client, glass: BrokenGlass) -> None:
    address = f"/emergencies/{glass.id}/state/"
    english = {"accept-language": "en"}
    assert "Nobody has answered yet" in asker.get(address, headers=english).content.decode()
    assert browser_of(joins("Carla Neu")).get(address).status_code == 404
    assert asker.post(f"/emergencies/{glass.id}/end/").status_code == 200
    assert "The request is over" in asker.get(address, headers=english).content.decode()


def test_what_was_asked_for_is_not_shown_once_it_is_over(asker: Client, glass: BrokenGlass) -> None:
    asker.post(f"/emergencies/{glass.id}/end/")
    answer = browser_of(joins("Carla Neu")).get(f"/emergencies/{glass.id}/second/")
    assert answer.status_code == 409
    assert [word for word in ("Okafor", WORDS) if word in answer.content.decode()] == []


def test_the_line_at_the_top_is_for_those_who_may_agree(asker: Client, glass: BrokenGlass) -> None:
    seen = {
        role: f"/emergencies/{glass.id}/second/"
        in browser_of(joins(f"{role.title()} Neu", role)).get("/emergencies/waiting/").content.decode()
        for role in ("physician", "privacy-officer", "nurse", "reception")
    }
    assert seen == {"physician": True, "privacy-officer": True, "nurse": False, "reception": False}
    assert f"/emergencies/{glass.id}/" not in asker.get("/emergencies/waiting/").content.decode()

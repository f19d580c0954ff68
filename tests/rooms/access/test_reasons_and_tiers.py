"""One line instead of a block; records that are kept closer; word that two people hold back."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from fakes.members import browser_of, joins, practice
from stage.wall import PLACE, day_there

from teleward.access.models import Patient, Restriction, SafeguardingHold, Session, TypedReason
from teleward.access.queries.safeguards import held_until
from teleward.access.queries.tiers import tier_of
from teleward.audit.queries.chains import of_patient
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
LINE = "She rang about a letter from the hospital"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def ada() -> Patient:
    return Patient.objects.create(
        id=new_id(), organisation=practice(), given_name="Ada", family_name="Osei", born_on="1961-04-02"
    )


def page(who: Patient) -> str:
    return f"/patients/{who.id}/"


def reason(who: Patient) -> str:
    return f"/patients/{who.id}/reason/"


def gives(client: Client, who: Patient, line: str = LINE) -> object:
    return client.post(reason(who), {"words": line, "next": page(who)})


def test_an_entry_that_nothing_explains_asks_for_one_line_and_shows_no_byte(ada: Patient) -> None:
    answer = browser_of(joins()).get(page(ada), headers=ENGLISH)
    assert (answer.status_code, answer["X-Problem"]) == (403, "access:reason-needed")
    body = answer.content.decode()
    assert f'action="{reason(ada)}"' in body
    assert f'name="next" value="{page(ada)}"' in body
    assert "Osei" not in body
    assert "1961" not in body


def test_after_one_line_the_same_page_opens_and_asks_no_more_that_day(ada: Patient) -> None:
    client = browser_of(joins())
    answer = gives(client, ada)
    assert (answer.status_code, answer["Location"]) == (302, page(ada))
    for _ in range(3):
        assert client.get(page(ada)).status_code == 200
    assert of_patient(patient=ada.id)[0].facts["policy"] == "p-reason"
    assert TypedReason.objects.count() == 1


def test_the_reason_opens_no_notes_and_the_page_asks_for_none_by_itself(ada: Patient) -> None:
    client = browser_of(joins())
    gives(client, ada)
    body = client.get(page(ada), headers=ENGLISH).content.decode()
    assert f"/patients/{ada.id}/notes/" not in body
    assert f"/patients/{ada.id}/emergency/" in body
    assert client.get(f"/patients/{ada.id}/notes/")["X-Problem"] == "access:glass-needed"


def test_the_reason_is_kept_sealed_and_is_not_in_the_ledger(ada: Patient) -> None:
    gives(browser_of(joins()), ada)
    assert LINE.encode() not in bytes(TypedReason.objects.get().words)
    assert LINE not in str([entry.body for entry in of_patient(patient=ada.id)])


@pytest.mark.parametrize("line", ["", "   ", "ok", "x" * 201])
def test_an_empty_line_opens_nothing(ada: Patient, line: str) -> None:
    client = browser_of(joins())
    assert gives(client, ada, line).status_code == 422  # type: ignore[attr-defined]  # a response
    assert client.get(page(ada)).status_code == 403


def test_the_reason_is_good_for_this_person_this_session_and_this_patient(ada: Patient) -> None:
    member, other = joins(), joins("Boris Muster")
    client = browser_of(member)
    gives(client, ada)
    for elsewhere in (browser_of(member), browser_of(other)):
        assert elsewhere.get(page(ada)).status_code == 403


def test_the_reason_is_over_after_twelve_hours(ada: Patient) -> None:
    at = now()
    with time_machine.travel(at, tick=False):
        client = browser_of(joins())
        gives(client, ada)
    with time_machine.travel(at + timedelta(hours=12, minutes=1), tick=False):
        Session.objects.update(begun_at=now(), seen_at=now(), authenticated_at=now())
        assert client.get(page(ada)).status_code == 403


def test_a_reason_does_not_open_a_restricted_record(ada: Patient) -> None:
    client = browser_of(joins())
    gives(client, ada)
    officer = joins("Vera Lind", "privacy-officer").person
    Restriction.objects.create(patient=ada, tier="restricted", reason="known", set_by=officer)
    assert client.get(page(ada))["X-Problem"] == "access:glass-needed"


def test_the_privacy_officer_keeps_a_record_closer_and_lifts_it_and_both_are_written_down(
    ada: Patient,
) -> None:
    officer = browser_of(joins("Vera Lind", "privacy-officer"))
    address = f"/patients/{ada.id}/tier/"
    assert officer.post(address, {"tier": "restricted", "reason": "request"}).status_code == 302
    assert tier_of(patient=ada.id) == "restricted"
    assert "Osei" in officer.get("/tiers/").content.decode()
    assert officer.post(address, {"do": "lift"}).status_code == 302
    assert tier_of(patient=ada.id) == "normal"
    changes = [
        e.facts["detail"].get("tier") for e in of_patient(patient=ada.id) if "tier" in e.facts["detail"]
    ]
    assert changes == ["normal", "restricted"]
    row = Restriction.objects.get()
    assert (row.reason, row.set_by.name, row.lifted_by.name) == ("request", "Vera Lind", "Vera Lind")


def test_closing_takes_a_second_person_and_until_then_it_is_restricted(ada: Patient) -> None:
    officer, doctor = browser_of(joins("Vera Lind", "privacy-officer")), browser_of(joins())
    officer.post(f"/patients/{ada.id}/tier/", {"tier": "closed", "reason": "at-risk"})
    assert tier_of(patient=ada.id) == "restricted"
    assert officer.post(f"/patients/{ada.id}/tier/second/").status_code == 403
    assert f"/patients/{ada.id}/tier/second/" in doctor.get("/emergencies/waiting/").content.decode()
    assert doctor.post(f"/patients/{ada.id}/tier/second/").status_code == 200
    assert tier_of(patient=ada.id) == "closed"
    officer.post(f"/patients/{ada.id}/tier/", {"tier": "closed", "reason": "request"})
    assert tier_of(patient=ada.id) == "closed"


@pytest.mark.parametrize("role", ["physician", "reception", "administrator"])
def test_nobody_else_decides_how_a_record_is_kept(ada: Patient, role: str) -> None:
    client = browser_of(joins("Anna Beispiel", role))
    assert (
        client.post(f"/patients/{ada.id}/tier/", {"tier": "restricted", "reason": "request"}).status_code
        == 403
    )
    assert client.get("/tiers/").status_code == 403
    assert not Restriction.objects.exists()


def test_word_is_held_back_by_two_people_until_a_day_and_one_lets_it_go(ada: Patient) -> None:
    one, two = (browser_of(joins(name, "privacy-officer")) for name in ("Vera Lind", "Walter Amt"))
    until = day_there(ahead=10)
    said = {"until": until.isoformat(), "words": "Her letters are opened by somebody else"}
    assert one.post(f"/patients/{ada.id}/hold/", said).status_code == 302
    assert held_until(patient=ada.id) is None
    address = f"/patients/{ada.id}/hold/{SafeguardingHold.objects.get().id}/"
    assert one.post(address).status_code == 403
    assert two.post(address).status_code == 302
    held = held_until(patient=ada.id)
    assert held is not None
    assert held == datetime.combine(until + timedelta(days=1), time(), PLACE)
    steps = [e.facts["detail"]["step"] for e in of_patient(patient=ada.id) if "step" in e.facts["detail"]]
    assert steps == ["confirmed", "asked"]
    assert one.post(address, {"do": "lift"}).status_code == 302
    assert held_until(patient=ada.id) is None


@pytest.mark.parametrize("days", [-1, 91])
def test_word_is_not_held_back_without_an_end_within_ninety_days(ada: Patient, days: int) -> None:
    client = browser_of(joins("Vera Lind", "privacy-officer"))
    said = {
        "until": day_there(ahead=days).isoformat(),
        "words": "Her letters are opened by somebody else",
    }
    assert client.post(f"/patients/{ada.id}/hold/", said).status_code == 422
    assert not SafeguardingHold.objects.exists()

"""What two people closed, one alone does not open again."""

import pytest
from django.test import Client
from fakes.members import browser_of, joins, practice

from teleward.access.models import Loosening, Patient, Restriction
from teleward.access.queries.tiers import tier_of
from teleward.audit.queries.chains import of_patient
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
LESS = {"normal": {"do": "lift"}, "restricted": {"tier": "restricted", "reason": "request"}}


@pytest.fixture
def ada() -> Patient:
    """Her record was closed by two people, both long gone home."""
    ada = Patient.objects.create(
        id=new_id(), organisation=practice(), given_name="Ada", family_name="Osei", born_on="1961-04-02"
    )
    first, second = (joins(name, "privacy-officer").person for name in ("Uwe Amt", "Walter Amt"))
    Restriction.objects.create(
        patient=ada, tier="closed", reason="at-risk", set_by=first, seconded_by=second, seconded_at=now()
    )
    return ada


@pytest.fixture
def officer() -> Client:
    return browser_of(joins("Vera Lind", "privacy-officer"))


def tier(ada: Patient) -> str:
    return f"/patients/{ada.id}/tier/"


def answer(browser: Client, ada: Patient, says: str) -> int:
    asked = {"loosening": str(Loosening.objects.get(answered_at=None).id), "answer": says}
    return browser.post(f"{tier(ada)}second/", asked).status_code


@pytest.mark.parametrize("wanted", LESS)
def test_one_privacy_officer_alone_does_not_lift_what_two_closed(
    ada: Patient, officer: Client, wanted: str
) -> None:
    officer.post(tier(ada), LESS[wanted])
    assert tier_of(patient=ada.id) == "closed"
    assert "Vera Lind" in officer.get(tier(ada), headers=ENGLISH).content.decode()
    assert "stays closed" in officer.get(tier(ada), headers=ENGLISH).content.decode()
    assert answer(officer, ada, "agree") == 403
    officer.post(tier(ada), LESS["normal"])
    officer.post(tier(ada), LESS["restricted"])
    assert tier_of(patient=ada.id) == "closed"
    assert Loosening.objects.count() == 1


@pytest.mark.parametrize("wanted", LESS)
def test_a_second_person_is_shown_it_agrees_and_then_it_is_so(
    ada: Patient, officer: Client, wanted: str
) -> None:
    doctor = browser_of(joins())
    officer.post(tier(ada), LESS[wanted])
    assert f"{tier(ada)}second/" in doctor.get("/emergencies/waiting/").content.decode()
    assert f"{tier(ada)}second/" not in officer.get("/emergencies/waiting/").content.decode()
    shown = doctor.get(f"{tier(ada)}second/", headers=ENGLISH).content.decode()
    assert "Vera Lind" in shown
    assert answer(doctor, ada, "agree") == 200
    assert tier_of(patient=ada.id) == wanted
    assert Loosening.objects.get().answered_by_id != Loosening.objects.get().asked_by_id
    said = [e.facts["detail"] for e in of_patient(patient=ada.id)]
    assert [d["asked"] for d in said if "asked" in d] == [wanted]
    assert [d["tier"] for d in said if "tier" in d] == [wanted]


def test_who_does_not_agree_leaves_it_closed_and_it_may_be_taken_back(ada: Patient, officer: Client) -> None:
    doctor = browser_of(joins())
    officer.post(tier(ada), LESS["normal"])
    assert answer(doctor, ada, "decline") == 200
    assert tier_of(patient=ada.id) == "closed"
    officer.post(tier(ada), LESS["normal"])
    officer.post(tier(ada), {"do": "keep"})
    assert not Loosening.objects.filter(answered_at=None).exists()
    assert doctor.post(f"{tier(ada)}second/", {"loosening": "no id", "answer": "agree"}).status_code == 404
    assert tier_of(patient=ada.id) == "closed"


def test_who_agreed_to_one_wish_has_not_agreed_to_the_next(ada: Patient, officer: Client) -> None:
    doctor = browser_of(joins())
    officer.post(tier(ada), LESS["restricted"])
    read = str(Loosening.objects.get().id)
    officer.post(tier(ada), {"do": "keep"})
    officer.post(tier(ada), LESS["normal"])
    assert doctor.post(f"{tier(ada)}second/", {"loosening": read, "answer": "agree"}).status_code == 404
    assert doctor.post(f"{tier(ada)}second/").status_code == 404
    assert tier_of(patient=ada.id) == "closed"

"""Above a page stands the name its reader knows: to patients their practice, to the staff Teleward."""

import re

import pytest
from django.test import Client
from fakes.members import browser_of, joins, practice

from teleward.access.models import Patient
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
BRAND = re.compile(r'class="tw-brand".*?>([^<>]+)</(?:a|span)>', re.DOTALL)
TITLE = re.compile(r"<title>.*· (.+?)</title>", re.DOTALL)


@pytest.fixture
def patients_browser() -> Client:
    known = {"given_name": "Ada", "family_name": "Ebbing", "born_on": "1960-05-01", "id": new_id()}
    member = joins("Ada Ebbing")
    member.person.roles.all().delete()
    Patient.objects.create(organisation=practice(), person=member.person, **known)
    return browser_of(member)


def named(client: Client, address: str) -> set[str]:
    """What stands above the page and in the browser's tab."""
    page = client.get(address, headers={"accept": "text/html"}).content.decode()
    return {found.strip() for kind in (BRAND, TITLE) for found in kind.findall(page)}


def test_a_patient_reads_the_name_of_their_practice_also_where_something_went_wrong(
    patients_browser: Client,
) -> None:
    for address in ("/window/", "/window/readings/", "/protection/", "/nowhere/", "/patients/"):
        assert named(patients_browser, address) == {"Lindenhof"}, address


def test_a_patient_reads_at_the_foot_what_the_page_runs_on(patients_browser: Client) -> None:
    assert "Teleward" in patients_browser.get("/window/").content.decode().partition("<footer")[2]


def test_the_staff_read_teleward(patients_browser: Client) -> None:
    del patients_browser
    assert named(browser_of(joins("Boris Muster")), "/patients/") == {"Teleward"}


def test_before_signing_in_the_only_practice_is_named_and_none_of_several() -> None:
    practice()
    assert named(Client(), "/sign-in/") == {"Lindenhof"}
    type(practice()).objects.create(short_name="Am Wall", name="Praxis am Wall", language="de")
    assert named(Client(), "/sign-in/") == {"Teleward"}

"""Devices at home: the page of the practice and the page of the patient."""

import re
from uuid import UUID

import pytest
from joserfc.jwk import ECKey
from stage.everybody import House, everybody

from teleward.access.grants import Circumstances
from teleward.devices.operations.pairing import Claim, claim
from teleward.kernel.ids import new_id

HERE = Circumstances(request_id="r", client_address="203.0.113.9", via="api")


@pytest.fixture
def house(db: None) -> House:
    return everybody()


def claimed(page: str) -> UUID:
    """A gateway types the code that stands on the page."""
    found = re.search(r'class="tw-words">([0-9A-Z]{5} [0-9A-Z]{5})<', page)
    assert found is not None
    key = ECKey.generate_key("P-256", private=True).as_dict(private=False)
    said = Claim(code=found[1], public_key=key, name="Küche", software="teleward-gateway 1")
    return claim(said=said, circumstances=HERE)


@pytest.mark.parametrize(
    ("who", "address"), [("host", "/devices/patients/{patient}/pairings/"), ("patient", "/window/devices/")]
)
def test_a_code_is_shown_once_a_gateway_stands_in_the_list_and_can_be_ended(
    house: House, who: str, address: str
) -> None:
    browser, place = house.browsers[who](), address.format(**house.ids)
    whom = {"loaded_for": house.ids["patient"]}
    shown = browser.post(place, whom).content.decode()
    assert "<svg" in shown
    pairing = claimed(shown)
    page = browser.get(place).content.decode()
    assert "Küche" in page
    assert "tw-words" not in page
    assert browser.post(f"{place}{pairing}/end/", whom).status_code == 302
    after = browser.get(place).content.decode()
    assert f"{pairing}/end/" not in after
    assert "Küche" in after


def test_a_form_that_was_opened_for_somebody_else_makes_no_code(house: House) -> None:
    address = f"/devices/patients/{house.ids['patient']}/pairings/"
    answer = house.browsers["host"]().post(address, {"loaded_for": str(new_id())})
    assert answer.status_code == 409


def test_nobody_ends_what_is_not_of_the_patient_of_the_page(house: House) -> None:
    answer = house.browsers["patient"]().post(f"/window/devices/{new_id()}/end/")
    assert answer.status_code == 404

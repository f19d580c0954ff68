"""Where a practice shows roles, no page that a patient reads names who works there."""

from datetime import timedelta

import pytest
from django.db import transaction
from laws.houses import house
from laws.test_roles_meet_urls import addresses, told
from stage.everybody import House

from teleward.access.models import BrokenGlass, NamingRule, Person
from teleward.kernel.clock import now

__all__ = ["house"]
STAFF = ("Novák", "Wei Chen", "Olaf Brandt")
READERS = ("patient", "proxy", "guest")
SAY_NAMES = {  # where a patient does read them, if the practice shows names
    "/window/",
    "/window/accesses/",
    "/window/emergencies/",
    "/visit/receipt/",
}


@pytest.mark.parametrize("shown", ["names", "roles"])
def test_a_patients_pages_say_names_or_roles_as_the_practice_decided(house: House, shown: str) -> None:
    doctor = Person.objects.get(name="Dr. Jana Novák")
    NamingRule.objects.create(organisation=doctor.organisation, shows=shown, by=doctor)
    at = now()
    BrokenGlass.objects.update(opened_at=at, ends_at=at + timedelta(hours=1))
    only = SAY_NAMES if shown == "names" else None  # all of them with names: test_roles_meet_urls.py
    found = {path for who in READERS for path in naming_somebody(house, who, only)}
    if shown == "roles":
        assert found == set()
    else:
        assert found == SAY_NAMES


def naming_somebody(house: House, who: str, only: set[str] | None = None) -> set[str]:
    """The addresses, of all or of these, at which this reader reads the name of somebody who works here."""
    found = set()
    for address in addresses(house.ids):
        if only is not None and address.path not in only:
            continue
        before = transaction.savepoint()
        answer = house.browsers[who]().get(address.path, headers={"accept-language": "en"})
        transaction.savepoint_rollback(before)
        said = told(answer)
        if any(name in said for name in STAFF):
            found.add(address.path)
    return found

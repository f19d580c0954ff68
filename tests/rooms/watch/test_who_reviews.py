"""An emergency is looked at by somebody who had no part in it."""

import pytest
from django.test import Client
from fakes.members import browser_of, joins
from stage.emergencies import ANSWER

from teleward.access.models import BrokenGlass
from teleward.watch.models import Case, Review

pytestmark = pytest.mark.django_db


def test_who_agreed_to_an_emergency_as_the_second_person_does_not_review_it(
    case: Case, officer: Client
) -> None:
    second = joins("Mira Sand", "privacy-officer")
    BrokenGlass.objects.filter(id=case.about).update(seconded_by=second.person)
    refused = browser_of(second).post(f"/watch/cases/{case.id}/review/", ANSWER)
    assert refused.status_code == 403
    assert not Review.objects.exists()
    assert officer.post(f"/watch/cases/{case.id}/review/", ANSWER).status_code == 302

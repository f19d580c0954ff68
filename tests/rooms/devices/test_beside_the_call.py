"""The sheet beside the call: what it hands to its module, and who gets it."""

import html
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.consult.cards import VisitCard
from teleward.devices.flags import FLAGS
from teleward.devices.models import Sharing, SharingEnd
from teleward.devices.operations.thresholds import Wanted, set_threshold

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


def page_of(host: Client, visit: VisitCard) -> dict[str, Any]:
    """What the sheet hands to its module."""
    answer = host.get(f"/devices/beside/{visit.id}/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.startswith(b"<div")  # a link before it would be lost with the head
    page: dict[str, Any] = json.loads(
        html.unescape(re.findall(r'data-page="([^"]*)"', answer.content.decode())[0])
    )
    return page


def quantity(page: dict[str, Any], kind: str, code: str) -> dict[str, Any]:
    return next(each for each in page["kinds"][kind]["quantities"] if each["code"] == code)


def test_the_sheet_knows_its_visit_the_kinds_and_what_is_usual(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    page = page_of(signed_in(stage.doctor), visit)
    assert page["visit"] == str(visit.id)
    upper = quantity(page, "blood-pressure", "8480-6")
    assert (upper["unit"], upper["sign"]) == ("mm[Hg]", "mmHg")
    assert (upper["lowest"], upper["high"], upper["own"]) == ("40", "135", False)
    assert page["kinds"]["heart-rate"]["stale_after"] == 10
    assert page["flags"]["irregular-pulse"] == "irregular pulse"


def test_limits_set_for_this_patient_come_before_what_is_usual(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    own = stage.of_patient(Action.THRESHOLD_CHANGE)
    set_threshold(grant=own, wanted=Wanted(code="8480-6", high=Decimal(150), why="known hypertension"))
    upper = quantity(page_of(signed_in(stage.doctor), visit), "blood-pressure", "8480-6")
    assert (upper["low"], upper["high"], upper["own"]) == (None, "150", True)


def test_only_what_goes_on_in_this_visit_is_said_to_go_on(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    shown = {"visit": visit.id, "organisation": stage.practice.id, "patient": visit.patient, "until": "stop"}
    stopped, going = (Sharing.objects.create(kinds=[kind], **shown) for kind in ("weight", "heart-rate"))
    SharingEnd.objects.create(sharing=stopped, why="stopped")
    host = signed_in(stage.doctor)
    assert host.get(f"/devices/beside/{visit.id}/going/").json() == {"going": [str(going.id)]}
    other = stage.visit_now()
    assert host.get(f"/devices/beside/{other.id}/going/").json() == {"going": []}


def test_who_may_not_see_readings_gets_neither_the_sheet_nor_what_goes_on(
    stage: Stage, visit: VisitCard, signed_in: SignIn, client: Client
) -> None:
    for address in (f"/devices/beside/{visit.id}/", f"/devices/beside/{visit.id}/going/"):
        assert client.get(address).status_code in {302, 401}
        assert signed_in(stage.desk).get(address).status_code in {403, 404}


def test_opened_as_a_page_of_its_own_it_says_whom_it_is_about_and_shows_nothing(
    stage: Stage, visit: VisitCard, signed_in: SignIn
) -> None:
    alone = signed_in(stage.doctor).get(f"/devices/beside/{visit.id}/").content.decode()
    assert 'class="tw-whose"' in alone
    assert "data-module" not in alone


def test_every_flag_has_its_german() -> None:
    with translation.override("de"):
        german = {flag: str(word) for flag, word in FLAGS.items()}
    with translation.override("en"):
        same = {flag for flag, word in FLAGS.items() if str(word) == german[flag]}
    assert same == set()

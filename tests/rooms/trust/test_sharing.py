"""Letting somebody else see one's page: by a link that works once, back at once, seen in the list."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation
from stage.window import about, account, ask

from teleward.access.grants import Action, Refused
from teleward.access.models import Patient, Person, ProxyOffer
from teleward.access.operations.proxies import (
    OfferOver,
    OwnOffer,
    WhomMissing,
    offer_access,
    take_access,
    withdraw_access,
    withdraw_offer,
)
from teleward.access.queries.proxies import offers_of_patient, pages_open_to_me, proxies_of_patient
from teleward.audit.queries import of_patient
from teleward.kernel.errors import NotFound
from teleward.trust.queries.accesses import accesses

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(patient: Callable[[str], Patient]) -> Patient:
    return patient("Ben")


def offered(whom: Patient, *, may_see_ledger: bool = False, may_see_readings: bool = False) -> str:
    grant = ask(account(whom), Action.PROXY_CHANGE, about(whom))
    return offer_access(
        grant=grant,
        label="my son Ben",
        may_see_ledger=may_see_ledger,
        may_see_readings=may_see_readings,
    )


def taken(by: Patient, token: str) -> None:
    take_access(grant=ask(account(by), Action.PROXY_CHANGE, about(by)), token=token)


def looks(by: Patient, at: Patient, action: Action = Action.WINDOW_OPEN) -> None:
    ask(account(by), action, about(at))


def test_who_takes_the_link_sees_the_page_and_nothing_else(ada: Patient, ben: Patient) -> None:
    with pytest.raises(Refused):
        looks(ben, ada)
    taken(ben, offered(ada))
    looks(ben, ada)
    for action in (Action.LEDGER_READ, Action.WINDOW_EXPORT, Action.OBJECTION_OPEN, Action.ERASURE_ASK):
        with pytest.raises(Refused):
            looks(ben, ada, action)


def test_who_saw_the_data_is_seen_only_where_the_patient_said_so(ada: Patient, ben: Patient) -> None:
    taken(ben, offered(ada, may_see_ledger=True))
    looks(ben, ada, Action.LEDGER_READ)


def test_readings_are_looked_at_only_where_the_patient_said_so_and_never_sent_or_marked(
    ada: Patient, ben: Patient, signed_in: Callable[[Person], Client]
) -> None:
    taken(ben, offered(ada, may_see_ledger=True))
    assert ben.person is not None
    proxy, page, readings = signed_in(ben.person), f"/window/of/{ada.id}/", f"/window/of/{ada.id}/readings/"
    assert "You may not see the readings of Ada Osei." in proxy.get(page).content.decode()
    assert proxy.get(readings).status_code == 403
    taken(ben, offered(ada, may_see_readings=True))
    assert f'href="{readings}"' in proxy.get(page).content.decode()
    answer = proxy.get(readings)
    assert (answer.status_code, "Readings of Ada Osei" in answer.content.decode()) == (200, True)
    with pytest.raises(Refused):
        looks(ben, ada, Action.READING_WRITE)
    (entry,) = [each for each in of_patient(patient=ada.id) if each.facts["policy"] == "p-proxy-readings"]
    assert entry.facts["action"] == Action.READING_READ
    with translation.override("en"):
        seen = accesses(grant=ask(account(ada), Action.LEDGER_READ, about(ada))).deliberate
    assert any(each.sentence.startswith("Ben Osei looked at readings of your devices") for each in seen)


def test_taken_back_it_opens_nothing_from_that_moment(ada: Patient, ben: Patient) -> None:
    taken(ben, offered(ada))
    (card,) = proxies_of_patient(grant=ask(account(ada), Action.WINDOW_OPEN, about(ada)))
    changing = ask(account(ada), Action.PROXY_CHANGE, about(ada))
    withdraw_access(grant=changing, proxy=card.id)
    with pytest.raises(Refused):
        looks(ben, ada)
    with pytest.raises(NotFound):
        withdraw_access(grant=changing, proxy=card.id)
    assert pages_open_to_me(grant=ask(account(ben), Action.WINDOW_OPEN, about(ben))) == []


def test_a_link_works_once_and_not_after_it_was_taken_back_or_is_too_old(
    ada: Patient, ben: Patient, patient: Callable[[str], Patient]
) -> None:
    token = offered(ada)
    taken(ben, token)
    with pytest.raises(OfferOver):
        taken(patient("Eve"), token)
    token = offered(ada)
    (card,) = offers_of_patient(grant=ask(account(ada), Action.WINDOW_OPEN, about(ada)))
    withdraw_offer(grant=ask(account(ada), Action.PROXY_CHANGE, about(ada)), offer=card.id)
    with pytest.raises(OfferOver):
        taken(ben, token)
    token = offered(ada)
    ProxyOffer.objects.update(expires_at="2020-01-01T00:00Z")
    with pytest.raises(OfferOver):
        taken(ben, token)


def test_nobody_takes_their_own_link_or_another_patients_back(ada: Patient, ben: Patient) -> None:
    token = offered(ada)
    with pytest.raises(OwnOffer):
        taken(ada, token)
    (card,) = offers_of_patient(grant=ask(account(ada), Action.WINDOW_OPEN, about(ada)))
    with pytest.raises(NotFound):
        withdraw_offer(grant=ask(account(ben), Action.PROXY_CHANGE, about(ben)), offer=card.id)


def test_a_link_says_whom_it_is_for(ada: Patient) -> None:
    with pytest.raises(WhomMissing):
        offer_access(
            grant=ask(account(ada), Action.PROXY_CHANGE, about(ada)), label="  ", may_see_ledger=False
        )


def test_the_secret_of_the_link_is_nowhere_in_the_database(ada: Patient) -> None:
    token = offered(ada)
    assert token.encode() not in bytes(ProxyOffer.objects.get().token_hash)


def test_the_patient_reads_who_looked_by_name(ada: Patient, ben: Patient) -> None:
    taken(ben, offered(ada))
    looks(ben, ada)
    with translation.override("en"):
        page = accesses(grant=ask(account(ada), Action.LEDGER_READ, about(ada)))
    (told,) = [each.sentence for each in page.deliberate]
    assert told.startswith("Ben Osei opened your page, because you gave them access to your page on")

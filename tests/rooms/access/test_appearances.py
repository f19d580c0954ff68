"""Who stands in a list is told to each of them, apart from deliberate openings, before the list leaves."""

from datetime import timedelta

import pytest

from teleward.access.grants import (
    Action,
    Actor,
    ActorKind,
    Circumstances,
    Grant,
    Subject,
    authorise,
    record_appearances,
)
from teleward.access.models import Organisation, Patient, Person
from teleward.access.queries.patients import cards, patients
from teleward.audit import queries as ledger
from teleward.kernel.ids import new_id

HERE = Circumstances(request_id="req-list", client_address="203.0.113.9", via="page")


@pytest.fixture
def practice(db: None) -> Organisation:
    return Organisation.objects.create(name="Praxis am Hafen", short_name="Hafen")


def _patient(practice: Organisation, family_name: str) -> Patient:
    return Patient.objects.create(
        organisation=practice, given_name="Ilse", family_name=family_name, born_on="1949-11-30", contact=b""
    )


def _asks(practice: Organisation, action: Action) -> Grant:
    person = Person.objects.create(organisation=practice, email=f"{new_id()}@example.org", name="Ben Adeyemi")
    actor = Actor(
        kind=ActorKind.STAFF, id=person.id, organisation=practice.id, roles=frozenset({"reception"}), aal=2
    )
    subject = Subject(kind="Organisation", id=practice.id, organisation=practice.id)
    return authorise(actor=actor, action=action, subject=subject, circumstances=HERE)


def _told(patient: Patient) -> list[tuple[str, str]]:
    return [
        (entry.facts["outcome"], entry.facts["action"]) for entry in ledger.of_patient(patient=patient.id)
    ]


@pytest.mark.parametrize("action", [Action.PATIENT_LIST, Action.VISIT_LIST])
def test_everybody_in_a_list_is_told_and_nobody_else(practice: Organisation, action: Action) -> None:
    shown, left_out = _patient(practice, "Brandt"), _patient(practice, "Ziegler")
    cards(grant=_asks(practice, action), ids=[shown.id])
    assert _told(shown) == [("listed", action.value)]
    assert _told(left_out) == []


def test_a_search_tells_those_it_found(practice: Organisation) -> None:
    found, missed = _patient(practice, "Brandt"), _patient(practice, "Ziegler")
    assert [card.id for card in patients(grant=_asks(practice, Action.PATIENT_LIST), search="bra")] == [
        found.id
    ]
    assert (len(_told(found)), len(_told(missed))) == (1, 0)


def test_the_same_list_looked_at_again_is_told_once_an_hour_and_a_colleague_for_themselves(
    practice: Organisation,
) -> None:
    patient = _patient(practice, "Brandt")
    mine, colleagues = _asks(practice, Action.PATIENT_LIST), _asks(practice, Action.PATIENT_LIST)
    for _look in range(3):
        record_appearances(grant=mine, patients=[patient.id, patient.id])
    assert len(_told(patient)) == 1
    record_appearances(grant=colleagues, patients=[patient.id])
    later = Grant(**{**vars(mine), "at": mine.at + timedelta(hours=1)})
    record_appearances(grant=later, patients=[patient.id])
    assert len(_told(patient)) == 3


def test_a_list_that_could_not_be_told_is_told_the_next_time(
    practice: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DiskFull(Exception):
        pass

    def full(**_entry: object) -> None:
        raise DiskFull

    patient, grant = _patient(practice, "Brandt"), _asks(practice, Action.PATIENT_LIST)
    with monkeypatch.context() as broken:
        broken.setattr("teleward.audit.ledger.append", full)
        with pytest.raises(DiskFull):
            patients(grant=grant)
    assert _told(patient) == []
    patients(grant=grant)
    assert _told(patient) == [("listed", Action.PATIENT_LIST.value)]

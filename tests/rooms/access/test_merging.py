"""Two files of one person: said by somebody who sees both, shown on both, and taken back."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from stage.visits import HERE, Stage

from teleward.access.grants import SYSTEM, Action, Grant, NotCovered, Refused, Subject, authorise
from teleward.access.models import Kinship, Merge, Patient, Person, Proposal, Restriction
from teleward.access.operations.merging import (
    AlreadyOne,
    NotTwoFiles,
    SaidDifferent,
    WhyMissing,
    find_different,
    merge,
    unmerge,
)
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.merging import EarlierFile, kept_file
from teleward.access.queries.patients import patient_subject
from teleward.audit.queries import of_patient
from teleward.consult.operations.booking import Who
from teleward.consult.operations.visits import book
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.trust.sentences import sentence

Files = tuple[UUID, UUID]


@pytest.fixture
def files(stage: Stage) -> Files:
    """The file that is kept, and a second one of the same person."""
    return stage.patient.id, second(stage)


def second(stage: Stage) -> UUID:
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    said = {"given_name": "Ayse", "family_name": "Demir-Kaya", "born_on": date(1979, 5, 3), "language": "de"}
    return register_patient(grant=grant, **said).id  # type: ignore[arg-type]  # names and a day


def about(stage: Stage, patient: UUID, who: Person | None = None) -> Grant:
    return authorise(
        actor=stage.actor(who or stage.desk),
        action=Action.PATIENT_MERGE,
        subject=patient_subject(patient=patient),
        circumstances=HERE,
    )


def joined(stage: Stage, files: Files, why: str = "document") -> UUID:
    kept, gone = files
    return merge(grant=about(stage, kept), kept=kept, gone=gone, why=why)


def taken_back(stage: Stage, files: Files) -> None:
    kept, gone = files
    unmerge(grant=about(stage, gone), kept=kept, gone=gone)


def done(patient: UUID) -> list[dict[str, object]]:
    """What was done under the action, as the patient's ledger has it, the newest first."""
    facts = [entry.facts for entry in of_patient(patient=patient)]
    return [each for each in facts if each["action"] == "access:patient:merge" and each["outcome"] == "done"]


def test_an_earlier_file_leads_to_the_one_that_is_kept_by_any_number_of_steps(
    stage: Stage, files: Files
) -> None:
    kept, gone = files
    third = second(stage)
    joined(stage, (gone, third))
    joined(stage, files)
    assert {kept_file(patient=each) for each in (kept, gone, third)} == {kept}
    taken_back(stage, files)
    assert kept_file(patient=third) == gone


def test_who_said_it_when_and_why_is_kept_also_after_it_was_taken_back(stage: Stage, files: Files) -> None:
    joined(stage, files, "asked")
    taken_back(stage, files)
    row = Merge.objects.get()
    assert (row.why, row.by_id, row.ended_by_id) == ("asked", stage.desk.id, stage.desk.id)
    assert row.at <= (row.ended_at or row.at)
    joined(stage, files)
    assert Merge.objects.count() == 2


def test_saying_it_twice_is_saying_it_once(stage: Stage, files: Files) -> None:
    assert joined(stage, files) == joined(stage, files)
    assert Merge.objects.count() == 1


def test_both_ledgers_have_it_and_neither_names_the_other(stage: Stage, files: Files) -> None:
    joined(stage, files)
    for own, other in (files, files[::-1]):
        (entry,) = done(own)
        assert entry["detail"] == {"files": "one", "merge": str(Merge.objects.get().id), "why": "document"}
        assert str(other) not in str([each.body for each in of_patient(patient=own)])
    taken_back(stage, files)
    assert all(done(each)[0]["detail"]["files"] == "two" for each in files)  # type: ignore[index]  # a dict


def test_both_patients_read_what_was_said_of_their_files(stage: Stage, files: Files) -> None:
    joined(stage, files)
    for each in files:
        told = sentence(facts=done(each)[0], names={}, zone=ZoneInfo("Europe/Berlin"))
        assert "another file here is yours too" in told
        assert "because they make sure that nobody has two files here" in told


def test_nothing_of_either_file_is_moved(stage: Stage, files: Files) -> None:
    before = list(Patient.objects.order_by("id").values())
    joined(stage, files)
    assert list(Patient.objects.order_by("id").values()) == before


@pytest.mark.parametrize("way", ["circle", "gone twice", "into an earlier one"])
def test_an_earlier_file_is_put_together_with_no_other(stage: Stage, files: Files, way: str) -> None:
    kept, gone = files
    third = second(stage)
    joined(stage, files)
    pair = {"circle": (gone, kept), "gone twice": (third, gone), "into an earlier one": (gone, third)}[way]
    with pytest.raises(AlreadyOne):
        joined(stage, pair)


def test_it_takes_two_files_and_a_reason_from_the_list(stage: Stage, files: Files) -> None:
    with pytest.raises(WhyMissing):
        joined(stage, files, "because")
    with pytest.raises(NotTwoFiles):
        joined(stage, (files[0], files[0]))
    assert not Merge.objects.exists()


def test_a_grant_about_somebody_else_covers_neither(stage: Stage, files: Files) -> None:
    kept, gone = files
    with pytest.raises(NotCovered):
        merge(grant=about(stage, second(stage)), kept=kept, gone=gone, why="asked")


@pytest.mark.parametrize("deed", ["merge", "unmerge", "two"])
@pytest.mark.parametrize("why", ["restricted", "family"])
def test_who_may_not_see_one_of_the_files_says_nothing_of_both(
    stage: Stage, files: Files, deed: str, why: str
) -> None:
    kept, gone = files
    if deed == "unmerge":
        joined(stage, files)
    if why == "restricted":
        Restriction.objects.create(patient_id=gone, tier="restricted", reason="request", set_by=stage.doctor)
    else:
        Kinship.objects.create(patient_id=gone, person=stage.desk, relation="child", told_at=now())
    grant, many = about(stage, kept), Merge.objects.filter(ended_at=None).count()
    deeds: dict[str, Callable[[], object]] = {
        "merge": lambda: merge(grant=grant, kept=kept, gone=gone, why="asked"),
        "unmerge": lambda: unmerge(grant=grant, kept=kept, gone=gone),
        "two": lambda: find_different(grant=grant, other=gone),
    }
    with pytest.raises(Refused):
        deeds[deed]()
    assert Merge.objects.filter(ended_at=None).count() == many
    assert of_patient(patient=gone)[0].facts["outcome"] == "deny"


def test_a_file_of_another_practice_is_none(stage: Stage, files: Files, stranger: Person) -> None:
    there = system_grant(action=Action.PATIENT_CREATE, organisation=stranger.organisation_id)
    said = {"given_name": "Ayse", "family_name": "Demir", "born_on": date(1979, 5, 3), "language": "de"}
    other = register_patient(grant=there, **said).id  # type: ignore[arg-type]  # names and a day
    with pytest.raises(NotFound):
        merge(grant=about(stage, files[0]), kept=files[0], gone=other, why="asked")


def test_two_people_are_not_made_one_by_taking_back(stage: Stage, files: Files) -> None:
    with pytest.raises(NotFound):
        taken_back(stage, files)
    joined(stage, files)
    with pytest.raises(AlreadyOne):
        find_different(grant=about(stage, files[0]), other=files[1])


def test_a_message_does_not_go_over_what_a_person_found(stage: Stage, files: Files) -> None:
    kept, gone = files
    subject = patient_subject(patient=kept)
    by_message = authorise(actor=SYSTEM, action=Action.PATIENT_MERGE, subject=subject, circumstances=HERE)
    merge(grant=by_message, kept=kept, gone=gone, why="message")
    taken_back(stage, files)
    with pytest.raises(SaidDifferent):
        merge(grant=by_message, kept=kept, gone=gone, why="message")
    with pytest.raises(WhyMissing):
        joined(stage, files, "message")
    joined(stage, files)


def test_no_appointment_is_made_in_an_earlier_file(stage: Stage, files: Files) -> None:
    joined(stage, files)
    subject = Subject(
        kind="Organisation", id=stage.practice.id, organisation=stage.practice.id, patient=files[1]
    )
    grant = authorise(
        actor=stage.actor(stage.desk), action=Action.VISIT_BOOK, subject=subject, circumstances=HERE
    )
    with pytest.raises(EarlierFile):
        book(grant=grant, wish=stage.wish(patient=Who(id=files[1], name="Ayse", language="de")))
    taken_back(stage, files)
    book(grant=grant, wish=stage.wish(patient=Who(id=files[1], name="Ayse", language="de")))


@pytest.fixture
def desk(stage: Stage, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(stage.desk)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_the_desk_looks_at_both_says_so_and_takes_it_back(stage: Stage, desk: Client, files: Files) -> None:
    kept, gone = files
    address = f"/patients/{gone}/same/{kept}/"
    body = page(desk, address)
    assert body.count("3 May 1979") >= 2
    assert "the same date of birth" in body
    nothing_said = desk.post(address, {"keep": str(kept)})
    assert (nothing_said.status_code, Merge.objects.count()) == (422, 0)
    assert re.search(rf'value="{kept}"[^>]*checked', nothing_said.content.decode())  # what was chosen stays
    assert desk.post(address, {"keep": str(kept), "why": "document"})["Location"] == f"/patients/{kept}/"
    assert kept_file(patient=gone) == kept
    assert "I saw an identity document" in page(desk, address)
    assert desk.post(f"{address}undo/").status_code == 302
    assert f"{stage.desk.name} took it back on" in desk.get(address).content.decode()
    assert kept_file(patient=gone) == gone


def test_looking_at_both_is_in_both_ledgers_and_shows_no_way_to_reach_anybody(
    desk: Client, files: Files
) -> None:
    body = page(desk, f"/patients/{files[0]}/same/{files[1]}/")
    assert "ayse@example.org" not in body
    for each in files:
        newest = of_patient(patient=each)[0].facts
        assert (newest["action"], newest["outcome"]) == ("access:patient:merge", "allow")


def test_the_desk_says_that_they_are_two_people(desk: Client, files: Files) -> None:
    assert desk.post(f"/patients/{files[0]}/same/{files[1]}/two/").status_code == 302
    assert Proposal.objects.get().answer == "different"


def test_a_second_file_is_found_by_name(desk: Client, files: Files) -> None:
    answer = desk.post(f"/patients/{files[0]}/same/", {"q": "Demir-K"})
    assert f"/patients/{files[0]}/same/{files[1]}/" in answer.content.decode()


def test_each_file_shows_the_way_to_the_other_which_has_its_own_gate(
    stage: Stage, files: Files, signed_in: Callable[[Person], Client]
) -> None:
    kept, gone = files
    stage.visit()  # the desk has to do with the file that is kept
    joined(stage, files)
    desk = signed_in(stage.desk)
    assert f"/patients/{kept}/same/{gone}/" in page(desk, f"/patients/{kept}/")
    assert desk.get(f"/patients/{gone}/")["X-Problem"] == "access:reason-needed"
    assert "earlier file" in page(desk, "/patients/")


def test_an_earlier_file_does_not_say_where_the_other_is_to_who_may_not_know(
    stage: Stage, files: Files, signed_in: Callable[[Person], Client]
) -> None:
    kept, gone = files
    joined(stage, files)
    Restriction.objects.create(patient_id=kept, tier="restricted", reason="request", set_by=stage.doctor)
    desk = signed_in(stage.desk)
    desk.post(f"/patients/{gone}/reason/", {"words": "She asked for her file", "next": "/"})
    body = page(desk, f"/patients/{gone}/")
    assert "This is an earlier file" in body
    assert str(kept) not in body


def test_booking_pages_name_the_way_out_of_an_earlier_file(desk: Client, stage: Stage, files: Files) -> None:
    joined(stage, files)
    answer = desk.get(f"/visits/new/?patient={files[1]}")
    assert answer["X-Problem"] == "access:earlier-file"
    assert "which file is kept now" in answer.content.decode()

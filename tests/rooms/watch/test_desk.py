"""What the desk shows and counts: this practice, these 30 days, what waits, and reports as links."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from fakes.members import Member, browser_of, joins, listening, practice
from stage.emergencies import ANSWER, ENGLISH
from stage.visits import HERE

from teleward.access.grants import Action, Subject, authorise
from teleward.access.models import Organisation, Patient, Person
from teleward.access.operations.sessions import actor_of
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id
from teleward.watch.models import Case, Denial, Given, Notice, Review
from teleward.watch.operations.by_itself import grant_for_desk
from teleward.watch.operations.cases import open_report, settle_report
from teleward.watch.queries.cases import WORDS, case_file, cases
from teleward.watch.queries.figures import DeskFigures, Repeat, desk_figures

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def a_case(patient: Patient, member: Member, *, ago: timedelta, kind: str = "emergency") -> Case:
    at = now() - ago
    return Case.objects.create(
        organisation=patient.organisation, patient=patient, person=member.person, kind=kind, about=new_id(),
        code="unconscious" if kind == "emergency" else "", opened_at=at, due_at=at + 3 * DAY,
    )  # fmt: skip


def answered(case: Case, *, after: timedelta) -> Case:
    words = seal(patient=case.patient_id, plaintext=b"It was right.", context=WORDS)
    Review.objects.create(
        case=case,
        outcome="justified",
        words=words,
        by=Person.objects.get(id=case.person_id),
        at=case.opened_at + after,
    )
    return case


@pytest.fixture
def elsewhere() -> Patient:
    other = Organisation.objects.create(name="Praxis Nebenan", short_name="Nebenan")
    return Patient.objects.create(
        organisation=other, given_name="Ulf", family_name="Kern", born_on="1950-01-01"
    )


def figures(member: Member) -> DeskFigures:
    here = practice().id
    return desk_figures(
        grant=authorise(
            actor=actor_of(member.person, at=now(), aal=2),
            action=Action.FIGURES_READ,
            subject=Subject(kind="Organisation", id=here, organisation=here),
            circumstances=HERE,
        )
    )


def test_figures_count_emergencies_of_this_practice_and_of_30_days(
    doctor: Member, ifeoma: Patient, elsewhere: Patient
) -> None:
    vera = joins("Vera Lind", "privacy-officer")
    answered(a_case(ifeoma, doctor, ago=10 * DAY), after=DAY)
    answered(a_case(ifeoma, doctor, ago=10 * DAY), after=4 * DAY)  # late
    a_case(ifeoma, doctor, ago=DAY)  # not due yet
    a_case(ifeoma, doctor, ago=40 * DAY)  # overdue for long
    a_case(ifeoma, doctor, ago=10 * DAY, kind="reason")
    for _ in range(2):
        a_case(elsewhere, doctor, ago=10 * DAY)
    found = figures(vera)
    assert (found.emergencies.of, found.overdue) == (3, 1)
    assert (found.in_time.of, found.in_time.out_of, found.in_time.value) == (1, 2, 50)
    assert found.repeats == (Repeat(what="unconscious", person=None, times=3),)


def test_typed_reasons_repeat_for_one_person_here_and_lately(doctor: Member, elsewhere: Patient) -> None:
    vera = joins("Vera Lind", "privacy-officer")

    def given(times: int, alike: bytes, *, ago: timedelta = DAY, **who: object) -> None:
        whose = {"organisation": practice(), "person": doctor.person} | who
        for _ in range(times):
            Given.objects.create(reason=new_id(), alike=alike, at=now() - ago, **whose)

    given(5, b"often")
    given(4, b"four times")
    given(1, b"four times", ago=31 * DAY)
    given(1, b"four times", person=vera.person)
    given(1, b"four times", organisation=elsewhere.organisation)
    found = figures(vera)
    assert found.reasons.of == 10
    assert found.repeats == (Repeat(what="", person=doctor.person.id, times=5),)


def listed() -> list[tuple[UUID, bool]]:
    return [(card.id, card.is_open) for card in cases(grant=grant_for_desk(organisation=practice().id))]


def test_denied_cases_come_first_then_what_is_due_then_the_newest_that_are_closed(
    doctor: Member, ifeoma: Patient, elsewhere: Patient
) -> None:
    later, soon, denied = (a_case(ifeoma, doctor, ago=ago * DAY) for ago in (1, 2, 0))
    old, new = (answered(a_case(ifeoma, doctor, ago=ago * DAY), after=DAY) for ago in (9, 8))
    a_case(elsewhere, doctor, ago=DAY)
    Denial.objects.create(case=denied)
    opened = [(each.id, True) for each in (denied, soon, later)]
    assert listed() == [*opened, *((each.id, False) for each in (new, old))]


def test_an_answered_case_is_late_for_nobody(doctor: Member, ifeoma: Patient) -> None:
    case = answered(a_case(ifeoma, doctor, ago=9 * DAY), after=4 * DAY)
    (card,) = cases(grant=grant_for_desk(organisation=practice().id))
    assert (card.id, card.is_overdue, card.hours_left) == (case.id, False, 0)
    assert card.review is not None
    assert card.review.words == ""


def test_a_report_stands_on_the_desk_for_72_hours_as_a_link_and_leaves_when_it_is_answered(
    ifeoma: Patient, officer: Client
) -> None:
    grant, report, other = grant_for_desk(organisation=practice().id), new_id(), new_id()
    for each in (report, report, other):
        open_report(grant=grant, objection=each, patient=ifeoma.id)
    case = Case.objects.get(about=report)
    assert (case.patient_id, case.person_id, case.due_at - case.opened_at) == (ifeoma.id, None, 3 * DAY)
    assert f'href="/objections/{report}/"' in officer.get("/watch/").content.decode()
    settle_report(grant=grant, objection=report)
    settle_report(grant=grant, objection=report)
    assert listed() == [(Case.objects.get(about=other).id, True), (case.id, False)]


def test_a_report_is_not_answered_at_the_desk(ifeoma: Patient, officer: Client) -> None:
    open_report(grant=grant_for_desk(organisation=practice().id), objection=new_id(), patient=ifeoma.id)
    address = f"/watch/cases/{Case.objects.get().id}/"
    assert f"{address}review/" not in officer.get(address).content.decode()
    assert officer.post(f"{address}review/", ANSWER).status_code == 404
    assert not Review.objects.exists()


def test_what_was_found_is_in_the_ledger_with_the_rule_at_fault_and_no_word_of_it(
    case: Case, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    said = ANSWER | {"outcome": "policy-gap", "policy": "cover at night"}
    officer.post(f"/watch/cases/{case.id}/review/", said)
    (done,) = [entry for entry in heard if entry.outcome == "done"]
    assert (done.action, done.patient) == (Action.CASE_REVIEW, case.patient_id)
    assert done.detail == {"outcome": "policy-gap", "policy_at_fault": "cover at night"}


def test_only_a_gap_keeps_a_rule_and_a_case_shows_its_notices_in_order(case: Case, officer: Client) -> None:
    officer.post(f"/watch/cases/{case.id}/review/", ANSWER | {"policy": "cover at night"})
    assert Review.objects.get().policy == ""
    Notice.objects.filter(case=case, says="outcome").update(due_at=case.opened_at - DAY)
    grant = authorise(
        actor=actor_of(joins("Olaf Brandt", "privacy-officer").person, at=now(), aal=2),
        action=Action.CASE_READ,
        subject=Subject(kind="Case", id=case.id, organisation=practice().id, patient=case.patient_id),
        circumstances=HERE,
    )
    told = [notice.says for notice in case_file(grant=grant).case.notices]
    assert told == ["outcome", "opened", "was-it-you"]


def test_of_a_typed_reason_that_was_right_the_patient_is_not_told_and_nobody_reviews_their_own(
    doctor: Member, ifeoma: Patient, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.watch.queries.cases.reason", lambda **_asked: None)
    both = joins("Clara Beides", "physician", "privacy-officer")
    case, own = (a_case(ifeoma, who, ago=DAY, kind="reason") for who in (doctor, both))
    assert officer.post(f"/watch/cases/{case.id}/review/", ANSWER).status_code == 302
    assert not Notice.objects.exists()
    assert browser_of(both).post(f"/watch/cases/{own.id}/review/", ANSWER).status_code == 403


def test_ones_own_page_holds_emergencies_in_ones_own_name_the_newest_first_with_what_was_found(
    doctor: Member, ifeoma: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    boris = joins("Boris Muster")
    new, old = a_case(ifeoma, doctor, ago=DAY), answered(a_case(ifeoma, doctor, ago=2 * DAY), after=DAY)
    reason, others = a_case(ifeoma, doctor, ago=DAY, kind="reason"), a_case(ifeoma, boris, ago=DAY)
    client, heard = browser_of(doctor), listening(monkeypatch)
    body = client.get("/watch/mine/", headers=ENGLISH).content.decode()
    assert 0 < body.index(str(new.id)) < body.index(str(old.id))
    assert str(reason.id) not in body
    assert str(others.id) not in body
    assert body.count("checked: the access was right") == 1
    for case, status in ((new, 302), (new, 302), (reason, 404)):
        assert client.post(f"/watch/mine/{case.id}/denial/").status_code == status
    assert [entry.detail for entry in heard if entry.outcome == "done"] == [{"denied": str(new.id)}]
    assert "You said that it was not you" in client.get("/watch/mine/", headers=ENGLISH).content.decode()

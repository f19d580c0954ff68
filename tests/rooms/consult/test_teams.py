"""The care team opens a record while it lasts; who stands in for a host holds the visit."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from stage.visits import Stage, person

from teleward.access.grants import Action, Refused
from teleward.access.models import Cover, Person, Standing
from teleward.access.operations.teams import AlreadyOnTeam, NotOfTheTeam, join_team, leave_team
from teleward.access.queries.teams import care_team, clinicians
from teleward.audit.queries import of_patient
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Person], Client]


def test_who_is_on_the_team_reads_the_notes_and_who_was_taken_off_does_not(stage: Stage) -> None:
    visit = stage.visit_now()
    with pytest.raises(Refused):
        stage.grant(Action.NOTE_READ, visit, by=stage.second)
    changing = stage.of_patient(Action.TEAM_CHANGE)
    membership = join_team(grant=changing, staff=stage.second.id)
    assert stage.grant(Action.NOTE_READ, visit, by=stage.second).policy == "p-team"
    leave_team(grant=changing, membership=membership)
    with pytest.raises(Refused):
        stage.grant(Action.NOTE_READ, visit, by=stage.second)
    told = [set(entry.facts["detail"]) for entry in of_patient(patient=stage.patient.id)]
    assert {"joined", "left"} <= set().union(*told)


def test_only_those_who_treat_here_can_be_on_it_and_only_once(stage: Stage, stranger: Person) -> None:
    stage.visit_now()
    changing = stage.of_patient(Action.TEAM_CHANGE)
    for wrong in (stage.desk.id, stranger.id, new_id()):
        with pytest.raises(NotOfTheTeam):
            join_team(grant=changing, staff=wrong)
    join_team(grant=changing, staff=stage.second.id)
    with pytest.raises(AlreadyOnTeam):
        join_team(grant=changing, staff=stage.second.id)
    with pytest.raises(NotFound):
        leave_team(grant=changing, membership=new_id())
    assert [member.name for member in care_team(grant=changing)] == [stage.second.name]
    assert [one.name for one in clinicians(grant=changing)] == [stage.doctor.name]


def test_the_page_shows_the_team_and_changes_it(stage: Stage, signed_in: SignedIn) -> None:
    stage.visit_now()
    browser, page = signed_in(stage.doctor), f"/patients/{stage.patient.id}/team/"
    assert "Nobody is on the care team" in browser.get(page).content.decode()
    assert browser.post(page, {"staff": str(stage.second.id)}).status_code == 302
    assert "Dr. Wei Chen" in browser.get(page).content.decode()
    assert browser.post(page, {"staff": str(stage.second.id)}).status_code == 409
    assert browser.post(page, {"staff": "nobody"}).status_code == 400
    membership = Standing.objects.get(kind="team").id
    assert browser.post(f"{page}{membership}/removal/").status_code == 302
    assert "Nobody is on the care team" in browser.get(page).content.decode()


def test_the_desk_sees_the_team_and_cannot_change_it(stage: Stage, signed_in: SignedIn) -> None:
    stage.visit_now()
    browser, page = signed_in(stage.desk), f"/patients/{stage.patient.id}/team/"
    assert b"<select" not in browser.get(page).content
    assert browser.post(page, {"staff": str(stage.desk.id)}).status_code == 403


def test_who_stands_in_holds_the_visit_while_the_rota_says_so(stage: Stage) -> None:
    visit = stage.visit_now()
    with pytest.raises(Refused):
        stage.grant(Action.VISIT_HOST, visit, by=stage.second)
    cover = Cover.objects.create(
        person=stage.second, covers=stage.doctor, starts_at=now(), ends_at=now() + timedelta(days=2)
    )
    assert stage.grant(Action.VISIT_HOST, visit, by=stage.second).policy == "p-consult"
    Cover.objects.filter(id=cover.id).update(ends_at=now() - timedelta(minutes=1))
    with pytest.raises(Refused):
        stage.grant(Action.VISIT_HOST, visit, by=stage.second)


def test_who_stands_in_today_opens_no_visit_of_long_ago(
    stage: Stage, moved_clock: Callable[[timedelta], None]
) -> None:
    visit = stage.visit_now()
    moved_clock(timedelta(days=60))
    Cover.objects.create(
        person=stage.second, covers=stage.doctor, starts_at=now(), ends_at=now() + timedelta(days=2)
    )
    for action in (Action.NOTE_READ, Action.VISIT_READ, Action.NOTE_WRITE):
        with pytest.raises(Refused):
            stage.grant(action, visit, by=stage.second)


def test_a_nurse_can_be_on_it_too(stage: Stage) -> None:
    stage.visit_now()
    nurse = person(stage.practice, "Ines Kraft", "nurse")
    assert join_team(grant=stage.of_patient(Action.TEAM_CHANGE), staff=nurse.id)

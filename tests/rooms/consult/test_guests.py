"""Whom a visit asks in beside the patient, for how long their link opens it, and when it does no more."""

from datetime import timedelta
from uuid import UUID

import pytest
from stage.deliveries import do_what_waits
from stage.visits import Stage, tomorrow

from teleward.access.grants import Action, Grant
from teleward.access.models import Pass, PassRevocation
from teleward.access.operations.passes import PassTooLong
from teleward.consult.cards import VisitCard
from teleward.consult.models import Guest, Invitation
from teleward.consult.operations.guests import Post, add_guest, remove_guest, send_invitation, show_link
from teleward.consult.operations.post import deliver
from teleward.consult.operations.visits import cancel
from teleward.consult.queries.guests import guests
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id

MAIL = Post(channel="email", address="deniz@example.org")


def ask(stage: Stage, visit: VisitCard, role: str = "relative") -> Guest:
    """A third person is asked in."""
    grant = stage.grant(Action.VISIT_INVITE, visit)
    made = add_guest(grant=grant, visit=visit.id, role=role, name="Deniz", language="de")
    return Guest.objects.get(id=made)


def is_out_of_reach(grant: Grant, visit: VisitCard, guest: UUID) -> None:
    """No link, no letter and no way out for them here."""
    for reach in (
        lambda: show_link(grant=grant, visit=visit.id, guest=guest),
        lambda: send_invitation(grant=grant, visit=visit.id, guest=guest, post=MAIL),
        lambda: remove_guest(grant=grant, visit=visit.id, guest=guest),
    ):
        with pytest.raises(NotFound):
            reach()


@pytest.mark.parametrize("role", ["patient", "host", "proxy", ""])
def test_nobody_is_asked_in_as_the_patient_or_the_host(stage: Stage, role: str) -> None:
    visit = stage.visit()
    with pytest.raises(NotFound):
        ask(stage, visit, role)
    assert Guest.objects.count() == 1


def test_the_patient_is_not_sent_away(stage: Stage) -> None:
    visit = stage.visit()
    link = stage.link(visit)
    with pytest.raises(NotFound):
        remove_guest(grant=stage.grant(Action.VISIT_INVITE, visit), visit=visit.id, guest=link.guest)
    assert not PassRevocation.objects.exists()


def test_who_was_removed_gets_no_new_link_and_makes_room_for_another(stage: Stage) -> None:
    visit = stage.visit()
    grant, gone = stage.grant(Action.VISIT_INVITE, visit), ask(stage, visit)
    ask(stage, visit, "interpreter")
    remove_guest(grant=grant, visit=visit.id, guest=gone.id)
    is_out_of_reach(grant, visit, gone.id)
    assert gone.id not in [each.id for each in guests(grant=grant)]
    assert ask(stage, visit).id in [each.id for each in guests(grant=grant)]


def test_whom_another_visit_asked_in_is_not_reached_from_here(stage: Stage) -> None:
    here, there = stage.visit(), stage.visit(starts_at=tomorrow(12))
    grant, other = stage.grant(Action.VISIT_INVITE, here), ask(stage, there)
    is_out_of_reach(grant, here, other.id)
    assert [each.role for each in guests(grant=grant)] == ["patient"]
    assert not Pass.objects.exists()


def test_a_letter_of_another_visit_is_not_sent_from_here(stage: Stage) -> None:
    here, there = stage.visit(), stage.visit(starts_at=tomorrow(12))
    guest = ask(stage, there)
    inviting = stage.grant(Action.VISIT_INVITE, there)
    send_invitation(grant=inviting, visit=there.id, guest=guest.id, post=MAIL)
    with pytest.raises(NotFound):
        deliver(grant=stage.grant(Action.VISIT_INVITE, here), invitation=Invitation.objects.get().id)
    assert not Pass.objects.exists()


@pytest.mark.parametrize(
    ("begins_in", "lasts"),
    [
        (timedelta(days=1), timedelta(days=2, minutes=20)),
        (timedelta(days=29, hours=12), timedelta(days=30)),
    ],
    ids=["soon", "late"],
)
def test_a_link_opens_for_a_day_after_the_visit_and_for_thirty_days_at_most(
    stage: Stage, begins_in: timedelta, lasts: timedelta
) -> None:
    at = now()
    visit = stage.visit(starts_at=at + begins_in)
    expires = Pass.objects.get(id=stage.link(visit).pass_id).expires_at
    assert timedelta() <= expires - at - lasts < timedelta(minutes=2)


def test_for_a_visit_in_more_than_thirty_days_no_link_is_promised(stage: Stage) -> None:
    visit = stage.visit(starts_at=now() + timedelta(days=30))
    grant = stage.grant(Action.VISIT_INVITE, visit)
    with pytest.raises(PassTooLong):
        send_invitation(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id, post=MAIL)
    with pytest.raises(PassTooLong):
        stage.link(visit)
    assert not Invitation.objects.exists()


def test_a_visit_that_is_called_off_closes_the_links_of_all_its_guests(stage: Stage) -> None:
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    links = [show_link(grant=grant, visit=visit.id, guest=ask(stage, visit).id), stage.link(visit)]
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="clinic")
    assert {each.pass_id for each in links} == set(PassRevocation.objects.values_list("taken_id", flat=True))


def test_only_an_invitation_that_was_written_is_sent(stage: Stage) -> None:
    visit = stage.visit()
    guest = ask(stage, visit)
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    send_invitation(grant=inviting, visit=visit.id, guest=guest.id, post=MAIL)
    do_what_waits("consult.send_invitation")
    with pytest.raises(NotFound):  # again, past the job that looks first
        deliver(grant=inviting, invitation=Invitation.objects.get().id)
    with pytest.raises(NotFound):
        deliver(grant=inviting, invitation=new_id())
    assert Pass.objects.count() == 1

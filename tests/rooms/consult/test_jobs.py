"""What happens by itself: word of a cancellation, and forgetting."""

from datetime import timedelta

import pytest
from django.core import mail
from icalendar import Calendar
from stage.deliveries import deliver_all, do_what_waits
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Pass
from teleward.consult.models import EquipmentCheck, Invitation, Seat, Visit
from teleward.consult.operations.guests import Post, add_guest, remove_guest, send_invitation
from teleward.consult.operations.visits import cancel
from teleward.consult.queries.guests import guests
from teleward.consult.tasks import forget
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.mail import NoMail


def test_whoever_was_written_to_is_told_that_it_is_off(stage: Stage) -> None:
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    for _ in range(2):
        post = Post(channel="email", address="ayse@example.org")
        send_invitation(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id, post=post)
    do_what_waits("consult.send_invitation")
    deliver_all(Event.INVITATION_SENT, visit=visit.id)
    mail.outbox.clear()
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="clinic")
    deliver_all(Event.VISIT_CANCELLED, visit=visit.id)
    assert [message.to for message in mail.outbox] == [["ayse@example.org"]]
    _name, content, _kind = mail.outbox[0].attachments[0]
    assert Calendar.from_ical(content)["METHOD"] == "CANCEL"


def test_an_invitation_to_a_cancelled_visit_is_not_sent(stage: Stage) -> None:
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    post = Post(channel="email", address="ayse@example.org")
    send_invitation(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id, post=post)
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="clinic")
    do_what_waits("consult.send_invitation")
    assert mail.outbox == []


def test_who_was_removed_while_the_letter_waited_is_sent_no_link(stage: Stage) -> None:
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    guest = add_guest(grant=grant, visit=visit.id, role="relative", name="Deniz", language="de")
    post = Post(channel="email", address="deniz@example.org")
    send_invitation(grant=grant, visit=visit.id, guest=guest, post=post)
    remove_guest(grant=grant, visit=visit.id, guest=guest)
    do_what_waits("consult.send_invitation")
    assert mail.outbox == []
    assert not Pass.objects.exists()


def test_without_a_mail_server_no_letter_is_promised(stage: Stage, settings: object) -> None:
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    post = Post(channel="email", address="ayse@example.org")
    with pytest.raises(NoMail):
        send_invitation(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id, post=post)


def test_a_letter_that_cannot_be_sent_any_more_is_given_up_with_one_line_in_the_log(
    stage: Stage, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    post = Post(channel="email", address="ayse@example.org")
    send_invitation(grant=grant, visit=visit.id, guest=guests(grant=grant)[0].id, post=post)
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
    do_what_waits("consult.send_invitation")
    assert [record.message for record in caplog.records] == [
        "No mail server is named (TELEWARD_MAIL_URL): a letter was not sent."
    ]
    assert (Invitation.objects.get().sent_at, mail.outbox) == (None, [])


def test_how_a_device_was_connected_is_forgotten_after_ninety_days_and_not_before(stage: Stage) -> None:
    for visit, age in ((stage.visit_now(), 91), (stage.visit_now(), 89)):
        Visit.objects.filter(id=visit.id).update(
            starts_at=now() - timedelta(days=age, hours=1), ends_at=now() - timedelta(days=age)
        )
        seat = Seat.objects.create(
            visit_id=visit.id, peer="a" * 32, person=stage.doctor.id, role="host", name="x"
        )
        EquipmentCheck.objects.create(seat=seat, path="direct", camera=True, microphone=True, speaker=True)
    forget(0)
    assert EquipmentCheck.objects.count() == 1

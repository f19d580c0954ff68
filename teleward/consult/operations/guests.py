"""Who is asked to come, and the one link each of them has at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.passes import PassTooLong, issue_pass, revoke_pass
from teleward.consult.models import Guest, Invitation, Visit
from teleward.consult.operations.live_room import ROOM_SIZE
from teleward.consult.operations.moves import lock_open_visit, move_visit
from teleward.consult.states import VisitEvent
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.kernel.mail import NoMail, mail_is_set_up
from teleward.kernel.notices import notify

THIRD_ROLES = ("interpreter", "relative", "clinician")
AFTER_THE_VISIT = timedelta(hours=24)  # the receipt stays readable for a day
LONGEST = timedelta(days=30)
ROOM_FOR_GUESTS = ROOM_SIZE - 1  # the host has a seat of their own


class TooManyGuests(Problem):
    """Host and three guests fill the room."""

    code = "consult:too-many-guests"
    status = 409
    message = _("Four people can take part at most. Remove someone before you add another.")


class NoAddress(Problem):
    """There is nowhere to send it to."""

    code = "consult:no-address"
    message = _("There is no address to send this to. Enter one, or copy the link.")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link just made. It exists here and on the way to its reader, nowhere else."""

    guest: UUID
    pass_id: UUID
    url: str


@dataclass(frozen=True, kw_only=True)
class Post:
    """By which channel, and where to: an e-mail address or a telephone number."""

    channel: str
    address: str


def add_guest(*, grant: Grant, visit: UUID, role: str, name: str, language: str) -> UUID:
    """Asks a third participant in: an interpreter, a relative or a second clinician. Raises TooManyGuests."""
    grant.must_cover(Action.VISIT_INVITE, subject=visit)
    if role not in THIRD_ROLES:
        raise NotFound
    with transaction.atomic():
        row = lock_open_visit(visit)
        if row.guests.filter(removed_at=None).count() >= ROOM_FOR_GUESTS:
            raise TooManyGuests
        found = Guest.objects.create(
            visit=row, role=role, name=name[:120], language=language, by=grant.actor.id
        )
        record(grant=grant, detail={"asked": role})
        return found.id


def remove_guest(*, grant: Grant, visit: UUID, guest: UUID) -> None:
    """A third participant is not wanted any more; their link stops working. The patient cannot be removed."""
    grant.must_cover(Action.VISIT_INVITE, subject=visit)
    with transaction.atomic():
        found = _guest(lock_open_visit(visit), guest)
        if found.role == "patient":
            raise NotFound
        if found.pass_id is not None:
            revoke_pass(grant=grant, pass_id=found.pass_id)
        found.removed_at = now()
        found.save(update_fields=["removed_at"])
        record(grant=grant, detail={"removed": found.role})
        notify("visit-changed", visit=visit)


def show_link(*, grant: Grant, visit: UUID, guest: UUID) -> Link:
    """A fresh link to be shown once; an older one of this guest stops working."""
    grant.must_cover(Action.VISIT_INVITE, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        found = _guest(row, guest)
        link = fresh_link(grant=grant, guest=found)
        written = Invitation.objects.create(
            guest=found, pass_id=link.pass_id, channel="shown", sent_at=now(), by=grant.actor.id
        )
        move_visit(row, VisitEvent.INVITE)
        publish(Event.INVITATION_SENT, visit=visit, invitation=written.id)
        return link


def send_invitation(*, grant: Grant, visit: UUID, guest: UUID, post: Post) -> None:
    """Writes the invitation and hands it to the post job, which makes the link itself.

    Raises NoAddress, NoMail or PassTooLong.
    """
    grant.must_cover(Action.VISIT_INVITE, subject=visit)
    if post.channel == "email" and not mail_is_set_up():
        raise NoMail
    if not post.address.strip():
        raise NoAddress
    with transaction.atomic():
        row = lock_open_visit(visit)
        if row.ends_at > now() + LONGEST:
            raise PassTooLong
        written = new_id()
        where = seal(
            patient=row.patient, plaintext=post.address.strip().encode(), context=f"address:{written}"
        )
        Invitation.objects.create(
            id=written, guest=_guest(row, guest), channel=post.channel, address=where, by=grant.actor.id
        )
        move_visit(row, VisitEvent.INVITE)
        app.configure_task("consult.send_invitation", allow_unknown=True).defer(invitation=str(written))


def fresh_link(*, grant: Grant, guest: Guest, given_by: UUID | None = None) -> Link:
    """Issues a pass and takes the earlier one back. Its token is only in the answer.

    `given_by` is who chose an address for it that is not the patient's.
    """
    grant.must_cover(Action.VISIT_INVITE, subject=guest.visit_id)
    visit = guest.visit
    issued = issue_pass(
        grant=grant,
        visit=visit.id,
        patient=visit.patient,
        organisation=visit.organisation,
        role=guest.role,
        name=guest.name,
        language=guest.language,
        expires_at=_expiry(visit),
        given_by=given_by,
    )
    if guest.pass_id is not None:
        revoke_pass(grant=grant, pass_id=guest.pass_id)
    guest.pass_id = issued.id
    guest.save(update_fields=["pass_id"])
    return Link(guest=guest.id, pass_id=issued.id, url=f"{settings.ORIGIN}/join/{issued.token}/")


def _expiry(visit: Visit) -> datetime:
    """A day after the visit, thirty days from now at the latest, never before the visit's end."""
    return max(visit.ends_at, min(visit.ends_at + AFTER_THE_VISIT, now() + LONGEST))


def _guest(row: Visit, guest: UUID) -> Guest:
    found = row.guests.select_for_update().filter(id=guest, removed_at=None).first()
    if found is None:
        raise NotFound
    return found

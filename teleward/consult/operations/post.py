"""Sending what was written: the link is made in the moment it is sent, and kept nowhere."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from teleward.access.grants import NOBODY, Action, Actor, Grant
from teleward.access.queries.naming import naming_for
from teleward.access.queries.patients import contact
from teleward.access.queries.people import organisation
from teleward.consult import letters
from teleward.consult.calendar_file import CalendarEntry, calendar_file
from teleward.consult.models import Guest, Invitation, InvitationKey, Visit
from teleward.consult.operations.guests import fresh_link
from teleward.consult.queries.subjects import certain
from teleward.consult.sms import gateway
from teleward.consult.states import OPEN_STATES
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event, publish
from teleward.kernel.mail import mail_is_sent
from teleward.kernel.openings import without_grant


@without_grant("Ids only: the job asks the gate about this visit next.")
def visit_of_invitation(*, invitation: UUID) -> UUID | None:
    """The visit of an invitation that still has to be sent, or None when there is nothing left to do."""
    found = InvitationKey.objects.filter(id=invitation, sent_at=None, guest__visit__state__in=OPEN_STATES)
    return found.values_list("guest__visit", flat=True).first()


def deliver(*, grant: Grant, invitation: UUID) -> None:
    """Makes the link and sends it. If sending fails nothing has changed, and the job tries again.

    Who was removed while it waited is sent none.
    """
    grant.must_cover(Action.VISIT_INVITE)
    with transaction.atomic():
        row = _unsent(invitation, grant.subject.id)
        if row.guest.removed_at is not None or (row.channel == "email" and not mail_is_sent()):
            return
        link = fresh_link(grant=grant, guest=row.guest, given_by=None if _is_known(grant, row) else row.by)
        row.pass_id, row.sent_at = link.pass_id, now()
        row.save(update_fields=["pass_id", "sent_at"])
        publish(Event.INVITATION_SENT, visit=row.guest.visit_id, invitation=row.id)
        _send(row, link.url)


def call_off(*, grant: Grant) -> None:
    """Tells everybody who was written to by e-mail that the visit will not take place."""
    grant.must_cover(Action.VISIT_CANCEL)
    rows = Invitation.objects.filter(guest__visit=grant.subject.id, channel="email", sent_at__isnull=False)
    rows = rows.select_related("guest__visit").order_by("guest", "-at").distinct("guest")
    for row in rows if rows and mail_is_sent() else ():
        note = letters.farewell(about=_about(row.guest), name=row.guest.name)
        _mail(_address(row), note, calendar(row.guest.visit, row.guest.language))


def calendar(visit: Visit, language: str, *, reader: Actor = NOBODY) -> bytes:
    """The calendar file of a visit as it stands, for a patient unless `reader` is somebody else."""
    about = _appointment(visit, language, reader)
    entry = CalendarEntry(
        visit=visit.id,
        host=settings.ALLOWED_HOSTS[0],
        sequence=visit.sequence,
        title=letters.title(about),
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        zone=visit.time_zone,
        stamp=visit.booked_at,
        cancelled=visit.state == "cancelled",
    )
    return calendar_file(entry)


def calendar_of(*, grant: Grant, language: str) -> bytes:
    """The calendar file of the visit the grant is about. Raises NotFound."""
    grant.must_cover(Action.VISIT_READ, Action.VISIT_PREPARE)
    row = Visit.objects.filter(id=certain(grant.subject.id)).first()
    if row is None:
        raise NotFound
    return calendar(row, language, reader=grant.actor)


def _unsent(invitation: UUID, visit: UUID | None) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self", "guest")).select_related("guest__visit")
    found = rows.filter(id=invitation, sent_at=None, guest__visit=visit).first()
    if found is None:
        raise NotFound
    return found


def _send(row: Invitation, url: str) -> None:
    about = _about(row.guest)
    if row.channel == "sms":
        gateway().send(number=_address(row), text=letters.short_message(about=about, link=url))
        return
    written = letters.letter(about=about, name=row.guest.name, link=url)
    _mail(_address(row), written, calendar(row.guest.visit, row.guest.language))


def _mail(address: str, written: letters.Letter, file: bytes) -> None:
    message = EmailMessage(subject=written.subject, body=written.text, to=[address])
    message.attach("appointment.ics", file.decode(), "text/calendar")
    message.send()


def _is_known(grant: Grant, row: Invitation) -> bool:
    """Whether it goes to where the patient's entry says that they are reached."""
    kept = contact(grant=grant, patient_id=row.guest.visit.patient)
    return _plain(_address(row)) in {_plain(kept.email), _plain(kept.telephone)}


def _plain(address: str) -> str:
    return "".join(address.split()).casefold()


def _address(row: Invitation) -> str:
    sealed = bytes(row.address or b"")
    return unseal(patient=row.guest.visit.patient, sealed=sealed, context=f"address:{row.id}").decode()


def _about(guest: Guest) -> letters.Appointment:
    return _appointment(guest.visit, guest.language, NOBODY)


def _appointment(visit: Visit, language: str, reader: Actor) -> letters.Appointment:
    practice = organisation(organisation_id=visit.organisation)
    called = naming_for(reader=reader, organisation=visit.organisation)
    with translation.override(language):
        clinician = called.of(visit.host, visit.host_name)
    return letters.Appointment(
        practice=practice.short_name,
        telephone=practice.telephone,
        clinician=clinician,
        starts_at=visit.starts_at,
        minutes=int((visit.ends_at - visit.starts_at).total_seconds() // 60),
        zone=visit.time_zone,
        language=language,
    )

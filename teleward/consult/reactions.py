"""What this room does when something has happened: it writes to people, and keeps the chart's copy."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.consult.operations.elsewhere import follow_request
from teleward.consult.operations.forms import file_answers
from teleward.consult.operations.post import call_off
from teleward.consult.operations.projections import (
    notes_go_on,
    project_appointment,
    project_communication,
    project_consent,
    project_encounter,
    project_notes,
)
from teleward.consult.queries.notes import notes_of_visit
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.events import Event, reaction


@reaction(Event.VISIT_CANCELLED)
def tell_that_it_is_off(visit: UUID) -> None:
    """Writes to those who were invited by e-mail."""
    call_off(grant=_grant(Action.VISIT_CANCEL, visit))


@reaction(Event.VISIT_BOOKED)
@reaction(Event.VISIT_CANCELLED)
@reaction(Event.VISIT_ARRIVED)
@reaction(Event.VISIT_MISSED)
@reaction(Event.VISIT_ENDED)
def keep_appointment(visit: UUID) -> None:
    """The chart's Appointment follows."""
    project_appointment(grant=_grant(Action.RECORD_WRITE, visit))


@reaction(Event.VISIT_ENDED)
def keep_encounter(visit: UUID) -> None:
    """The chart's Encounter follows."""
    project_encounter(grant=_grant(Action.RECORD_WRITE, visit))


@reaction(Event.VISIT_ENDED)
@reaction(Event.NOTE_WRITTEN)
def keep_notes(visit: UUID) -> None:
    """The chart's documents follow, where another system of the practice is to have them."""
    writing = _grant(Action.RECORD_WRITE, visit)
    if notes_go_on(grant=writing):
        project_notes(grant=writing, notes=notes_of_visit(grant=_grant(Action.NOTE_READ, visit)))


@reaction(Event.CONSENT_GIVEN)
@reaction(Event.CONSENT_WITHDRAWN)
def keep_consent(visit: UUID, consent: UUID) -> None:
    """The chart's Consent follows."""
    project_consent(grant=_grant(Action.RECORD_WRITE, visit), consent=consent)


@reaction(Event.FORM_ANSWERED)
def keep_answers(visit: UUID, form: UUID) -> None:
    """The chart's QuestionnaireResponse follows."""
    file_answers(grant=_grant(Action.RECORD_WRITE, visit), form=form)


@reaction(Event.INVITATION_SENT)
def keep_communication(visit: UUID, invitation: UUID) -> None:
    """The chart's Communication follows: that somebody was written to, never what."""
    project_communication(grant=_grant(Action.RECORD_WRITE, visit), invitation=invitation)


@reaction(Event.APPOINTMENT_RECEIVED)
def follow_the_other_system(request: UUID) -> None:
    """The calendar follows what another system says of an appointment."""
    follow_request(request=request)


def _grant(action: Action, visit: UUID) -> Grant:
    subject = visit_subject(visit=visit)
    return system_grant(action=action, organisation=subject.organisation, subject=subject, via="job")

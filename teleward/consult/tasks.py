"""Jobs: sending invitations, and noticing who did not come."""

from uuid import UUID

from teleward.access.grants import Action
from teleward.access.operations.people import system_grant
from teleward.consult.operations.endings import mark_missed, overdue
from teleward.consult.operations.post import deliver, visit_of_invitation
from teleward.consult.operations.retention import forget_connection_data
from teleward.consult.operations.tables import forget_tables
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.jobs import job


@job("consult.send_invitation", passes=Action.VISIT_INVITE.value)
def send_invitation(invitation: str) -> None:
    """Sends one invitation. What was sent, or belongs to a visit that is over, is left alone."""
    visit = visit_of_invitation(invitation=UUID(invitation))
    if visit is None:
        return
    subject = visit_subject(visit=visit)
    grant = system_grant(
        action=Action.VISIT_INVITE, organisation=subject.organisation, subject=subject, via="job"
    )
    deliver(grant=grant, invitation=UUID(invitation))


@job("consult.mark_missed_visits", passes=Action.VISIT_END.value, periodic="*/10 * * * *")
def mark_missed_visits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Marks visits nobody came to."""
    for visit in overdue():
        subject = visit_subject(visit=visit)
        grant = system_grant(
            action=Action.VISIT_END, organisation=subject.organisation, subject=subject, via="job"
        )
        mark_missed(grant=grant, visit=visit)


@job(
    "consult.forget_connection_data",
    passes="Reads nothing: deletes data that are too old.",
    periodic="20 3 * * *",
)
def forget(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Forgets how devices were connected."""
    forget_connection_data()


@job(
    "consult.forget_tables",
    passes=Action.VISIT_BOOK.value,
    periodic="35 * * * *",
)
def forget_old_tables(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Forgets tables of appointments that nobody booked, and old reports."""
    forget_tables()

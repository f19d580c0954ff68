"""The grants of what this room does by itself, each with its ledger entry like any other."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.kernel.openings import without_grant
from teleward.watch.queries.cases import case_subject


@without_grant("The way in: it asks the gate for what the server does by itself.")
def grant_for_case(*, case: UUID) -> Grant:
    """For sending word about one case. Raises NotFound."""
    subject = case_subject(case=case)
    return system_grant(
        action=Action.CASE_READ, organisation=subject.organisation, subject=subject, via="job"
    )


@without_grant("The way in: it asks the gate for what the server does by itself.")
def grant_for_desk(*, organisation: UUID | None) -> Grant:
    """For opening and settling cases of a practice."""
    return system_grant(action=Action.CASE_LIST, organisation=organisation, via="job")

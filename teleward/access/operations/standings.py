"""What upper rooms tell access about who has to do with whom."""

from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.models import Standing

TELLING = (Action.VISIT_BOOK, Action.VISIT_CANCEL, Action.VISIT_END, Action.VISIT_INVITE)


def record_standing(
    *,
    grant: Grant,
    visit: UUID,
    organisation: UUID,
    patient: UUID,
    staff: UUID,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    """A member of staff has a visit with a patient, as `host` or `second`. Told again, it is corrected."""
    grant.must_cover(*TELLING)
    Standing.objects.update_or_create(
        visit=visit,
        staff_id=staff,
        defaults={
            "organisation_id": organisation,
            "patient_id": patient,
            "role": role,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "ended_at": None,
        },
    )


def end_standing(*, grant: Grant, visit: UUID, at: datetime) -> None:
    """The visit is over: from here the time after it runs."""
    grant.must_cover(*TELLING)
    Standing.objects.filter(visit=visit, ended_at=None).update(ended_at=at)


def withdraw_standing(*, grant: Grant, visit: UUID) -> None:
    """The visit was called off: it explains no access any more, not even for a while."""
    grant.must_cover(Action.VISIT_CANCEL)
    Standing.objects.filter(visit=visit).delete()

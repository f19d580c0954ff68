"""One line instead of a block: why somebody opens an entry that nothing else explains."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.access.models import Standing, TypedReason
from teleward.access.queries.reasons import WORDS
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id

STANDS = timedelta(hours=12)  # a working day; the session ends it earlier
SHORTEST, LONGEST = 4, 200


class ReasonTooShort(Problem):
    """Nothing that anybody could check."""

    code = "access:reason-too-short"
    status = 422
    message = _("Write in one line why you open this entry, at most 200 characters.")


@transaction.atomic
def give_reason(*, grant: Grant, words: str) -> UUID:
    """The reason stands for this patient and this session until the day ends. Raises ReasonTooShort."""
    grant.must_cover(Action.REASON_GIVE)
    line = " ".join(words.split())
    if not SHORTEST <= len(line) <= LONGEST:
        raise ReasonTooShort
    patient, person, session = grant.subject.patient, grant.actor.id, grant.actor.session
    if patient is None or person is None or session is None:
        raise NotCovered
    at, key = now(), new_id()
    TypedReason.objects.create(
        id=key,
        person_id=person,
        patient_id=patient,
        session=session,
        words=seal(patient=patient, plaintext=line.encode(), context=WORDS),
        given_at=at,
        ends_at=at + STANDS,
    )
    Standing.objects.create(
        kind="reason",
        source=key,
        session=session,
        organisation_id=grant.organisation,
        patient_id=patient,
        staff_id=person,
        starts_at=at,
        ends_at=at + STANDS,
    )
    record(grant=grant, detail={"reason": str(key)})
    publish(Event.REASON_GIVEN, reason=key)
    return key

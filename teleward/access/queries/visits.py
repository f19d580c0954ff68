"""What rooms beside `consult` know of a visit, whose, whether over, how close it is kept."""

from datetime import datetime
from uuid import UUID

from teleward.access.grants import Subject
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import rows

KNOWN = b"""
SELECT organisation_id, patient_id, bool_and(ended_at IS NOT NULL OR kind = 'cancelled'),
    coalesce((SELECT category FROM access_closervisit_key WHERE visit = $1::uuid), '')
FROM access_standing_key WHERE visit = $1::uuid GROUP BY organisation_id, patient_id
"""
CLOSER = b"SELECT visit, told_at FROM access_closervisit_key WHERE patient_id = $1::uuid AND category <> ''"


@without_grant("Ids only: it is what the gate is asked about.")
def subject_of_visit(*, visit: UUID) -> Subject:
    """The visit as a subject of the gate. Raises NotFound."""
    for practice, patient, _is_over, category in rows(KNOWN, (visit,)):
        return Subject(kind="Visit", id=visit, organisation=practice, patient=patient, category=category)
    raise NotFound


@without_grant("A state only: nothing is begun in a visit that is over.")
def is_over(*, visit: UUID) -> bool:
    """Whether the visit has ended or was called off; so is one that nobody has."""
    return all(over for _practice, _patient, over, _category in rows(KNOWN, (visit,)))


@without_grant("Ids only: what is of these visits is left out, or asked about by itself.")
def visits_kept_closer(*, patient: UUID) -> dict[UUID, datetime]:
    """The visits of a patient that are kept closer, and since when."""
    return dict(rows(CLOSER, (patient,)))

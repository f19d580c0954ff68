"""What the gate has to know about a visit before it can decide: ids only."""

from uuid import UUID

from teleward.access.grants import Subject
from teleward.consult.models import Visit
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant


@without_grant("No data: an id that has to be there.")
def certain(identifier: UUID | None) -> UUID:
    """The identifier. Raises NotFound where there is none."""
    if identifier is None:
        raise NotFound
    return identifier


@without_grant("Ids only: it is what the gate is asked about.")
def visit_subject(*, visit: UUID) -> Subject:
    """The visit as a subject of the gate. Raises NotFound."""
    row = Visit.objects.filter(id=visit).values("organisation", "patient", "category").first()
    if row is None:
        raise NotFound
    return Subject(kind="Visit", id=visit, **row)

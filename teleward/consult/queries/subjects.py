"""What the gate has to know about a visit before it can decide: ids only."""

from uuid import UUID

from teleward.access.grants import Subject
from teleward.consult.models import VisitKey
from teleward.kernel.errors import NotFound
from teleward.kernel.fence import open_for
from teleward.kernel.openings import without_grant


@without_grant("No data: an id that has to be there.")
def certain(identifier: UUID | None) -> UUID:
    """The identifier. Raises NotFound where there is none."""
    if identifier is None:
        raise NotFound
    return identifier


@without_grant("Ids only: the fence opens for what the server does by itself, or for a socket let in before.")
def open_practice_of(*, visit: UUID) -> None:
    """From here on the rows of this visit's practice are there (kernel.fence)."""
    practice = VisitKey.objects.filter(id=visit).values_list("organisation", flat=True).first()
    if practice is not None:
        open_for(practice=practice)


@without_grant("Ids only: it is what the gate is asked about.")
def visit_subject(*, visit: UUID) -> Subject:
    """The visit as a subject of the gate. Raises NotFound."""
    row = VisitKey.objects.filter(id=visit).values("organisation", "patient", "category").first()
    if row is None:
        raise NotFound
    return Subject(kind="Visit", id=visit, **row)

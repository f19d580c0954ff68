"""Which connections there are and what is due there: ids and times, before the gate is asked."""

from dataclasses import dataclass
from uuid import UUID

from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant
from teleward.records.models import Connection, OutgoingKey, Pause


@dataclass(frozen=True, kw_only=True)
class Connected:
    """One connection that stands, and the types of resources it wants."""

    id: UUID
    kind: str
    sends: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something that is to go out now, of whom."""

    id: UUID
    patient: UUID


@without_grant("How the practice is connected is nobody's data.")
def connected(*, practice: UUID) -> tuple[Connected, ...]:
    """The connections of a practice that were not ended, by name."""
    rows = Connection.objects.filter(organisation=practice, disconnection=None).order_by("name", "id")
    return tuple(
        Connected(id=row.id, kind=row.kind, sends=frozenset(row.settings.get("sends", ()))) for row in rows
    )


@without_grant("How the practice is connected is nobody's data.")
def is_wanted(*, practice: UUID, kind: str) -> bool:
    """Whether some system of the practice is to have resources of this type."""
    return any(kind in each.sends for each in connected(practice=practice))


@without_grant("Ids only: each is asked about at the gate before anything is read.")
def connections_due() -> tuple[UUID, ...]:
    """The connections, not paused and not ended, for which something is due."""
    due = OutgoingKey.objects.filter(due_at__lte=now()).values("connection")
    paused = Pause.objects.filter(ended_at=None).values("connection")
    rows = Connection.objects.filter(id__in=due, disconnection=None).exclude(id__in=paused)
    return tuple(rows.values_list("id", flat=True))


@without_grant("Ids only: each is asked about at the gate before anything is read.")
def next_due(*, connection: UUID) -> Due | None:
    """What is to go out there next. Of one patient, nothing overtakes what waits there since longer."""
    waiting = OutgoingKey.objects.filter(connection=connection, due_at__isnull=False)
    behind: set[UUID] = set()
    for row in waiting.order_by("queued_at", "id"):
        if row.patient not in behind and row.due_at is not None and row.due_at <= now():
            return Due(id=row.id, patient=row.patient)
        behind.add(row.patient)
    return None

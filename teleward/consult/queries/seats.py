"""Who is in the lobby and the room."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.consult.cards import CheckCard, SeatCard
from teleward.consult.models import Company, EquipmentCheck, Seat
from teleward.kernel.envelope import unseal


def seats(*, grant: Grant, visit: UUID) -> tuple[SeatCard, ...]:
    """Every seat of the visit that has not left, in order of arrival. For the host and for the hub."""
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, Action.VISIT_LIST, subject=visit)
    rows = (
        Seat.objects.filter(visit=visit)
        .exclude(state="left")
        .select_related("visit")
        .order_by("arrived_at", "id")
    )
    return tuple(seat_card(row) for row in rows)


def seat_card(row: Seat) -> SeatCard:
    """The card of one row."""
    return SeatCard(
        peer=row.peer,
        number=row.number,
        role=row.role,
        name=row.name,
        state=row.state,
        person=row.person,
        pass_id=row.pass_id,
        arrived_at=row.arrived_at,
        mode=row.mode,
        check=_check(row),
        company=_company(row),
    )


def _check(row: Seat) -> CheckCard | None:
    found = EquipmentCheck.objects.filter(seat=row).order_by("-at").first()
    if found is None:
        return None
    return CheckCard(path=found.path, camera=found.camera, microphone=found.microphone, speaker=found.speaker)


def _company(row: Seat) -> tuple[str, ...]:
    found = Company.objects.filter(seat=row).order_by("-at").first()
    if found is None:
        return ()
    text = unseal(patient=row.visit.patient, sealed=bytes(found.who), context=f"company:{found.id}")
    return tuple(text.decode().splitlines())

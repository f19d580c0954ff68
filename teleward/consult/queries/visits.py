"""Appointments: a clinician's day, one visit, a patient's visits, free times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.queries.lists import Row, looked_at_twice, page
from teleward.access.queries.naming import Naming, naming_for
from teleward.consult.cards import SeatCard, VisitCard
from teleward.consult.local_time import span
from teleward.consult.models import Choice, Seat, Visit, VisitKey
from teleward.consult.queries.seats import seat_card
from teleward.consult.queries.subjects import certain
from teleward.consult.states import OPEN_STATES
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

ROW = Row(kind="Visit", id="id", organisation="organisation", patient="patient", category="category")
MOST_IN_A_DAY = 288  # one every five minutes
MOST = 1000  # visits or notes of one patient
STEP = timedelta(minutes=5)
HORIZON = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One line of the clinician's day."""

    visit: VisitCard
    waiting: tuple[SeatCard, ...]


def day(*, grant: Grant, host: UUID, day: date, zone: str) -> tuple[DayRow, ...]:
    """The host's visits that begin on this day in `zone`, in order, with who waits for each.

    Only those that the policies let be listed; each of their patients is told that they stood in the list.
    """
    grant.must_cover(Action.VISIT_LIST)
    start, end = span(day=day, zone=zone)
    planned = _visits(grant).filter(host=host, starts_at__gte=start, starts_at__lt=end).order_by("starts_at")
    rows = page(planned, grant=grant, action=Action.VISIT_LIST, row=ROW, most=MOST_IN_A_DAY)
    waiting: dict[UUID, list[SeatCard]] = {row.id: [] for row in rows}
    for seat in (
        Seat.objects.select_related("visit").filter(visit__in=rows, state="waiting").order_by("arrived_at")
    ):
        waiting[seat.visit_id].append(seat_card(seat))
    return tuple(DayRow(visit=card, waiting=tuple(waiting[card.id])) for card in cards(rows))


def visit(*, grant: Grant) -> VisitCard:
    """The visit the grant is about. Raises NotFound."""
    grant.must_cover(*VISIT_ACTIONS)
    row = Visit.objects.filter(id=certain(grant.subject.id)).first()
    if row is None:
        raise NotFound
    return cards([row], naming=_naming(grant))[0]


VISIT_ACTIONS = (
    Action.VISIT_READ,
    Action.VISIT_INVITE,
    Action.VISIT_CANCEL,
    Action.VISIT_HOST,
    Action.VISIT_ADMIT,
    Action.VISIT_IDENTIFY,
    Action.VISIT_CONSENT,
    Action.VISIT_END,
    Action.VISIT_PREPARE,
    Action.VISIT_JOIN,
    Action.VISIT_CLAIM,
    Action.RECEIPT_READ,
    Action.NOTE_READ,
    Action.NOTE_WRITE,
    Action.RECORD_WRITE,
)


def visits_of_patient(*, grant: Grant) -> tuple[VisitCard, ...]:
    """Every visit of the patient the grant is about, newest first; for staff those that they may open."""
    grant.must_cover(
        Action.PATIENT_READ,
        Action.RECORD_READ,
        Action.WINDOW_OPEN,
        Action.LEDGER_READ,
        Action.WINDOW_EXPORT,
        Action.ERASURE_ASK,
        Action.ERASURE_ANSWER,
    )
    rows = Visit.objects.filter(
        patient=certain(grant.subject.patient), organisation=certain(grant.subject.organisation)
    )
    rows = rows.order_by("-starts_at")
    if grant.action not in {Action.PATIENT_READ, Action.RECORD_READ}:  # the patient's own
        return cards(rows, naming=_naming(grant))
    return cards(looked_at_twice(rows, grant=grant, action=Action.VISIT_READ, row=ROW, most=MOST))


def purpose(*, grant: Grant) -> str:
    """What the visit is about, in words; "" where nothing was written."""
    grant.must_cover(Action.NOTE_READ, Action.VISIT_HOST)
    row = Visit.objects.filter(id=certain(grant.subject.id)).first()
    if row is None or row.purpose is None:
        return ""
    return unseal(patient=row.patient, sealed=bytes(row.purpose), context=f"purpose:{row.id}").decode()


def category(*, grant: Grant) -> str:
    """The kind of a visit that is kept closer; "" where it is kept as usual."""
    grant.must_cover(Action.NOTE_READ, Action.NOTE_WRITE)
    found = Visit.objects.filter(id=certain(grant.subject.id)).values_list("category", flat=True).first()
    return found or ""


@without_grant("Instants of one diary, nobody's name.")
def taken(*, host: UUID, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The planned, open visits of a clinician that touch this time: instants only, nobody's name."""
    rows = VisitKey.objects.filter(
        host=host, planned=True, state__in=OPEN_STATES, starts_at__lt=end, ends_at__gt=start
    ).order_by("starts_at")
    return list(rows.values_list("starts_at", "ends_at"))


@without_grant("Instants of one diary, nobody's name.")
def nearest_free(*, host: UUID, starts_at: datetime, minutes: int) -> tuple[datetime, ...]:
    """The nearest free beginnings before and after a taken one, at most one each, within twelve hours."""
    length = timedelta(minutes=minutes)
    busy = taken(host=host, start=starts_at - HORIZON, end=starts_at + HORIZON + length)

    def first(step: timedelta) -> datetime | None:
        tries = (starts_at + step * n for n in range(1, HORIZON // STEP))
        return next((at for at in tries if all(at >= e or at + length <= s for s, e in busy)), None)

    return tuple(at for at in (first(-STEP), first(STEP)) if at is not None)


@without_grant("Turns rows that a grant opened into cards.")
def cards(rows: Iterable[Visit], *, naming: Naming | None = None) -> tuple[VisitCard, ...]:
    """The cards of these rows, with the mode each patient chose last; `naming` where patients read them."""
    rows, called = list(rows), naming or Naming()
    chosen = dict(Choice.objects.filter(visit__in=rows).order_by("at", "id").values_list("visit", "mode"))
    return tuple(_card(row, chosen.get(row.id, ""), called) for row in rows)


def _naming(grant: Grant) -> Naming:
    return naming_for(reader=grant.actor, organisation=grant.organisation)


def _card(row: Visit, chosen_mode: str, naming: Naming) -> VisitCard:
    return VisitCard(
        id=row.id,
        organisation=row.organisation,
        patient=row.patient,
        host=row.host,
        host_name=naming.of(row.host, row.host_name),
        time_zone=row.time_zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        planned=row.planned,
        modes=tuple(row.modes),
        state=row.state,
        chosen_mode=chosen_mode,
    )


def _visits(grant: Grant) -> QuerySet[Visit]:
    return Visit.objects.filter(organisation=certain(grant.subject.organisation))

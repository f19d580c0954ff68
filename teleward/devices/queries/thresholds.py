"""The limits that hold for a patient, who set them and why; and the quiet hours of a practice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.access.queries.naming import naming_for
from teleward.access.queries.people import staff_names
from teleward.devices.limits import Range
from teleward.devices.models import QuietChange, Threshold, ThresholdKey
from teleward.devices.quiet import QuietHours
from teleward.devices.whose import whose
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

SAID = "devices.threshold/{}"
WHY = "devices.threshold.end/{}"
READING = (Action.READING_READ, Action.THRESHOLD_CHANGE, Action.ALERT_ACKNOWLEDGE)


class Words(msgspec.Struct, frozen=True):
    """What is sealed of a row: decimals as text, and why."""

    low: str | None = None
    high: str | None = None
    why: str = ""


decode = msgspec.json.Decoder(Words).decode


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of one code that hold, or held until `ended_at`."""

    id: UUID
    code: str
    range: Range
    why: str
    urgent: bool
    silent_days: int | None
    by: UUID
    by_name: str
    at: datetime
    ended_at: datetime | None
    ended_why: str

    @property
    def has_range(self) -> bool:
        """Whether there is a limit on either side."""
        return self.range.low is not None or self.range.high is not None


def limits_of(*, grant: Grant) -> tuple[Limits, ...]:
    """What holds for the grant's patient, by code."""
    grant.must_cover(*READING)
    rows = Threshold.objects.filter(patient=whose(grant), end=None)
    return _limits(grant, rows.order_by("quantity", "-at"))


def earlier_limits(*, grant: Grant, most: int = 20) -> tuple[Limits, ...]:
    """What held before, the last first."""
    grant.must_cover(*READING)
    rows = Threshold.objects.filter(patient=whose(grant)).exclude(end=None)
    return _limits(grant, rows.select_related("end").order_by("-end__at")[:most])


def range_of(*, grant: Grant, threshold: UUID) -> Range:
    """From where to where these limits of the grant's patient go, also where they ended. Raises NotFound."""
    grant.must_cover(*READING)
    row = Threshold.objects.filter(id=threshold, patient=whose(grant)).first()
    if row is None:
        raise NotFound
    said = decode(unseal(patient=row.patient, sealed=bytes(row.said), context=SAID.format(row.id)))
    return Range(low=_number(said.low), high=_number(said.high))


def quiet_hours(*, grant: Grant) -> QuietHours:
    """When the grant's practice is not told of what can wait."""
    grant.must_cover(*READING, Action.ALERT_LIST)
    return next(iter(_quiet(grant, 1)), QuietHours())


def quiet_changes(*, grant: Grant, most: int = 10) -> tuple[QuietHours, ...]:
    """The quiet hours of the grant's practice as they were set, the newest first."""
    grant.must_cover(Action.ALERT_LIST)
    return _quiet(grant, most)


def _quiet(grant: Grant, most: int) -> tuple[QuietHours, ...]:
    rows = QuietChange.objects.filter(organisation=grant.organisation).order_by("-at")[:most]
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    staff = staff_names(organisation_id=grant.organisation) if rows else {}
    names = {key: str(called.of(key, each.name)) for key, each in staff.items()}
    return tuple(
        QuietHours(
            begins=row.begins,
            ends=row.ends,
            by_default=False,
            by_name=names.get(row.by, ""),
            at=row.at,
            why=row.why,
        )
        for row in rows
    )


@without_grant("Ids only: whether the gate has to be asked at all.")
def is_watched(*, patient: UUID) -> bool:
    """Whether somebody wants to be told about this patient's readings."""
    return ThresholdKey.objects.filter(patient=patient, ended_at=None).exists()


@without_grant("Ids only: the job asks the gate about each patient next.")
def patients_to_be_missed() -> list[UUID]:
    """Patients of whom somebody wants to know that nothing came for days."""
    rows = ThresholdKey.objects.filter(ended_at=None).exclude(silent_days=None)
    return list(rows.order_by("patient").values_list("patient", flat=True).distinct())


def _limits(grant: Grant, rows: Iterable[Threshold]) -> tuple[Limits, ...]:
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    staff = staff_names(organisation_id=grant.organisation)
    names = {key: called.of(key, each.name) for key, each in staff.items()}
    return tuple(_one(row, names) for row in rows)


def _one(row: Threshold, names: dict[UUID, str]) -> Limits:
    said = decode(unseal(patient=row.patient, sealed=bytes(row.said), context=SAID.format(row.id)))
    end = getattr(row, "end", None)
    why = unseal(patient=row.patient, sealed=bytes(end.why), context=WHY.format(row.id)) if end else b""
    return Limits(
        id=row.id,
        code=row.quantity,
        range=Range(low=_number(said.low), high=_number(said.high)),
        why=said.why,
        urgent=row.urgent,
        silent_days=row.silent_days,
        by=row.by,
        by_name=names.get(row.by, ""),
        at=row.at,
        ended_at=end.at if end else None,
        ended_why=why.decode(),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

"""Setting and ending limits of one patient, and the quiet hours of a practice."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.devices.limits import QUIET, SILENCE
from teleward.devices.models import QuietChange, Threshold, ThresholdEnd
from teleward.devices.queries.quantities import quantity_of
from teleward.devices.queries.thresholds import SAID, WHY, Words
from teleward.devices.quiet import QuietHours
from teleward.devices.whose import whose
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.ids import new_id

SHORTEST = 5
REPLACED = ""  # other limits took its place
encode = msgspec.json.Encoder().encode


class LimitsTurned(Problem):
    """The lower end is not below the upper one, or a value nobody can have."""

    code = "devices:limits-turned"
    message = _("The lower limit has to be below the upper one, and both must be possible values.")


class NothingToTell(Problem):
    """Neither a limit nor a number of days."""

    code = "devices:nothing-to-tell"
    message = _("Enter a lower limit, an upper limit or a number of days.")


class DaysImpossible(Problem):
    """Too few or too many days without readings."""

    code = "devices:days-impossible"
    message = _("Choose between 1 and 90 days.")


class QuietTooLong(Problem):
    """Longer than it may be quiet."""

    code = "devices:quiet-too-long"
    message = _("It may be quiet for 12 hours at most. Choose a shorter time.")


class QuietUnexplained(Problem):
    """Nothing says why."""

    code = "devices:quiet-unexplained"
    message = _("Please write in a few words why the quiet hours change.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a clinician wants to be told about. `low`, `high` in the unit of the code; None: no limit."""

    code: str
    low: Decimal | None = None
    high: Decimal | None = None
    why: str = ""
    urgent: bool = False
    silent_days: int | None = None


@transaction.atomic
def set_threshold(*, grant: Grant, wanted: Wanted) -> UUID:
    """Sets limits for the grant's patient; those that held before are ended. Returns their id.

    Raises NotFound for a code nobody measures, NothingToTell, LimitsTurned or DaysImpossible.
    """
    grant.must_cover(Action.THRESHOLD_CHANGE)
    _must_be_possible(wanted)
    patient, made = whose(grant), new_id()
    _one_at_a_time(patient, wanted.code)
    for row in Threshold.objects.filter(patient=patient, quantity=wanted.code, end=None):
        _end(grant, row, REPLACED)
    said = encode(Words(low=_text(wanted.low), high=_text(wanted.high), why=wanted.why))
    Threshold.objects.create(
        id=made,
        by=_by(grant),
        organisation=grant.organisation,
        patient=patient,
        quantity=wanted.code,
        said=seal(patient=patient, plaintext=said, context=SAID.format(made)),
        urgent=wanted.urgent,
        silent_days=wanted.silent_days,
    )
    record(grant=grant, detail={"threshold": str(made), "code": wanted.code})
    return made


@transaction.atomic
def end_threshold(*, grant: Grant, threshold: UUID, why: str) -> None:
    """These limits hold no longer. Raises NotFound where they are another patient's or ended before."""
    grant.must_cover(Action.THRESHOLD_CHANGE)
    rows = Threshold.objects.select_for_update(of=("self",)).filter(patient=whose(grant), end=None)
    row = rows.filter(id=threshold).first()
    if row is None:
        raise NotFound
    _end(grant, row, why)
    record(grant=grant, detail={"ended": str(threshold), "code": row.quantity})


@transaction.atomic
def set_quiet_hours(*, grant: Grant, begins: time, ends: time, why: str) -> None:
    """From now on word that can wait waits between these times, on the practice's clock. Alike: never.

    Patients read it, colleagues read who set it and why. Raises QuietTooLong, QuietUnexplained.
    """
    grant.must_cover(Action.ALERT_LIST)
    if QuietHours(begins=begins, ends=ends).lasts > QUIET.most:
        raise QuietTooLong
    if len(why.strip()) < SHORTEST:
        raise QuietUnexplained
    QuietChange.objects.create(
        by=_by(grant), organisation=grant.organisation, begins=begins, ends=ends, why=why.strip()
    )
    record(grant=grant, detail={"quiet": [begins.isoformat(), ends.isoformat()]})


def _end(grant: Grant, row: Threshold, why: str) -> None:
    sealed = seal(patient=row.patient, plaintext=why.encode(), context=WHY.format(row.id))
    ThresholdEnd.objects.create(threshold=row, by=_by(grant), why=sealed)


def _by(grant: Grant) -> UUID:
    if grant.actor.id is None:
        raise NotCovered
    return grant.actor.id


def _must_be_possible(wanted: Wanted) -> None:
    quantity = quantity_of(wanted.code)
    ends = [end for end in (wanted.low, wanted.high) if end is not None]
    if not ends and wanted.silent_days is None:
        raise NothingToTell
    if any(not quantity.lowest <= end <= quantity.highest for end in ends) or ends != sorted(set(ends)):
        raise LimitsTurned
    if wanted.silent_days is not None and not SILENCE.fewest_days <= wanted.silent_days <= SILENCE.most_days:
        raise DaysImpossible


def _one_at_a_time(patient: UUID, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{patient}/{code}"])


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")

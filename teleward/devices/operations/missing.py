"""Readings that did not come for as many days as somebody wanted to know of."""

from datetime import datetime, timedelta
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.models import HomeReading
from teleward.devices.operations.alerts import miss
from teleward.devices.queries.quantities import kinds_of
from teleward.devices.queries.thresholds import Limits, limits_of
from teleward.devices.queries.trends import last_summed
from teleward.devices.whose import whose
from teleward.kernel.clock import now


def look_for_missing(*, grant: Grant) -> tuple[UUID, ...]:
    """An alert for each code of the grant's patient of which nothing came for too long. Idempotent."""
    grant.must_cover(Action.READING_READ)
    asked = [each for each in limits_of(grant=grant) if each.silent_days]
    return tuple(miss(grant=grant, limits=each) for each in asked if _is_silent(grant, each))


def _is_silent(grant: Grant, limits: Limits) -> bool:
    code = limits.code
    last = max(filter(None, (limits.at, _last_from_home(grant, code), last_summed(grant=grant, code=code))))
    return now() - last >= timedelta(days=limits.silent_days or 0)


def _last_from_home(grant: Grant, code: str) -> datetime | None:
    kinds = [kind.name for kind in kinds_of(code)]
    rows = HomeReading.objects.filter(patient=whose(grant), kind__in=kinds, at__lte=now())
    return rows.order_by("-at").values_list("at", flat=True).first()

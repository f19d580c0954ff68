"""How often the unusual happens: counted now, each figure with what it was counted from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import organisation
from teleward.audit.queries.counts import staff_days
from teleward.kernel.clock import now
from teleward.watch.models import Case, Given
from teleward.watch.times import REVIEWED_WITHIN

LOOKS_BACK = timedelta(days=30)
CODE_REPEATS = 3  # the same coded reason so often in the period: perhaps a rule is missing
WORDS_REPEAT = 5  # the same words


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A figure with its numerator and denominator; None where nothing could be counted."""

    of: int
    out_of: int
    per: int  # 1,000 accesses, 1 staff day, 100 cases

    @property
    def value(self) -> float | None:
        """The rate, or None."""
        return self.per * self.of / self.out_of if self.out_of else None


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A reason that is given again and again."""

    what: str  # code of an emergency; empty for typed words, which are not kept here
    person: UUID | None
    times: int


@dataclass(frozen=True, kw_only=True)
class DeskFigures:
    """Of the last 30 days."""

    since: datetime
    emergencies: Rate  # per 1,000 accesses of staff to a patient's data
    reasons: Rate  # per member of staff and day on which they opened anything
    in_time: Rate  # of the emergencies that are due, those answered within 72 hours, per 100
    overdue: int
    repeats: tuple[Repeat, ...]


def desk_figures(*, grant: Grant) -> DeskFigures:
    """The figures of the practice of the grant."""
    grant.must_cover(Action.FIGURES_READ)
    at = now()
    since = at - LOOKS_BACK
    zone = organisation(organisation_id=grant.organisation).time_zone
    days = staff_days(organisation=grant.organisation, since=since, zone=zone)
    emergencies = Case.objects.filter(organisation=grant.organisation, kind="emergency")
    lately = emergencies.filter(opened_at__gte=since)
    reasons = Given.objects.filter(organisation=grant.organisation, at__gte=since)
    due = lately.filter(opened_at__lte=at - REVIEWED_WITHIN)
    in_time = due.filter(review__at__lte=F("due_at")).count()
    return DeskFigures(
        since=since,
        emergencies=Rate(of=lately.count(), out_of=sum(day.accesses for day in days), per=1000),
        reasons=Rate(of=reasons.count(), out_of=len(days), per=1),
        in_time=Rate(of=in_time, out_of=due.count(), per=100),
        overdue=emergencies.filter(review=None, due_at__lt=at).count(),
        repeats=tuple(_repeats(lately.values_list("code", flat=True), grant, since)),
    )


def _repeats(codes: Iterable[str], grant: Grant, since: datetime) -> list[Repeat]:
    said = list(codes)
    often = [Repeat(what=code, person=None, times=said.count(code)) for code in sorted(set(said))]
    rows = Given.objects.filter(organisation=grant.organisation, at__gte=since)
    words = rows.values("person", "alike").annotate(times=Count("reason")).filter(times__gte=WORDS_REPEAT)
    typed = [Repeat(what="", person=row["person"], times=row["times"]) for row in words.order_by("-times")]
    return [each for each in often if each.times >= CODE_REPEATS] + typed

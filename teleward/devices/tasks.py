"""Jobs of this room: word that is due, what nobody took care of, what did not come, days in short."""

from datetime import date, datetime
from uuid import UUID

from teleward.access.grants import Action
from teleward.devices.operations.by_itself import grant_for_alert, grant_for_readings, grant_to_chart
from teleward.devices.operations.charting_home import CHART_HOUR, chart_hour
from teleward.devices.operations.housekeeping import look_ahead
from teleward.devices.operations.missing import look_for_missing
from teleward.devices.operations.summing import days_to_sum_up, sum_up
from teleward.devices.operations.telling import pass_on, tell
from teleward.devices.queries.alerts import alerts_to_pass_on, alerts_with_word_due
from teleward.devices.queries.thresholds import patients_to_be_missed
from teleward.kernel.jobs import job
from teleward.kernel.one_by_one import one_by_one


@job("devices.alerts", passes=Action.ALERT_ACKNOWLEDGE.value, periodic="*/5 * * * *")
def look_after_alerts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Every five minutes: the next are told of what nobody took care of, and word that is due goes out."""
    one_by_one(_look_after, dict.fromkeys([*alerts_to_pass_on(), *alerts_with_word_due()]))


@job("devices.missing", passes=Action.READING_READ.value, periodic="17 * * * *")
def look_for_what_did_not_come(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Every hour: patients of whom nothing came for as many days as somebody wanted to know of."""
    one_by_one(_look_for_missing, patients_to_be_missed())


@job("devices.days", passes=Action.READING_READ.value, periodic="*/2 * * * *")
def sum_up_days(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Every other minute: days that something came for are summed up anew."""
    days: dict[UUID, list[date]] = {}
    for patient, day in days_to_sum_up():
        days.setdefault(patient, []).append(day)
    one_by_one(_sum_up, days.items())


def _look_after(alert: UUID) -> None:
    grant = grant_for_alert(alert=alert)
    pass_on(grant=grant, alert=alert)
    tell(grant=grant, alert=alert)


def _look_for_missing(patient: UUID) -> None:
    look_for_missing(grant=grant_for_readings(patient=patient))


def _sum_up(of: tuple[UUID, list[date]]) -> None:
    patient, days = of
    grant = grant_for_readings(patient=patient)
    for day in days:
        sum_up(grant=grant, day=day)


@job(CHART_HOUR, passes=Action.RECORD_WRITE.value)
def chart_an_hour(patient: str, kind: str, hour: str) -> None:
    """An hour of what is measured all the time goes into the chart."""
    whose, begun = UUID(patient), datetime.fromisoformat(hour)
    chart_hour(grant=grant_to_chart(patient=whose), kind=kind, hour=begun)


@job(
    "devices.make_months",
    passes="Parts of tables, and words that are over: nobody's data.",
    periodic="23 3 * * *",
)
def make_months(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Each night: the readings of the months to come have their place, words that are over are forgotten."""
    look_ahead()

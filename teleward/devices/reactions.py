"""What this room does when something has happened."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.visits import subject_of_visit
from teleward.devices.operations.alert_tasks import chart_alert
from teleward.devices.operations.arrivals import weigh_again, weigh_batch, weigh_kept
from teleward.devices.operations.by_itself import grant_for_alert, grant_for_readings, grant_to_chart
from teleward.devices.operations.charting import chart_kept
from teleward.devices.operations.charting_home import chart_batch, chart_named
from teleward.devices.operations.disowning_charted import disown_observation
from teleward.devices.operations.leaving_out import leave_out_closer, leave_out_marked
from teleward.devices.operations.sharing import end_sharings
from teleward.devices.operations.telling import tell, tell_first
from teleward.devices.queries.sharings import is_shown_in, kept_named
from teleward.devices.queries.thresholds import is_watched
from teleward.devices.queries.wrong import Name, marked_together, taken_back_together
from teleward.kernel.events import Event, reaction


@reaction(Event.VISIT_ENDED)
@reaction(Event.VISIT_MISSED)
@reaction(Event.VISIT_CANCELLED)
def stop_showing(visit: UUID) -> None:
    """Nothing is shown any more; where nothing was, nobody reads that it ended."""
    if is_shown_in(visit=visit):
        end_sharings(grant=_grant(Action.READING_SHARE, visit))


@reaction(Event.READING_KEPT)
def chart(visit: UUID, kept: UUID) -> None:
    """The chart's Observation follows."""
    chart_kept(grant=_grant(Action.RECORD_WRITE, visit), kept=kept)


def _grant(action: Action, visit: UUID) -> Grant:
    subject = subject_of_visit(visit=visit)
    return system_grant(action=action, organisation=subject.organisation, subject=subject, via="job")


@reaction(Event.ALERT_RAISED)
def tell_of_alert(alert: UUID) -> None:
    """Those responsible are told, at once or in the morning, and the chart has a Task."""
    grant = grant_for_alert(alert=alert)
    tell_first(grant=grant, alert=alert)
    tell(grant=grant, alert=alert)
    chart_change(alert=alert)


@reaction(Event.ALERT_CHANGED)
def chart_change(alert: UUID) -> None:
    """The chart's Task says so."""
    chart_alert(grant=grant_for_alert(alert=alert, action=Action.RECORD_WRITE), alert_id=alert)


@reaction(Event.READINGS_TAKEN)
def chart_taken(batch: UUID, patient: UUID) -> None:
    """The chart's Observations follow."""
    chart_batch(grant=grant_to_chart(patient=patient), batch=batch)


@reaction(Event.READINGS_TAKEN)
def weigh_taken(batch: UUID, patient: UUID) -> None:
    """Where somebody set limits for the patient, the batch is held against them."""
    if is_watched(patient=patient):
        weigh_batch(grant=grant_for_readings(patient=patient), batch=batch)


@reaction(Event.READING_KEPT)
def weigh_what_was_kept(visit: UUID, kept: UUID) -> None:
    """The same of a reading that was kept in a consultation; it belongs to the trend as well."""
    weigh_kept(grant=_grant(Action.READING_READ, visit), kept=kept)


@reaction(Event.READINGS_DISOWNED)
def chart_disowned(disowned: UUID, patient: UUID) -> None:
    """The chart's Observations say that they are wrong."""
    grant = grant_to_chart(patient=patient)
    _chart(grant, marked_together(grant=grant, disowned=disowned))


@reaction(Event.READINGS_REOWNED)
def chart_reowned(disowned: UUID, patient: UUID) -> None:
    """The chart's Observations have a version more, as they were before."""
    grant = grant_to_chart(patient=patient)
    _chart(grant, taken_back_together(grant=grant, disowned=disowned))


@reaction(Event.READINGS_REOWNED)
def weigh_reowned(disowned: UUID, patient: UUID) -> None:
    """What counts again is held against the limits like what came just now."""
    if is_watched(patient=patient):
        weigh_again(grant=grant_for_readings(patient=patient), disowned=disowned)


def _chart(grant: Grant, names: tuple[Name, ...]) -> None:
    chart_named(grant=grant, names=names)
    for each in kept_named(grant=grant, names=names):
        chart_kept(grant=_grant(Action.RECORD_WRITE, each.visit), kept=each.id)


@reaction(Event.READINGS_DISOWNED)
def weigh_disowned(disowned: UUID, patient: UUID) -> None:
    """Nobody is told any more of what was marked as wrong."""
    leave_out_marked(grant=grant_for_readings(patient=patient), disowned=disowned)


@reaction(Event.OBSERVATION_DISOWNED)
def disown_behind(observation: UUID, patient: UUID) -> None:
    """What was taken back in the chart counts in trends and alerts no longer either."""
    subject = patient_subject(patient=patient)
    grant = system_grant(
        action=Action.READING_WRITE, organisation=subject.organisation, subject=subject, via="job"
    )
    disown_observation(grant=grant, observation=observation)


@reaction(Event.CATEGORY_CHANGED)
def leave_out(visit: UUID) -> None:
    """Readings of a visit that is kept closer from here on leave trends and alerts; or come back."""
    leave_out_closer(grant=_grant(Action.READING_READ, visit))

"""Jobs of this room: word that is due, what nobody took care of, what did not come, days in short."""

from teleward.access.grants import Action
from teleward.devices.operations.by_itself import grant_for_alert
from teleward.devices.operations.telling import pass_on, tell
from teleward.devices.queries.alerts import alerts_to_pass_on, alerts_with_word_due
from teleward.kernel.jobs import job


@job("devices.alerts", passes=Action.ALERT_ACKNOWLEDGE.value, periodic="*/5 * * * *")
def look_after_alerts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Every five minutes: the next are told of what nobody took care of, and word that is due goes out."""
    for alert in alerts_to_pass_on():
        pass_on(grant=grant_for_alert(alert=alert), alert=alert)
    for alert in alerts_with_word_due():
        tell(grant=grant_for_alert(alert=alert), alert=alert)

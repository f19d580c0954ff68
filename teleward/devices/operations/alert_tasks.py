"""An alert in the chart: a FHIR Task that says what waits, since when, and who did what about it."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices import states
from teleward.devices.queries.alerts import AlertCard, Change, alert
from teleward.devices.readings import encode
from teleward.records.operations.versions import keep_text

LOINC = "http://loinc.org"
STATUS = {
    states.RAISED: "requested",
    states.ESCALATED: "requested",
    states.ACKNOWLEDGED: "accepted",
    states.CLOSED: "completed",
}
WHAT = {
    "outside": "Look at readings outside of the limits set for this patient",
    "silence": "Ask why no readings came",
}


def chart_alert(*, grant: Grant, alert_id: UUID) -> None:
    """Keeps the Task of an alert as it stands now. Idempotent. Raises NotFound."""
    grant.must_cover(Action.RECORD_WRITE)
    keep_text(grant=grant, kind="Task", body=encode(_task(alert(grant=grant, alert=alert_id))))


def _task(card: AlertCard) -> dict[str, object]:
    newest = card.changes[-1]
    task: dict[str, object] = {
        "resourceType": "Task",
        "id": str(card.id),
        "status": STATUS[card.state],
        "businessStatus": {"text": card.state},
        "intent": "order",
        "priority": "urgent" if card.urgent else "routine",
        "description": WHAT[card.kind],
        "reasonCode": {"coding": [{"system": LOINC, "code": card.code}]},
        "for": {"reference": f"Patient/{card.patient}"},
        "authoredOn": card.raised_at.isoformat(),
        "lastModified": newest.at.isoformat(),
    }
    if newest.by:
        task["owner"] = {"reference": f"Practitioner/{newest.by}"}
    notes = [_note(change) for change in card.changes if change.why]
    return task | ({"note": notes} if notes else {})


def _note(change: Change) -> dict[str, object]:
    return {
        "authorReference": {"reference": f"Practitioner/{change.by}"},
        "time": change.at.isoformat(),
        "text": change.why,
    }

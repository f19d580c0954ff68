"""An Observation that somebody says is wrong: it stays in the chart, and says so itself."""

from typing import Any
from uuid import UUID

from teleward.devices.queries.wrong import Wrong

Json = dict[str, Any]
WRONG = "entered-in-error"
TOLD = {
    "not-me": "Marked as wrong: it was measured on somebody else.",
    "wrong": "Marked as wrong: the value is not right.",
    "device": "Marked as wrong by what sent it.",
}
WHO = {
    "patient": "",
    "proxy": "Somebody who acts for the patient",
    "device": "The device or app of the patient",
}


def marked(body: Json, wrong: Wrong | None, *, patient: UUID) -> Json:
    """The same Observation where nobody said so; else with its status, and a note of who said it when."""
    if wrong is None:
        return body
    note: Json = {"time": wrong.at.isoformat(), "text": TOLD[wrong.why]}
    if WHO[wrong.who]:
        note["authorString"] = WHO[wrong.who]
    else:
        note["authorReference"] = {"reference": f"Patient/{patient}"}
    return body | {"status": WRONG, "note": [*body.get("note", []), note]}

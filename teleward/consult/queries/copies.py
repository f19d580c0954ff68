"""A copy of the record that leaves the page: on paper, or as a file."""

import base64
from typing import Any

import msgspec

from teleward.access.grants import Action, Grant
from teleward.consult.queries.notes import NoteCard, notes_of_patient
from teleward.records.queries.resources import whole

Json = dict[str, Any]


def record_as_bundle(*, grant: Grant) -> bytes:
    """All of the record of the grant's patient and the notes on it: a FHIR R4 Bundle, JSON in UTF-8."""
    grant.must_cover(Action.RECORD_EXPORT, patient=grant.subject.patient)
    resources = [msgspec.Raw(version.body) for version in whole(grant=grant)]
    notes = [_document(grant, note) for note in notes_of_patient(grant=grant)]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": grant.at.isoformat(),
        "entry": [{"resource": resource} for resource in [*resources, *notes]],
    }
    return msgspec.json.format(msgspec.json.encode(bundle), indent=1)


def _document(grant: Grant, note: NoteCard) -> Json:
    text = base64.b64encode(note.text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": f"Patient/{grant.subject.patient}"},
        "date": note.saved_at.isoformat(),
        "author": [{"display": note.author_name}],
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": text}}],
    }

"""A clinician's note in the chart: as text, and as a PDF that any system can show."""

from base64 import b64encode
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import organisation
from teleward.kernel.errors import NotFound
from teleward.records.fhir.phrases import concept, instant, period, reference
from teleward.records.fhir.r4.document_reference import (
    DocumentReference,
    DocumentReferenceContent,
    DocumentReferenceContext,
)
from teleward.records.fhir.r4.texts import Attachment
from teleward.records.operations.facts import NoteFacts
from teleward.records.operations.versions import keep
from teleward.records.paper import Paper, printed
from teleward.records.queries.resources import body_of

CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"


def project_note(*, grant: Grant, facts: NoteFacts) -> int:
    """Keeps the note as a DocumentReference; returns the version. Raises NotFound without a Patient."""
    grant.must_cover(Action.RECORD_WRITE)
    place = organisation(organisation_id=grant.organisation)
    with translation.override(place.language):
        paper = _paper(grant, facts, place.name, place.language, ZoneInfo(place.time_zone))
    resource = DocumentReference(
        id=str(facts.id),
        status="current",
        doc_status="final",
        type=concept("http://loinc.org", "11488-4", "Consult note"),
        category=(concept(CATEGORY, "clinical-note", "Clinical Note"),),
        subject=reference("Patient", grant.subject.patient),
        date=instant(facts.written_at.replace(microsecond=0)),
        author=(reference("Practitioner", facts.author.person, facts.author.name),),
        custodian=reference("Organization", grant.organisation),
        description=paper.title,
        content=(
            _content("text/plain; charset=utf-8", facts.text.encode(), paper),
            _content("application/pdf", printed(paper), paper),
        ),
        context=DocumentReferenceContext(
            encounter=(reference("Encounter", facts.encounter),), period=period(facts.began_at, None)
        ),
    )
    return keep(grant=grant, resource=resource)


def _content(kind: str, data: bytes, paper: Paper) -> DocumentReferenceContent:
    words = b64encode(data).decode()
    attachment = Attachment(
        content_type=kind, language=paper.language, data=words, size=len(data), title=paper.title
    )
    return DocumentReferenceContent(attachment=attachment)


def _paper(grant: Grant, facts: NoteFacts, practice: str, language: str, zone: ZoneInfo) -> Paper:
    patient = _patient(grant)
    day = date_format(facts.began_at.astimezone(zone), "DATE_FORMAT")
    written = date_format(facts.written_at.astimezone(zone), "DATETIME_FORMAT")
    return Paper(
        title=_("Note on the consultation of %(day)s") % {"day": day},
        author=facts.author.name,
        language=language,
        facts=(
            (_("Patient"), patient["name"][0]["text"]),
            (_("Born on"), patient["birthDate"]),
            (_("Practice"), practice),
            (_("Written by"), facts.author.name),
            (_("Written on"), written),
        ),
        parts=facts.text.splitlines(),
    )


def _patient(grant: Grant) -> dict[str, Any]:
    whose = grant.subject.patient
    found = body_of(grant=grant, kind="Patient", logical_id=whose) if whose else None
    if found is None or not found.body:
        raise NotFound
    return dict(msgspec.json.decode(found.body))

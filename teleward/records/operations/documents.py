"""Keeping a document of a patient: looked through, cleaned, scanned, sealed with the patient's key."""

from base64 import b64encode
from hashlib import sha1
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from teleward.access.grants import Action, ActorKind, Grant
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.documents.limits import BROUGHT_WITHIN, LONGEST_TITLE, MOST_BROUGHT
from teleward.records.documents.problems import DocumentRefused, TitleMissing, TooManyBrought
from teleward.records.documents.scanning import must_be_clean
from teleward.records.documents.sniffing import Sound, sound
from teleward.records.fhir.phrases import reference
from teleward.records.fhir.r4.binary import Binary
from teleward.records.fhir.r4.document_reference import (
    DocumentReference,
    DocumentReferenceContent,
    DocumentReferenceContext,
)
from teleward.records.fhir.r4.referring import Reference
from teleward.records.fhir.r4.texts import Attachment
from teleward.records.models import Resource
from teleward.records.operations.versions import keep
from teleward.records.queries.resources import body_of
from teleward.records.store.stamping import instant

__all__ = ["DocumentRefused", "bring_document", "keep_document"]


def keep_document(
    *, grant: Grant, patient: UUID, title: str, content: bytes, name: str = "", visit: UUID | None = None
) -> UUID:
    """Keeps a PDF, JPEG or PNG as DocumentReference and Binary; returns the DocumentReference's id.

    `title` has up to 120 characters; `name` is the file's name, whose ending has to fit; `visit` the
    encounter it belongs to. At most 10 MB. Raises DocumentRefused, whose kinds say what to do.
    """
    grant.must_cover(Action.RECORD_WRITE, patient=patient)
    return _kept(grant, patient, title, content, name, visit, new_id())


def bring_document(
    *,
    grant: Grant,
    patient: UUID,
    title: str,
    content: bytes,
    name: str = "",
    key: UUID | None = None,
) -> UUID:
    """The same from the patient themself, who is its author; returns the DocumentReference's id.

    It belongs to the visit where the grant is about one. `key` is one of the form it was sent with: the same
    form sent twice is one document. At most 20 files of a record in 24 hours, staff's counted with them.
    Raises DocumentRefused, of whose kinds TooManyBrought.
    """
    grant.must_cover(Action.DOCUMENT_BRING, patient=patient)
    pointer = uuid5(patient, str(key)) if key else new_id()
    if key and body_of(grant=grant, kind="DocumentReference", logical_id=pointer):
        return pointer
    recent = Resource.objects.filter(patient=patient, type="Binary", last_updated__gt=now() - BROUGHT_WITHIN)
    if recent.count() >= MOST_BROUGHT:
        raise TooManyBrought
    visit = grant.about if grant.subject.kind == "Visit" else None
    return _kept(grant, patient, title, content, name, visit, pointer)


def _kept(  # noqa: PLR0917 - what one document is
    grant: Grant, patient: UUID, title: str, content: bytes, name: str, visit: UUID | None, pointer: UUID
) -> UUID:
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise TitleMissing
    must_be_clean(content, scanner=settings.CLAMAV)
    document = sound(content=content, name=name)
    binary = uuid5(pointer, "Binary")
    with transaction.atomic():
        keep(grant=grant, resource=_binary(binary, patient, document))
        keep(grant=grant, resource=_pointer(grant, pointer, binary, title, document, visit))
    return pointer


def _binary(binary: UUID, patient: UUID, document: Sound) -> Binary:
    return Binary(
        id=str(binary),
        content_type=document.kind.value,
        security_context=reference("Patient", patient),
        data=b64encode(document.content).decode(),
    )


def _pointer(  # noqa: PLR0917 - the parts of one resource
    grant: Grant, pointer: UUID, binary: UUID, title: str, document: Sound, visit: UUID | None
) -> DocumentReference:
    at = instant(now())
    digest = sha1(document.content, usedforsecurity=False).digest()  # FHIR R4 asks for SHA-1
    attachment = Attachment(
        content_type=document.kind.value,
        url=f"Binary/{binary}",
        size=len(document.content),
        hash=b64encode(digest).decode(),
        title=title,
        creation=at,
    )
    encounter = DocumentReferenceContext(encounter=(reference("Encounter", visit),)) if visit else None
    return DocumentReference(
        id=str(pointer),
        status="current",
        description=title,
        subject=reference("Patient", grant.subject.patient),
        date=at,
        author=_author(grant),
        custodian=reference("Organization", grant.organisation),
        content=(DocumentReferenceContent(attachment=attachment),),
        context=encounter,
    )


def _author(grant: Grant) -> tuple[Reference, ...]:
    if grant.actor.kind is ActorKind.STAFF:
        return (reference("Practitioner", grant.actor.id),)
    if grant.action is Action.DOCUMENT_BRING:
        return (reference("Patient", grant.subject.patient),)
    return (reference("Organization", grant.organisation),)

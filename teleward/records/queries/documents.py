"""The documents of a patient: the list, and one as it may be shown."""

from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.kernel.errors import NotFound
from teleward.records.documents.limits import MOST_LISTED
from teleward.records.documents.sniffing import ENDINGS, Kind, kind_of
from teleward.records.fhir.primitives import exact
from teleward.records.models import Current
from teleward.records.queries.closer import without_closer
from teleward.records.queries.notes import without_notes
from teleward.records.queries.revealed import Kept, kept, reveal
from teleward.records.store.revealing import Version

_decode = msgspec.json.Decoder(float_hook=exact).decode  # another system may write any number
DOCUMENT, BINARY = "DocumentReference", "Binary"
PANEL = "documents"


@dataclass(frozen=True, kw_only=True)
class DocumentCard:
    """One document of a list: `size` in bytes, 0 where nobody said; `date` as FHIR writes it, or empty."""

    id: UUID
    title: str
    kind: str
    size: int
    date: str
    by: UUID | None
    by_patient: bool = False  # the patient sent it; nobody here has looked at it before

    @property
    def is_picture(self) -> bool:
        """Whether a page may show it."""
        return self.kind in {Kind.JPEG, Kind.PNG}


@dataclass(frozen=True, kw_only=True)
class DocumentContent:
    """The bytes, and the kind that they are; what is none of ours is only bytes."""

    title: str
    kind: str
    ending: str
    content: bytes


def documents(*, grant: Grant, patient: UUID) -> tuple[DocumentCard, ...]:
    """The patient's documents, the newest first, at most 200. The ledger has which were listed."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE, patient=patient)
    chosen = kept(grant=grant, kinds=[DOCUMENT], most=MOST_LISTED)
    found = reveal(grant=grant, chosen=chosen, panel=PANEL)
    return tuple(_card(version) for version in found if _said(version).get("status") == "current")


def document(*, grant: Grant, patient: UUID, document: UUID) -> DocumentCard:
    """One document. Raises NotFound."""
    grant.must_cover(Action.RECORD_READ, patient=patient)
    return _card(_opened(grant, DOCUMENT, document))


def content(*, grant: Grant, patient: UUID, document: UUID) -> DocumentContent:
    """What the document holds, its kind by its own bytes. Raises NotFound."""
    grant.must_cover(Action.RECORD_READ, patient=patient)
    found = _opened(grant, DOCUMENT, document)
    whole = _bytes(grant, _attachment(_said(found)))
    kind = kind_of(whole)
    return DocumentContent(
        title=_card(found).title,
        kind=kind.value if kind else "application/octet-stream",
        ending=min(ENDINGS[kind], key=len) if kind else ".bin",
        content=whole,
    )


def _bytes(grant: Grant, attachment: dict[str, Any]) -> bytes:
    data = attachment.get("data") or _elsewhere(grant, str(attachment.get("url", "")))
    try:
        return b64decode(data)
    except (NotBase64, ValueError) as broken:
        raise NotFound from broken


def _elsewhere(grant: Grant, url: str) -> str:
    """The data of a Binary of ours, of this patient."""
    kind, _slash, text = url.partition("/")
    try:
        logical_id = UUID(text)
    except ValueError as foreign:
        raise NotFound from foreign
    if kind != BINARY:
        raise NotFound
    return str(_said(_opened(grant, BINARY, logical_id)).get("data", ""))


def _card(version: Version) -> DocumentCard:
    said = _said(version)
    attachment = _attachment(said)
    return DocumentCard(
        id=version.id,
        title=str(said.get("description") or attachment.get("title") or ""),
        kind=str(attachment.get("contentType", "")),
        size=int(attachment.get("size") or 0),
        date=str(said.get("date") or attachment.get("creation") or ""),
        by=_author(said, "Practitioner"),
        by_patient=_author(said, "Patient") is not None,
    )


def _author(said: dict[str, Any], wanted: str) -> UUID | None:
    for author in said.get("author", ()):
        kind, _slash, text = str(author.get("reference", "")).partition("/")
        try:
            return UUID(text) if kind == wanted else None
        except ValueError:
            return None
    return None


def _attachment(said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["content"][0]["attachment"]
    return found


def _said(version: Version) -> dict[str, Any]:
    said: dict[str, Any] = _decode(version.body)
    return said


def _opened(grant: Grant, kind: str, logical_id: UUID) -> Version:
    """The newest version of one resource of the grant's patient. Raises NotFound."""
    rows = Current.objects.filter(patient=grant.subject.patient, type=kind, removed_at=None)
    found = without_notes(grant=grant, rows=rows.filter(logical_id=logical_id))
    row = without_closer(grant=grant, rows=found).first()
    if row is None:
        raise NotFound
    one = Kept(kind=kind, id=logical_id, newest=row.newest, about=row.low, last_updated=row.last_updated)
    (version,) = reveal(grant=grant, chosen=[one], panel=PANEL)
    return version

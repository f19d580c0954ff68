"""Objections: the patient's own, and the privacy officer's list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from teleward.access.grants import Action, Grant, Subject
from teleward.access.queries.lists import Row, page
from teleward.access.queries.patients import cards
from teleward.access.queries.people import organisation, staff_names
from teleward.audit import queries as ledger
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.trust.models import Objection, ObjectionKey
from teleward.trust.queries.telling import telling, told
from teleward.trust.sentences import sentence

ROW = Row(kind="Objection", id="id", organisation="organisation_id", patient="patient_id")
MOST = 500
WORDS = "trust.objection.words"
ANSWER = "trust.answer.words"


@dataclass(frozen=True, kw_only=True)
class ObjectionCard:
    """An objection or a request for a name, with the access it is about. The officer's list has no words."""

    id: UUID
    patient: str
    opened_at: datetime
    sentence: str
    accessed_at: datetime | None
    words: str
    wish: str  # review, or name
    finding: str  # empty while it is open
    answer: str
    answered_at: datetime | None


@without_grant("Ids only: it is what the gate is asked about.")
def objection_subject(*, objection: UUID) -> Subject:
    """The subject the gate asks about. Raises NotFound."""
    found = ObjectionKey.objects.filter(id=objection).first()
    if found is None:
        raise NotFound
    return Subject(kind="Objection", id=objection, organisation=found.organisation, patient=found.patient)


def objections(*, grant: Grant) -> list[ObjectionCard]:
    """All objections of the practice, open ones first and oldest first, without the patients' words."""
    grant.must_cover(Action.OBJECTION_LIST)
    every = _rows().filter(organisation_id=grant.organisation).order_by("opened_at")
    rows = page(every, grant=grant, action=Action.OBJECTION_LIST, row=ROW, most=MOST)
    names = cards(grant=grant, ids=[row.patient_id for row in rows])
    listed = [_card(grant, row, patient=names[row.patient_id].name) for row in rows]
    return sorted(listed, key=lambda card: card.answered_at is not None)


def objection(*, grant: Grant) -> ObjectionCard:
    """The objection of the grant with the patient's words and the answer. Raises NotFound."""
    grant.must_cover(Action.OBJECTION_READ, Action.OBJECTION_ANSWER)
    row = _rows().filter(id=grant.about).first()
    if row is None:
        raise NotFound
    return _card(grant, row, with_words=True)


def objections_of_patient(*, grant: Grant) -> list[ObjectionCard]:
    """The patient's own objections with words and answers, newest first."""
    grant.must_cover(Action.LEDGER_READ, Action.WINDOW_OPEN)
    rows = _rows().filter(patient_id=grant.about).order_by("-opened_at")
    return [_card(grant, row, with_words=True) for row in rows]


def _rows() -> QuerySet[Objection]:
    return Objection.objects.select_related("answer")


def _card(grant: Grant, row: Objection, *, patient: str = "", with_words: bool = False) -> ObjectionCard:
    accessed_at, told = _told(grant, row)
    answer = getattr(row, "answer", None)
    return ObjectionCard(
        id=row.id,
        patient=patient,
        opened_at=row.opened_at,
        sentence=told,
        accessed_at=accessed_at,
        words=_open(row, row.words, WORDS) if with_words else "",
        wish=row.wish,
        finding=answer.finding if answer else "",
        answer=_open(row, answer.words, ANSWER) if answer and with_words else "",
        answered_at=answer.at if answer else None,
    )


def _told(grant: Grant, row: Objection) -> tuple[datetime | None, str]:
    entry = ledger.of_event(patient=row.patient_id, event=row.entry)
    if entry is None:
        return None, ""
    if grant.action in {Action.LEDGER_READ, Action.WINDOW_OPEN}:
        return entry.at, next(
            (each.sentence for each in told(telling=telling(grant=grant), entries=[entry])), ""
        )
    zone = ZoneInfo(organisation(organisation_id=row.organisation_id).time_zone)
    names = {str(key): name.name for key, name in staff_names(organisation_id=grant.organisation).items()}
    return entry.at, sentence(facts=entry.facts, names=names, zone=zone)


def _open(row: Objection, sealed: bytes | memoryview, context: str) -> str:
    return unseal(patient=row.patient_id, sealed=bytes(sealed), context=context).decode()

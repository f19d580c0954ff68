"""The review desk's cases, and one case with everything that belongs to it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from teleward.access.grants import Action, Grant, Subject
from teleward.access.queries.glass import GlassCard, glass
from teleward.access.queries.lists import Row, looked_at_twice
from teleward.access.queries.patients import cards, patient
from teleward.access.queries.people import staff_names
from teleward.access.queries.reasons import ReasonCard, reason
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.watch.models import Case, CaseKey

MOST_WAITING = 1000
ROW = Row(kind="Case", id="id", organisation="organisation_id", patient="patient_id")
WORDS = "watch.review.words"


@dataclass(frozen=True, kw_only=True)
class ReviewCard:
    """What was found, by whom, and the words the patient reads."""

    outcome: str
    policy: str
    words: str  # empty in lists
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeCard:
    """Word that somebody is owed: when it is due, when it went and how."""

    says: str
    due_at: datetime
    done_at: datetime | None
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseCard:
    """One case of the desk."""

    id: UUID
    kind: str
    about: UUID
    code: str
    patient: UUID
    patient_name: str
    person: UUID | None
    person_name: str  # empty for a patient's report
    opened_at: datetime
    due_at: datetime
    is_denied: bool  # the member of staff says that it was not them
    settled_at: datetime | None
    review: ReviewCard | None
    notices: tuple[NoticeCard, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to look at it."""
        return self.review is None and self.settled_at is None

    @property
    def is_overdue(self) -> bool:
        """Whether the 72 hours are over and nobody has looked."""
        return self.is_open and now() > self.due_at

    @property
    def hours_left(self) -> int:
        """Full hours until it is due; 0 where it is overdue."""
        return max(0, int((self.due_at - now()).total_seconds() // 3600))


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One case, with the emergency access or the typed reason it is about."""

    case: CaseCard
    glass: GlassCard | None
    reason: ReasonCard | None


@without_grant("Ids only: it is what the gate is asked about.")
def case_subject(*, case: UUID) -> Subject:
    """The case as a subject of the gate. Raises NotFound."""
    row = CaseKey.objects.filter(id=case).first()
    if row is None:
        raise NotFound
    return Subject(kind="Case", id=case, organisation=row.organisation_id, patient=row.patient_id)


def cases(*, grant: Grant, most: int = 200) -> list[CaseCard]:
    """The open cases, denied ones first, then by due time; after them the newest closed ones."""
    grant.must_cover(Action.CASE_LIST)
    rows = _rows().filter(organisation=grant.organisation)
    look = partial(looked_at_twice, grant=grant, action=Action.CASE_LIST, row=ROW)
    waiting = look(rows.filter(review=None, settlement=None).order_by("due_at"), most=MOST_WAITING)
    over = look(rows.exclude(review=None, settlement=None).order_by("-opened_at"), most=most)
    known = cards(grant=grant, ids=[row.patient_id for row in waiting + over])
    people = {key: name.name for key, name in staff_names(organisation_id=grant.organisation).items()}
    listed = [_card(row, known[row.patient_id].name, people) for row in waiting + over]
    return sorted(listed, key=lambda card: (not card.is_open, not card.is_denied))


def case_file(*, grant: Grant) -> CaseFile:
    """The case of the grant, with what it is about and the words. Raises NotFound."""
    grant.must_cover(Action.CASE_READ, Action.CASE_REVIEW)
    row = _rows().filter(id=grant.about).first()
    if row is None:
        raise NotFound
    who = patient(grant=grant, patient_id=row.patient_id)
    people = {key: name.name for key, name in staff_names(organisation_id=grant.organisation).items()}
    return CaseFile(
        case=_card(row, who.name, people, with_words=True),
        glass=glass(grant=grant, glass=row.about) if row.kind == "emergency" else None,
        reason=reason(grant=grant, reason=row.about) if row.kind == "reason" else None,
    )


def _rows() -> QuerySet[Case]:
    chosen = Case.objects.select_related("review__by", "settlement", "denial")
    return chosen.prefetch_related("notices")


def _card(row: Case, patient_name: str, people: dict[UUID, str], *, with_words: bool = False) -> CaseCard:
    notices = sorted(row.notices.all(), key=lambda each: each.due_at)
    return CaseCard(
        id=row.id,
        kind=row.kind,
        about=row.about,
        code=row.code,
        patient=row.patient_id,
        patient_name=patient_name,
        person=row.person_id,
        person_name=people.get(row.person_id, "") if row.person_id else "",
        opened_at=row.opened_at,
        due_at=row.due_at,
        is_denied=hasattr(row, "denial"),
        settled_at=row.settlement.at if hasattr(row, "settlement") else None,
        review=review_of(row, with_words=with_words),
        notices=tuple(
            NoticeCard(says=each.says, due_at=each.due_at, done_at=each.done_at, how=each.how)
            for each in notices
        ),
    )


@without_grant("Turns a row that a grant opened into a card.")
def review_of(row: Case, *, with_words: bool) -> ReviewCard | None:
    """The review of a stored case, or None."""
    found = getattr(row, "review", None)
    if found is None:
        return None
    words = unseal(patient=row.patient_id, sealed=bytes(found.words), context=WORDS) if with_words else b""
    return ReviewCard(
        outcome=found.outcome, policy=found.policy, words=words.decode(), by_name=found.by.name, at=found.at
    )


@without_grant("An id only: the reaction asks the gate next.")
def organisation_of_report(*, objection: UUID) -> UUID | None:
    """The practice a patient's report belongs to, or None where it is not on the desk."""
    rows = CaseKey.objects.filter(kind="report", about=objection)
    return rows.values_list("organisation_id", flat=True).first()

"""Emergency accesses: who opened whose record, why, until when, and who waits for a second person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from teleward.access.grants import Action, Grant, Subject
from teleward.access.models import BrokenGlass, GlassKey, Session
from teleward.access.queries.keys import practice_of
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

WORDS = "access.glass.words"
WAITS = timedelta(minutes=30)  # for a second person


@dataclass(frozen=True, kw_only=True)
class OpenGlass:
    """An emergency access that is open now, for the bar on the patient's pages."""

    id: UUID
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class GlassFacts:
    """Ids and times of an emergency access, nobody's name and no words."""

    id: UUID
    organisation: UUID
    patient: UUID
    person: UUID
    code: str
    asked_at: datetime
    opened_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class GlassCard:
    """An emergency access with its words."""

    id: UUID
    patient: UUID
    person: UUID
    person_name: str
    code: str
    words: str
    asked_at: datetime
    opened_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    needs_second: bool
    second: UUID | None  # None where nobody had to second it
    second_name: str

    @property
    def is_open(self) -> bool:
        """Whether it lets somebody read at this moment, as far as its own times say."""
        return self.ends_at is not None and self.ended_at is None and now() < self.ends_at

    @property
    def is_asked(self) -> bool:
        """Whether a second person is awaited."""
        return self.opened_at is None and self.ended_at is None and now() - self.asked_at < WAITS


@without_grant("Ids only: it is what the gate is asked about.")
def glass_subject(*, glass: UUID) -> Subject:
    """The patient of an emergency access, as the gate asks about them. Raises NotFound."""
    facts = glass_facts(glass=glass)
    return Subject(kind="Patient", id=facts.patient, organisation=facts.organisation, patient=facts.patient)


@without_grant("Ids, a code and times: what rooms above need to open a case.")
def glass_facts(*, glass: UUID) -> GlassFacts:
    """Ids and times of one emergency access. Raises NotFound."""
    row = GlassKey.objects.filter(id=glass).first()
    organisation = practice_of(patient=row.patient_id if row else glass)  # asked in any case: nobody can tell
    if row is None:
        raise NotFound
    return GlassFacts(
        id=row.id,
        organisation=organisation,
        patient=row.patient_id,
        person=row.person_id,
        code=row.code,
        asked_at=row.asked_at,
        opened_at=row.opened_at,
    )


@without_grant("For the bar on a page that passed its gate: an id and a time of the reader's own session.")
def open_glass(*, session: UUID, patient: UUID) -> OpenGlass | None:
    """The emergency access that this very session has to this patient now, or None."""
    row = GlassKey.objects.filter(
        session=session, patient_id=patient, ended_at=None, ends_at__gt=now()
    ).first()
    return OpenGlass(id=row.id, ends_at=row.ends_at) if row and row.ends_at else None


@without_grant("One word about a request of the reader's own session.")
def glass_of_session(*, session: UUID | None, glass: UUID) -> str:
    """waits, open or over: how a request of this very session stands. Raises NotFound."""
    row = GlassKey.objects.filter(id=glass, session=session).first() if session else None
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        return "over"
    if row.ends_at is not None:
        return "open" if now() < row.ends_at else "over"
    return "waits" if now() - row.asked_at < WAITS else "over"


@without_grant("Ids only: the job asks the gate about each next.")
def glass_that_is_over() -> list[UUID]:
    """Emergency accesses whose time is over or whose session has ended, and whose end is not noted."""
    ended = Session.objects.exclude(ended_at=None).values("id")
    over = Q(ends_at__lte=now()) | Q(session__in=ended) | Q(opened_at=None, asked_at__lte=now() - WAITS)
    rows = GlassKey.objects.filter(over, ended_at=None)
    return list(rows.order_by("asked_at").values_list("id", flat=True))


def glass(*, grant: Grant, glass: UUID) -> GlassCard:
    """One emergency access to the patient of the grant, with the words of the person. Raises NotFound."""
    grant.must_cover(
        Action.GLASS_BREAK,
        Action.GLASS_SECOND,
        Action.CASE_READ,
        Action.CASE_REVIEW,
        Action.LEDGER_READ,
        Action.WINDOW_OPEN,
    )
    rows = _rows().filter(id=glass, patient=grant.subject.patient)
    row = rows.first()
    if row is None:
        raise NotFound
    return _card(row)


def asked_by_me(*, grant: Grant) -> GlassCard | None:
    """What this session asked for about this patient and waits for, or None."""
    grant.must_cover(Action.GLASS_ASK)
    if grant.actor.session is None:
        return None
    rows = _rows().filter(session=grant.actor.session, patient=grant.subject.patient, ended_at=None)
    row = rows.order_by("-asked_at").first()
    return _card(row) if row else None


def glass_of_patient(*, grant: Grant) -> list[GlassCard]:
    """Every emergency access to the patient of the grant that was opened, the newest first."""
    grant.must_cover(Action.LEDGER_READ, Action.WINDOW_OPEN)
    rows = _rows().filter(patient=grant.subject.patient).exclude(opened_at=None)
    return [_card(row) for row in rows.order_by("-opened_at")]


def _rows() -> QuerySet[BrokenGlass]:
    return BrokenGlass.objects.select_related("person", "seconded_by")


def _card(row: BrokenGlass) -> GlassCard:
    words = unseal(patient=row.patient_id, sealed=bytes(row.words), context=WORDS)
    return GlassCard(
        id=row.id,
        patient=row.patient_id,
        person=row.person_id,
        person_name=row.person.name,
        code=row.code,
        words=words.decode(),
        asked_at=row.asked_at,
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        needs_second=row.needs_second,
        second=row.seconded_by_id,
        second_name=row.seconded_by.name if row.seconded_by else "",
    )

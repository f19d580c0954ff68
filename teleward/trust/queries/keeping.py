"""What is kept about one patient and until which day; what can go now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from teleward.access.grants import Action, Grant, Subject
from teleward.access.queries.lists import Row, looked_at_twice
from teleward.access.queries.patients import cards
from teleward.access.queries.people import time_zone
from teleward.consult.queries.visits import visits_of_patient
from teleward.kernel.clock import now
from teleward.kernel.envelope import KeyDestroyed, unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.trust.models import ErasureKey, ErasureRequest, Objection
from teleward.trust.queries.telling import patient_of
from teleward.trust.retention import Rule, rules

ROW = Row(kind="Erasure", id="id", organisation="organisation_id", patient="patient_id")
MOST = 500
ASKED, ANSWERED = "trust.erasure.words", "trust.erasure.answer"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One kind of data of this patient. `until` is None where the patient decides or there is nothing."""

    rule: Rule
    until: date | None
    may_go: bool
    is_needed: bool = False  # an appointment is coming, for which it is needed


@dataclass(frozen=True, kw_only=True)
class ErasureCard:
    """A request for erasure with its answer; `answered_at` None while it is open."""

    id: UUID
    patient: UUID
    patient_name: str  # in the officer's list
    words: str
    asked_at: datetime
    erased: tuple[Rule, ...]
    kept: tuple[tuple[Rule, date | None], ...]
    answer: str
    answered_at: datetime | None


@without_grant("Ids only: it is what the gate is asked about.")
def erasure_subject(*, erasure: UUID) -> Subject:
    """The subject the gate asks about. Raises NotFound."""
    row = ErasureKey.objects.filter(id=erasure).first()
    if row is None:
        raise NotFound
    return Subject(kind="Erasure", id=row.id, organisation=row.organisation, patient=row.patient)


def kept_of_patient(*, grant: Grant) -> tuple[Kept, ...]:
    """Every kind of data of the grant's patient, in the order of the retention policy."""
    grant.must_cover(Action.WINDOW_OPEN, Action.WINDOW_EXPORT, Action.ERASURE_ASK, Action.ERASURE_ANSWER)
    visits, at = visits_of_patient(grant=grant), now()
    there = time_zone(organisation_id=grant.organisation)  # where the year ends
    reported = Objection.objects.filter(patient=patient_of(grant)).order_by("-opened_at").first()
    past = [visit.ends_at for visit in visits]
    events = {"last-visit": max(past, default=None), "visit": max(past, default=None)}
    events["objection"] = reported.opened_at if reported else None
    is_needed = any(visit.is_open and visit.ends_at >= at for visit in visits)
    timed = {rule.key: _until(rule, events.get(rule.starts), there) for rule in rules()}
    today = at.astimezone(there).date()
    is_over = not is_needed and all(until is None or until < today for until in timed.values())
    return tuple(_kept(rule, timed[rule.key], is_over=is_over, is_needed=is_needed) for rule in rules())


@without_grant("Counts what a query with a grant has found.")
def may_all_go(*, kept: Sequence[Kept]) -> bool:
    """Whether no law keeps anything of this patient any more."""
    return all(each.may_go for each in kept)


def erasure_of_patient(*, grant: Grant) -> ErasureCard | None:
    """The patient's newest request, or None."""
    grant.must_cover(Action.WINDOW_OPEN, Action.ERASURE_ASK)
    row = _rows().filter(patient=patient_of(grant)).order_by("-asked_at").first()
    return _card(row) if row else None


def erasures(*, grant: Grant) -> list[ErasureCard]:
    """All requests of the practice, open ones first and oldest first, without the patients' words."""
    grant.must_cover(Action.ERASURE_LIST)
    every = _rows().filter(organisation=grant.organisation).order_by("asked_at")
    rows = looked_at_twice(every, grant=grant, action=Action.ERASURE_LIST, row=ROW, most=MOST)
    names = cards(grant=grant, ids=[row.patient_id for row in rows])
    listed = [_card(row, name=names[row.patient_id].name, with_words=False) for row in rows]
    return sorted(listed, key=lambda card: card.answered_at is not None)


def erasure(*, grant: Grant) -> ErasureCard:
    """The request of the grant, with the patient's words. Raises NotFound."""
    grant.must_cover(Action.ERASURE_ANSWER)
    row = _rows().filter(id=grant.about).first()
    if row is None:
        raise NotFound
    return _card(row)


def _rows() -> QuerySet[ErasureRequest]:
    return ErasureRequest.objects.select_related("answer")


def _until(rule: Rule, event: datetime | None, there: ZoneInfo) -> date | None:
    return rule.until(event.astimezone(there)) if event else None


def _kept(rule: Rule, until: date | None, *, is_over: bool, is_needed: bool) -> Kept:
    needed = rule.key == "contact" and is_needed
    may_go = not needed if rule.erasable == "always" else is_over
    return Kept(rule=rule, until=until, may_go=may_go, is_needed=needed)


def _card(row: ErasureRequest, *, name: str = "", with_words: bool = True) -> ErasureCard:
    answer = getattr(row, "answer", None)
    by_key = {rule.key: rule for rule in rules()}
    kept = answer.kept if answer else {}
    return ErasureCard(
        id=row.id,
        patient=row.patient_id,
        patient_name=name,
        words=_open(row, row.words, ASKED) if with_words else "",
        asked_at=row.asked_at,
        erased=tuple(by_key[key] for key in (answer.erased if answer else []) if key in by_key),
        kept=tuple((by_key[key], date.fromisoformat(day) if day else None) for key, day in kept.items()),
        answer=_open(row, answer.words, ANSWERED) if answer and with_words else "",
        answered_at=answer.at if answer else None,
    )


def _open(row: ErasureRequest, sealed: bytes | memoryview, context: str) -> str:
    try:
        return unseal(patient=row.patient_id, sealed=bytes(sealed), context=context).decode()
    except KeyDestroyed:
        return ""

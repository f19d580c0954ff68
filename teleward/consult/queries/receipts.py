"""What happened in a visit: for the patient's receipt, the chart and the bill."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.naming import Naming, naming_for
from teleward.consult.agreement import template_of
from teleward.consult.cards import VisitCard
from teleward.consult.minutes import Stretch, used, whole_minutes
from teleward.consult.models import (
    Company,
    Consent,
    Ending,
    IdentityCheck,
    ModePeriod,
    PathMeasured,
    Seat,
    Verification,
)
from teleward.consult.modes import ACHIEVED
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import visit
from teleward.kernel.envelope import unseal

WHAT_HAPPENED = (
    Action.RECEIPT_READ,
    Action.VISIT_HOST,
    Action.VISIT_IDENTIFY,
    Action.VISIT_CONSENT,
    Action.RECORD_WRITE,
)
WHETHER_AGREED = (*WHAT_HAPPENED, Action.VISIT_CLAIM, Action.VISIT_PREPARE, Action.VISIT_JOIN)


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One who was let in."""

    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ModeMinutes:
    """A mode really used and how long, in whole minutes begun."""

    mode: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class ConsentCard:
    """What was agreed to, when, and when it was taken back."""

    id: UUID
    version: str
    language: str
    given_at: datetime
    withdrawn_at: datetime | None
    visit: UUID
    visit_at: datetime
    host_name: str

    @property
    def text(self) -> str:
        """The template that holds the text agreed to."""
        return template_of(self.version)


@dataclass(frozen=True, kw_only=True)
class ReceiptCard:
    """The whole of it. `verified` is same, different or "" (not compared); `relayed` None: not measured."""

    visit: VisitCard
    attendees: tuple[Attendee, ...]
    company: tuple[str, ...]
    minutes: tuple[ModeMinutes, ...]
    began_at: datetime | None
    ended_at: datetime | None
    disposition: str
    follow_up_offered: bool
    verified: str
    verified_at: datetime | None
    relayed: bool | None
    identity: str
    consents: tuple[ConsentCard, ...]

    @property
    def agreed(self) -> bool:
        """Whether a consent stands now."""
        return any(consent.withdrawn_at is None for consent in self.consents)


def receipt(*, grant: Grant) -> ReceiptCard:
    """The receipt of the visit the grant is about. Raises NotFound."""
    grant.must_cover(*WHAT_HAPPENED)
    about = visit(grant=grant)
    ending = Ending.objects.filter(visit=about.id).first()
    words = _verdict(about.id)
    identity = IdentityCheck.objects.filter(visit=about.id).order_by("-at").first()
    return ReceiptCard(
        visit=about,
        attendees=_attendees(about),
        company=_company(about),
        minutes=minutes_used(grant=grant),
        began_at=_began(about.id),
        ended_at=ending.at if ending else None,
        disposition=ending.disposition if ending else "",
        follow_up_offered=bool(ending and ending.follow_up_offered),
        verified=words.outcome if words else "",
        verified_at=words.at if words else None,
        relayed=_relayed(about.id),
        identity=identity.how if identity else "",
        consents=consents(grant=grant),
    )


def minutes_used(*, grant: Grant) -> tuple[ModeMinutes, ...]:
    """The minutes really used per mode, best mode first. A stretch still open lasts until its last proof."""
    grant.must_cover(*WHAT_HAPPENED)
    rows = ModePeriod.objects.filter(seat__visit=grant.subject.id).select_related("seat")
    lengths = used(
        Stretch(host=row.seat.role == "host", mode=row.mode, start=row.from_at, end=row.until or row.seen_at)
        for row in rows
    )
    return tuple(
        ModeMinutes(mode=mode, minutes=whole_minutes(lengths[mode])) for mode in ACHIEVED if mode in lengths
    )


def consents(*, grant: Grant) -> tuple[ConsentCard, ...]:
    """Every consent given for the visit, oldest first."""
    grant.must_cover(*WHETHER_AGREED)
    rows = Consent.objects.filter(visit=grant.subject.id).select_related("withdrawal", "visit").order_by("at")
    return _consents(grant, rows)


def has_agreed(*, grant: Grant, version: str = "") -> bool:
    """Whether a consent for the visit stands; to this version of the text, where one is named."""
    grant.must_cover(*WHETHER_AGREED)
    standing = Consent.objects.filter(visit=grant.subject.id, withdrawal=None)
    return (standing.filter(version=version) if version else standing).exists()


def consents_of_patient(*, grant: Grant) -> tuple[ConsentCard, ...]:
    """Every consent the patient of the grant ever gave, newest first, each with its visit's start."""
    grant.must_cover(Action.WINDOW_OPEN, Action.WINDOW_EXPORT)
    rows = Consent.objects.filter(visit__patient=certain(grant.subject.patient))
    return _consents(grant, rows.select_related("withdrawal", "visit").order_by("-at"))


def _consents(grant: Grant, rows: Iterable[Consent]) -> tuple[ConsentCard, ...]:
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    return tuple(_consent(row, called) for row in rows)


def _consent(row: Consent, called: Naming) -> ConsentCard:
    return ConsentCard(
        id=row.id,
        version=row.version,
        language=row.language,
        given_at=row.at,
        withdrawn_at=row.withdrawal.at if hasattr(row, "withdrawal") else None,
        visit=row.visit_id,
        visit_at=row.visit.starts_at,
        host_name=called.of(row.visit.host, row.visit.host_name),
    )


def _attendees(about: VisitCard) -> tuple[Attendee, ...]:
    """Who was let in; the host as the reader of the card may call them."""
    seats = Seat.objects.filter(visit=about.id, admissions__isnull=False).order_by("arrived_at")
    names = ((about.host_name if seat.person == about.host else seat.name, seat.role) for seat in seats)
    return tuple(Attendee(name=name, role=role) for name, role in dict.fromkeys(names))


def _company(about: VisitCard) -> tuple[str, ...]:
    rows = Company.objects.filter(visit=about.id).order_by("at")
    texts = (
        unseal(patient=about.patient, sealed=bytes(row.who), context=f"company:{row.id}").decode()
        for row in rows
    )
    return tuple(dict.fromkeys(line for text in texts for line in text.splitlines() if line))


def _began(visit: UUID) -> datetime | None:
    """When a guest was let in first: from there on they talked."""
    guests = Seat.objects.filter(visit=visit, admissions__isnull=False).exclude(role="host")
    return guests.order_by("admissions__at").values_list("admissions__at", flat=True).first()


def _verdict(visit: UUID) -> Verification | None:
    """What the newest run says that counts: one `different`, or `same` from a guest and from the host.

    One person alone, who may not be who they say, does not make a visit verified; nor do two who said it of
    two connections, as with somebody in between.
    """
    said = (
        Verification.objects.filter(seat__visit=visit).select_related("seat", "other").order_by("-run", "-at")
    )
    same = {(row.run, row.evidence, row.seat, row.other) for row in said if row.outcome == "same"}
    counts = [
        row
        for row in said
        if row.outcome == "different"
        or (
            "host" in {row.seat.role, row.other.role} and (row.run, row.evidence, row.other, row.seat) in same
        )
    ]
    newest = [row for row in counts if row.run == counts[0].run]
    return next((row for row in newest if row.outcome == "different"), newest[0] if newest else None)


def _relayed(visit: UUID) -> bool | None:
    paths = set(PathMeasured.objects.filter(seat__visit=visit).values_list("path", flat=True))
    return "relayed" in paths if paths else None

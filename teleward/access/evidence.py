"""The dated facts behind a decision, looked up in one prepared statement.

This runs before every access, so it goes past the object mapper: one round trip, no rows made into models.
Each fragment finds standings of one sort; `{patient}` and `{visit}` are values here and columns where a
whole list is asked about, so that both mean the same. It asks views of ids and dates, which are the owner's:
before a decision the fence is shut, and a restriction that it hid would be none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from uuid import UUID

from teleward.kernel.prepared import rows

from .actors import Actor, ActorKind
from .policy import Window, rules
from .policy.annotations import windows
from .signin.limits import ACCOUNT as ACCOUNT_LIMITS
from .subjects import Subject

TOLD = (  # by upper rooms; kinds of `access_standing`
    "appointment",
    "call",
    "team",
    "message",
    "alert",
    "referral",
    "claim",
    "prescription",
    "registration",
    "reason",
    "glass",
)
STAFF = {
    "told": """SELECT s.kind, s.source, s.starts_at FROM access_standing_key s
        WHERE s.patient_id = {patient} AND s.staff_id = %(actor)s AND {told}
        AND (s.session IS NULL OR s.session = %(session)s)""",
    "host": """SELECT 'host', s.visit, s.starts_at FROM access_standing_key s
        WHERE s.visit = {visit} AND s.kind <> 'cancelled' AND {host}
        AND (s.staff_id = %(actor)s OR {told} AND s.staff_id IN (
            SELECT c.covers_id FROM access_cover c
            WHERE c.person_id = %(actor)s AND c.starts_at <= %(at)s AND c.ends_at >= %(at)s))""",
    "treated": """SELECT 'treated', s.visit, s.starts_at FROM access_standing_key s
        WHERE s.patient_id = {patient} AND {treated}
        AND (s.kind = 'appointment' OR s.kind = 'cancelled' AND s.visit = {visit})
        AND (s.staff_id = %(actor)s OR {booking} AND s.staff_id IN (
            SELECT c.covers_id FROM access_cover c
            WHERE c.person_id = %(actor)s AND c.starts_at <= %(at)s AND c.ends_at >= %(at)s))""",
    "day": """SELECT 'day', s.visit, s.starts_at FROM access_standing_key s
        WHERE s.patient_id = {patient} AND s.organisation_id = %(organisation)s
        AND s.kind = 'appointment' AND {day}""",
    "booking": """SELECT 'booking', s.visit, s.starts_at FROM access_standing_key s
        WHERE s.patient_id = {patient} AND s.organisation_id = %(organisation)s
        AND s.kind IN ('appointment', 'call', 'cancelled') AND (s.kind <> 'call' OR s.staff_id <> %(actor)s)
        AND {booking}""",
    "cover": """SELECT 'cover', c.id, c.starts_at FROM access_cover c
        JOIN access_standing_key s ON s.staff_id = c.covers_id
        WHERE c.person_id = %(actor)s AND c.starts_at <= %(at)s AND c.ends_at >= %(at)s
        AND s.patient_id = {patient} AND s.kind IN ('appointment', 'team') AND {told}""",
    "own": """SELECT 'own', p.id, p.registered_at FROM access_patient_key p
        WHERE p.id = {patient} AND p.person_id = %(actor)s""",
    "family": """SELECT 'family', k.id, k.told_at FROM access_kinship_key k
        WHERE k.patient_id = {patient} AND k.person_id = %(actor)s""",
}
ACCOUNT = {
    "new-account": """SELECT 'new-account', i.id, i.accepted_at FROM access_staffinvitation i
        WHERE i.patient_id = {patient} AND i.accepted_as_id = %(actor)s
        AND i.accepted_at > %(at)s - {first_days}""",
    "proxy": """SELECT 'proxy', x.id, x.given_at FROM access_proxy_key x
        WHERE x.patient_id = {patient} AND x.person_id = %(actor)s AND {given}""",
    "proxy-ledger": """SELECT 'proxy-ledger', x.id, x.given_at FROM access_proxy_key x
        WHERE x.patient_id = {patient} AND x.person_id = %(actor)s AND x.may_see_ledger AND {given}""",
    "proxy-readings": """SELECT 'proxy-readings', x.id, x.given_at FROM access_proxy_key x
        WHERE x.patient_id = {patient} AND x.person_id = %(actor)s AND x.may_see_readings AND {given}""",
}
GIVEN = "x.withdrawn_at IS NULL AND x.given_at <= %(at)s AND coalesce(x.ends_at, 'infinity') >= %(at)s"
TIER = """SELECT 'tier:' || CASE WHEN r.seconded_at IS NULL THEN 'restricted' ELSE r.tier END, r.id, r.set_at
        FROM access_restriction_key r WHERE r.patient_id = {patient} AND r.lifted_at IS NULL"""
NORMAL = "normal"
PLACEHOLDERS = {
    "actor": "uuid",
    "organisation": "uuid",
    "session": "uuid",
    "patient": "uuid",
    "visit": "uuid",
    "at": "timestamptz",
}


@dataclass(frozen=True)
class Standing:
    """One dated fact: what it comes from, and when it began."""

    kind: str
    source: UUID | None
    at: datetime

    def dated(self) -> dict[str, "str | int | list[str]"]:
        """For the ledger: the explanation of the access rests on it."""
        source = {"source": str(self.source)} if self.source else {}
        return {"evidence": self.kind, "starts_at": self.at.isoformat(), **source}


@dataclass(frozen=True)
class Evidence:
    """What the actor has to do with the subject's patient now, and how close that record is kept."""

    standing: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))
    tier: str = NORMAL

    @property
    def kinds(self) -> tuple[str, ...]:
        """The sorts of standing there are, in the order of their names."""
        return tuple(sorted(self.standing))


NONE = Evidence()
Rows = list[tuple[str, UUID | None, datetime]]


def evidence(*, actor: Actor, subject: Subject, at: datetime) -> Evidence:
    """The facts about the subject's patient. Only members of staff and accounts are looked up."""
    if actor.kind not in {ActorKind.STAFF, ActorKind.PATIENT} or subject.patient is None:
        return NONE
    visit = subject.id if subject.kind == "Visit" else None
    asked = (actor.id, actor.organisation, actor.session, subject.patient, visit, at)
    return read_standings(rows(statement(actor.kind), asked))


@cache
def fragments(kind: ActorKind) -> dict[str, str]:
    """The SQL that finds each sort of standing, with `{patient}` and `{visit}` left open."""
    known = windows(rules().annotations.values())
    texts = {"told": _told(known), "given": GIVEN, "first_days": _interval(ACCOUNT_LIMITS.first_days)}
    texts |= {kind: _within(known[kind]) for kind in ("host", "treated", "day", "booking")}
    texts |= {"patient": "{patient}", "visit": "{visit}"}
    chosen = STAFF if kind is ActorKind.STAFF else ACCOUNT
    return {name: text.format(**texts) for name, text in chosen.items()}


@cache
def statement(kind: ActorKind) -> bytes:
    """With PostgreSQL's own placeholders, which cost nothing to read again."""
    parts = [*fragments(kind).values(), TIER]
    whole = " UNION ALL ".join(part.format(patient="%(patient)s", visit="%(visit)s") for part in parts)
    every = [f"${number}::{sort}" for number, sort in enumerate(PLACEHOLDERS.values(), start=1)]
    for name, typed in zip(PLACEHOLDERS, every, strict=True):
        whole = whole.replace(f"%({name})s", typed)
    unused = f"WITH asked AS (SELECT {', '.join(every)})"  # the sort of what an account does not ask
    return f"{unused} {whole}".encode()


def _told(known: Mapping[str, Window]) -> str:
    """Kinds that upper rooms tell, each within its window; kinds of one window stand together."""
    alike: dict[Window, list[str]] = {}
    for kind in TOLD:
        alike.setdefault(known[kind], []).append(f"'{kind}'")
    parts = (f"(s.kind IN ({', '.join(kinds)}) AND {_within(each)})" for each, kinds in alike.items())
    return f"({' OR '.join(parts)})"


def _within(window: Window) -> str:
    before, after = (_interval(each) for each in (window.before, window.after))
    begun = f"s.starts_at <= %(at)s + {before}"
    return f"{begun} AND coalesce(s.ended_at, s.ends_at, 'infinity') >= %(at)s - {after}"


def _interval(length: timedelta) -> str:
    return f"interval '{int(length.total_seconds())} seconds'"


def read_standings(dated: Rows) -> Evidence:
    """The latest standing of each kind, and the tier."""
    found: dict[str, Standing] = {}
    tier = NORMAL
    for kind, source, at in dated:
        if kind.startswith("tier:"):
            tier = kind.removeprefix("tier:")
        elif kind not in found or found[kind].at < at:
            found[kind] = Standing(kind, source, at)
    return Evidence(standing=found, tier=tier)

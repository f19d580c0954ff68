"""What a patient sees of who saw their data."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, ActorKind, Grant
from teleward.access.queries.passes import passes_of_patient
from teleward.access.queries.people import organisation, staff_names
from teleward.audit import queries as ledger
from teleward.audit.queries import LedgerEntry
from teleward.kernel.errors import NotFound
from teleward.trust.models import Objection
from teleward.trust.sentences import is_own, sentence

PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Access:
    """One access, or the same one several times on a day, as a sentence."""

    id: UUID  # of the newest ledger entry
    at: datetime  # in the practice's time zone
    sentence: str
    times: int
    kind: str  # opened, listed, refused, own
    has_objection: bool


@dataclass(frozen=True, kw_only=True)
class Accesses:
    """A page of accesses, newest first. `older` is the number to ask for the next page with, or None."""

    deliberate: list[Access]
    listed: list[Access]
    own: list[Access]
    older: int | None
    is_whole: bool  # the chain of entries has no gap and no change as far as it was read


def accesses(*, grant: Grant, before: int | None = None) -> Accesses:
    """Who saw the data of the patient of the grant, by sentences; `before` a number for the next page."""
    grant.must_cover(Action.LEDGER_READ)
    entries = ledger.of_patient(patient=_patient_of(grant), before=before, most=PAGE)
    shown = _sentences(grant, [entry for entry in entries if entry.facts["outcome"] != "done"])
    return Accesses(
        deliberate=[access for access in shown if access.kind in {"opened", "refused"}],
        listed=[access for access in shown if access.kind == "listed"],
        own=[access for access in shown if access.kind == "own"],
        older=entries[-1].number if len(entries) == PAGE else None,
        is_whole=ledger.first_break(entries=entries) is None,
    )


def access(*, grant: Grant, entry: UUID) -> Access:
    """One access of the patient of the grant. Raises NotFound."""
    grant.must_cover(Action.OBJECTION_OPEN, Action.LEDGER_READ)
    found = ledger.of_event(patient=_patient_of(grant), event=entry)
    if found is None:
        raise NotFound
    return _sentences(grant, [found])[0]


def _patient_of(grant: Grant) -> UUID:
    if grant.subject.patient is None:
        raise NotFound
    return grant.subject.patient


def _sentences(grant: Grant, entries: list[LedgerEntry]) -> list[Access]:
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    names, reader = _names(grant), str(grant.actor.id)
    objected = set(Objection.objects.filter(patient_id=_patient_of(grant)).values_list("entry", flat=True))

    def same(entry: LedgerEntry) -> tuple[object, ...]:
        facts = entry.facts
        day = entry.at.astimezone(zone).date()
        return (
            day,
            facts["actor_id"],
            facts["action"],
            facts["policy"],
            facts["outcome"],
            entry.id in objected,
        )

    groups = [list(group) for _key, group in groupby(entries, key=same)]
    return [_access(alike, zone, names, reader, alike[0].id in objected) for alike in groups]


def _access(
    alike: list[LedgerEntry],
    zone: ZoneInfo,
    names: dict[str, str],
    reader: str,
    has_objection: bool,  # noqa: FBT001 - private
) -> Access:
    newest = alike[0]
    return Access(
        id=newest.id,
        at=newest.at.astimezone(zone),
        sentence=sentence(facts=newest.facts, names=names, zone=zone, reader=reader),
        times=len(alike),
        kind=_kind(newest, reader),
        has_objection=has_objection,
    )


def _kind(entry: LedgerEntry, reader: str) -> str:
    facts = entry.facts
    opened_a_link = facts["actor_kind"] == ActorKind.NOBODY.value and facts["outcome"] != "deny"
    if opened_a_link or is_own(facts=facts, reader=reader):
        return "own"
    return {"deny": "refused", "listed": "listed"}.get(facts["outcome"], "opened")


def _names(grant: Grant) -> dict[str, str]:
    staff = {str(key): name.name for key, name in staff_names(organisation_id=grant.organisation).items()}
    held = passes_of_patient(grant=grant, patient=_patient_of(grant))
    return staff | {str(card.id): card.name for card in held}

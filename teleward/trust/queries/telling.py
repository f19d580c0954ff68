"""Ledger entries as a patient reads them: one sentence for each, the same one on a day once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from teleward.access.grants import Action, ActorKind, Grant
from teleward.access.queries.apps import app_names
from teleward.access.queries.glass import glass_of_patient
from teleward.access.queries.naming import shows_names
from teleward.access.queries.passes import passes_of_patient
from teleward.access.queries.people import organisation, staff_names
from teleward.access.queries.proxies import proxy_names
from teleward.access.queries.reasons import reasons_of_patient
from teleward.access.queries.safeguards import held_until
from teleward.audit import queries as ledger
from teleward.audit.queries import LedgerEntry
from teleward.kernel.errors import NotFound
from teleward.trust.models import Objection
from teleward.trust.queries.naming import named_entries
from teleward.trust.sentences import is_own, sentence

HELD_BACK = frozenset(
    {Action.GLASS_ASK, Action.GLASS_BREAK, Action.GLASS_SECOND, Action.GLASS_END, Action.SAFEGUARD}
)  # while a hold stands
TELLING = (Action.LEDGER_READ, Action.OBJECTION_OPEN, Action.WINDOW_EXPORT, Action.WINDOW_OPEN)
HELD_POLICY = "p-breakglass"
LATER = 200  # entries between the beginning of a try and its end


@dataclass(frozen=True, kw_only=True)
class Access:
    """One access, or the same one several times on a day, as a sentence."""

    id: UUID  # of the newest ledger entry
    numbers: tuple[int, ...]  # in the patient's chain, newest first
    at: datetime  # in the practice's time zone
    sentence: str
    kind: str  # opened, listed, refused, own
    actor: str  # an id for the filter, empty where nobody may be told apart
    purpose: str  # HL7 v3 ActReason
    data: str  # what kind of data
    visit: UUID | None
    is_held: bool = False  # word of it is held back for safety: no name, no words
    is_erased: bool = False  # body and salt are gone
    has_objection: bool = False
    has_name_request: bool = False
    may_ask_name: bool = False

    @property
    def times(self) -> int:
        """How often on that day."""
        return len(self.numbers)

    @property
    def chain(self) -> str:
        """The numbers, for the page's script."""
        return " ".join(str(number) for number in self.numbers)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What is needed to tell entries of one patient, looked up once."""

    patient: UUID
    zone: ZoneInfo
    reader: str
    staff: Mapping[str, str]
    others: Mapping[str, str]  # invited people and those with access, whom the patient knows
    reasons: Mapping[str, str]
    named: frozenset[UUID]
    with_names: bool
    is_held: bool
    wishes: frozenset[tuple[UUID, str]] = field(default_factory=frozenset)
    ends: Mapping[str, str] = field(default_factory=dict)  # of what was to be sent, by request

    def names(self, entry: UUID) -> Mapping[str, str]:
        """The names that may be said of one entry."""
        return {**self.others, **self.staff} if self.with_names or entry in self.named else self.others


def telling(*, grant: Grant) -> Telling:
    """Looks up what the sentences of the grant's patient need."""
    grant.must_cover(*TELLING)
    patient = patient_of(grant)
    staff = staff_names(organisation_id=grant.organisation)
    wishes = Objection.objects.filter(patient_id=patient).values_list("entry", "wish")
    return Telling(
        patient=patient,
        zone=ZoneInfo(organisation(organisation_id=grant.organisation).time_zone),
        reader=str(grant.actor.id),
        staff={str(key): name.name for key, name in staff.items()},
        others=_others(grant, patient),
        reasons=_reasons(grant),
        named=named_entries(patient=patient),
        with_names=shows_names(organisation=grant.organisation),
        is_held=held_until(patient=patient) is not None,
        wishes=frozenset(wishes),
    )


def patient_of(grant: Grant) -> UUID:
    """The patient of the grant. Raises NotFound."""
    if grant.subject.patient is None:
        raise NotFound
    return grant.subject.patient


def told(*, telling: Telling, entries: Iterable[LedgerEntry]) -> list[Access]:
    """The entries as accesses, in their order; what was merely done under one of them is left out.

    What was to be sent is told with what became of it.
    """
    entries = list(entries)
    telling = replace(telling, ends=_ends(telling.patient, entries))
    shown = [entry for entry in entries if not _is_merely_done(telling, entry)]
    grouped = groupby(shown, key=lambda entry: _alike(telling, entry))
    return [_access(telling, list(group)) for _key, group in grouped]


def _ends(patient: UUID, entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """The entry before a try cannot know how it ends; the one after it may stand on a newer page."""
    begun = {each.facts["request_id"]: each.number for each in entries if _is_sent_under(each, "allow")}
    found = _said_to_end(entries)
    unknown = [number for request, number in begun.items() if request not in found]
    if not unknown:
        return found
    later = ledger.of_patient(patient=patient, before=max(unknown) + LATER + 1, most=LATER)
    return _said_to_end(later) | found


def _said_to_end(entries: Iterable[LedgerEntry]) -> dict[str, str]:
    ended = [each.facts for each in entries if _is_sent_under(each, "done")]
    return {facts["request_id"]: facts["detail"]["tried"] for facts in ended if "tried" in facts["detail"]}


def _is_sent_under(entry: LedgerEntry, outcome: str) -> bool:
    if Action.RECORD_SEND.value not in entry.body:  # most are none, and need not be read
        return False
    return bool(entry.facts["action"] == Action.RECORD_SEND and entry.facts["outcome"] == outcome)


def _end(telling: Telling, facts: Mapping[str, Any]) -> str | None:
    return telling.ends.get(facts["request_id"], "") if facts["action"] == Action.RECORD_SEND else None


def is_held(telling: Telling, facts: Mapping[str, Any]) -> bool:
    """Whether word of this entry is held back from the patient for now."""
    return telling.is_held and (facts["policy"] == HELD_POLICY or facts["action"] in HELD_BACK)


def _is_merely_done(telling: Telling, entry: LedgerEntry) -> bool:
    """Whether it tells what followed from an access; what is held back looks the same either way."""
    facts = entry.facts
    return bool(entry.body) and facts["outcome"] == "done" and not is_held(telling, facts)


def _alike(telling: Telling, entry: LedgerEntry) -> tuple[object, ...]:
    day = entry.at.astimezone(telling.zone).date()
    if not entry.body:
        return (day, entry.id)
    facts = entry.facts
    if is_held(telling, facts):
        return (day, "held")
    marked = tuple((entry.id, wish) in telling.wishes for wish in ("review", "name"))
    visit = facts.get("visit")
    detail = facts.get("detail", {})
    behind = (detail.get("for"), detail.get("system"), _end(telling, facts))
    return (day, facts["actor_id"], behind, facts["action"], facts["policy"], facts["outcome"], visit, marked)


def _access(telling: Telling, alike: list[LedgerEntry]) -> Access:
    newest = alike[0]
    numbers = tuple(entry.number for entry in alike)
    at = newest.at.astimezone(telling.zone)
    if not newest.body:
        words = _("What stood here was erased. Its seal shows that it was there.")
        return _closed(newest, numbers, at, words, is_erased=True)
    if is_held(telling, newest.facts):
        words = _("Somebody opened your record in an emergency. For safety, more is told later.")
        return _closed(newest, numbers, at, words, is_held=True)
    return _opened(telling, newest, numbers, at)


def _closed(entry: LedgerEntry, numbers: tuple[int, ...], at: datetime, words: str, **why: bool) -> Access:
    return Access(
        id=entry.id, numbers=numbers, at=at, sentence=words, kind="opened", actor="", purpose="", data="",
        visit=None, **why,
    )  # fmt: skip


def _opened(telling: Telling, entry: LedgerEntry, numbers: tuple[int, ...], at: datetime) -> Access:
    facts, names, end = entry.facts, telling.names(entry.id), _end(telling, entry.facts)
    if end is not None:
        facts = {**facts, "detail": {**facts["detail"], "tried": end}}
    kind = _kind(facts, telling.reader)
    by_staff = facts["actor_kind"] == ActorKind.STAFF.value
    asked = (entry.id, "name") in telling.wishes
    return Access(
        id=entry.id,
        numbers=numbers,
        at=at,
        sentence=sentence(
            facts=facts, names=names, zone=telling.zone, reader=telling.reader, reasons=telling.reasons
        ),
        kind=kind,
        actor=_actor(facts, names),
        purpose=facts["purpose"],
        data=facts["kind"],
        visit=UUID(facts["visit"]) if facts.get("visit") else None,
        has_objection=(entry.id, "review") in telling.wishes,
        has_name_request=asked,
        may_ask_name=by_staff and facts["actor_id"] not in names and not asked,
    )


def _actor(facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The person where the name is said; the role where it is not."""
    known = facts["actor_id"] if facts["actor_id"] in names else ""
    return known or f"role:{facts['actor_role']}"


def _kind(facts: Mapping[str, Any], reader: str) -> str:
    opened_a_link = facts["actor_kind"] == ActorKind.NOBODY.value and facts["outcome"] != "deny"
    if opened_a_link or is_own(facts=dict(facts), reader=reader):
        return "own"
    return {"deny": "refused", "listed": "listed"}.get(facts["outcome"], "opened")


def _others(grant: Grant, patient: UUID) -> dict[str, str]:
    held = passes_of_patient(grant=grant, patient=patient)
    given = proxy_names(grant=grant)
    apps = app_names(organisation=grant.organisation)
    named = {str(key): name for key, name in (*given.items(), *apps.items())}
    return {str(card.id): card.name for card in held} | named


def _reasons(grant: Grant) -> dict[str, str]:
    if grant.action is not Action.LEDGER_READ:  # told on the list itself
        return {}
    glass = {str(card.id): card.words for card in glass_of_patient(grant=grant)}
    typed = {str(key): card.words for key, card in reasons_of_patient(grant=grant).items()}
    return glass | typed

"""What a patient sees of who saw their data: sieved, and grouped by visit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.audit import queries as ledger
from teleward.consult.queries.visits import visits_of_patient
from teleward.kernel.errors import NotFound
from teleward.trust.deeds import roles
from teleward.trust.queries.telling import Access, Telling, patient_of, telling, told

PAGE = 100
SIEVED_PAGE = 1000  # entries looked through where a sieve leaves few of them


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """What the reader wants to see; an empty word lets everything through."""

    actor: str = ""
    purpose: str = ""
    data: str = ""

    def lets(self, access: Access) -> bool:
        """Whether an access passes."""
        pairs = ((self.actor, access.actor), (self.purpose, access.purpose), (self.data, access.data))
        return all(wanted in {"", found} for wanted, found in pairs)

    @property
    def is_open(self) -> bool:
        """Whether it lets everything through."""
        return not (self.actor or self.purpose or self.data)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Accesses of one visit (`host` is set), or of one day without one."""

    at: datetime
    host: str
    accesses: tuple[Access, ...]


@dataclass(frozen=True, kw_only=True)
class Accesses:
    """A page of accesses, newest first. `older` is the number to ask for the next page with, or None."""

    groups: tuple[Group, ...]
    listed: tuple[Access, ...]
    own: tuple[Access, ...]
    older: int | None
    first: int  # the newest number of the chain on this page, 0 where there is none
    last: int  # the oldest
    is_whole: bool  # the server found no gap and no change; the browser checks for itself
    actors: tuple[tuple[str, str], ...]  # what the sieves offer: id and words
    purposes: tuple[str, ...]
    data: tuple[str, ...]

    @property
    def deliberate(self) -> list[Access]:
        """Everything that was opened on purpose or refused."""
        return [access for group in self.groups for access in group.accesses]


def accesses(*, grant: Grant, before: int | None = None, sieve: Sieve | None = None) -> Accesses:
    """Who saw the data of the patient of the grant; `before` a number for the next page."""
    grant.must_cover(Action.LEDGER_READ)
    sieve = sieve or Sieve()
    most = PAGE if sieve.is_open else SIEVED_PAGE
    entries = ledger.of_patient(patient=patient_of(grant), before=before, most=most)
    known = telling(grant=grant)
    every = told(telling=known, entries=entries)
    shown = [access for access in every if sieve.lets(access)]
    return Accesses(
        groups=_groups(grant, [access for access in shown if access.kind in {"opened", "refused"}]),
        listed=tuple(access for access in shown if access.kind == "listed"),
        own=tuple(access for access in shown if access.kind == "own"),
        older=entries[-1].number if len(entries) == most and entries[-1].number > 1 else None,
        first=entries[0].number if entries else 0,
        last=entries[-1].number if entries else 0,
        is_whole=ledger.first_break(entries=entries) is None,
        actors=_actors(known, every),
        purposes=tuple(sorted({access.purpose for access in every if access.purpose})),
        data=tuple(sorted({access.data for access in every if access.data})),
    )


def access(*, grant: Grant, entry: UUID) -> Access:
    """One access of the patient of the grant. Raises NotFound."""
    grant.must_cover(Action.OBJECTION_OPEN, Action.LEDGER_READ)
    found = ledger.of_event(patient=patient_of(grant), event=entry)
    listed = told(telling=telling(grant=grant), entries=[found] if found else [])
    if not listed:
        raise NotFound
    return listed[0]


def _groups(grant: Grant, shown: list[Access]) -> tuple[Group, ...]:
    """By visit where the entry names one, else by day; in the order of the newest access of each."""
    visits = {visit.id: (visit.starts_at, visit.host_name) for visit in visits_of_patient(grant=grant)}
    sorted_out: dict[object, list[Access]] = {}
    for each in shown:
        sorted_out.setdefault(each.visit if each.visit in visits else each.at.date(), []).append(each)
    return tuple(
        _group(alike, visits.get(alike[0].visit) if alike[0].visit else None) for alike in sorted_out.values()
    )


def _group(alike: list[Access], visit: tuple[datetime, str] | None) -> Group:
    newest = alike[0].at
    at, host = visit or (newest, "")
    return Group(at=at.astimezone(newest.tzinfo), host=host, accesses=tuple(alike))


def _actors(known: Telling, every: list[Access]) -> tuple[tuple[str, str], ...]:
    names = {**known.others, **known.staff}
    ids = {access.actor for access in every if access.actor and access.kind != "own"}
    words = {key: names.get(key) or roles(key.removeprefix("role:")) for key in ids}
    return tuple(sorted(((key, text) for key, text in words.items() if text), key=lambda pair: pair[1]))

"""Saying of a reading that it is wrong: it stays in the history, and nothing more is made of it."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, ActorKind, Grant, NotCovered, record
from teleward.devices.models import Disowned, Reowned
from teleward.devices.models.sharing import WRONGS
from teleward.devices.operations.summing import sum_up_anew
from teleward.devices.queries.readings import named_readings
from teleward.devices.queries.sharings import kept_named
from teleward.devices.queries.wrong import PERSONS, Name, wrong_among
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish

MOST = 4000  # readings at once: an hour of one each second, and a little more


class NothingTakenBack(Problem):
    """None of these is marked, or no person asks."""

    code = "devices:nothing-taken-back"
    message = _("Please choose a reading that is marked as wrong.")


class NothingMarked(Problem):
    """None of these readings is the patient's, or nobody said why."""

    code = "devices:nothing-marked"
    message = _("Please choose a reading and say what is wrong with it.")


@transaction.atomic
def disown(*, grant: Grant, names: Collection[Name], why: str) -> int:
    """These readings of the grant's patient are wrong, or of somebody else. Returns how many now are.

    Idempotent. Raises NothingMarked.
    """
    grant.must_cover(Action.READING_WRITE)
    said = _Said(by=_by(grant), who=_who(grant), why=why)
    found = dict(_standing(grant, set(names))) if why in WRONGS and len(names) <= MOST else {}
    if not found:
        raise NothingMarked
    return _marked(grant, found, said)


@transaction.atomic
def own_again(*, grant: Grant, names: Collection[Name]) -> int:
    """What was said of these readings of the grant's patient was not right: they count again.

    A person's word goes above that of a device, not the other way round. All of it stays to be seen.
    Returns how many marks were taken back. Raises NothingTakenBack.
    """
    grant.must_cover(Action.READING_WRITE)
    by, who = _by(grant), _who(grant)
    rows = [row for row in _marks(grant, names) if who in PERSONS]
    if not rows:
        raise NothingTakenBack
    at = now()
    taken_back = [Reowned(disowned=row, at=at, by=by, who=who) for row in rows]
    Reowned.objects.bulk_create(taken_back, ignore_conflicts=True)
    again = {(row.source, row.sequence) for row in rows}
    sum_up_anew(grant=grant, measured=dict(_standing(grant, again)).values())
    record(grant=grant, detail={"taken_back": len(rows)})
    publish(Event.READINGS_REOWNED, disowned=rows[0].id, patient=whose(grant))
    return len(rows)


def _marks(grant: Grant, names: Collection[Name]) -> list[Disowned]:
    """What stands of what was said."""
    named = Disowned.objects.filter(patient=whose(grant), source__in={source for source, _number in names})
    rows = named.select_for_update().exclude(
        id__in=Reowned.objects.filter(disowned__patient=whose(grant)).values("disowned")
    )
    return [row for row in rows.order_by("id") if (row.source, row.sequence) in names]


@transaction.atomic
def disown_charted(*, grant: Grant, names: Collection[Name]) -> int:
    """The same, where what sent them said so in the chart. Idempotent."""
    grant.must_cover(Action.READING_WRITE)
    said = _Said(by=whose(grant), who="device", why="device")
    return _marked(grant, dict(_standing(grant, set(names))), said)


@dataclass(frozen=True, kw_only=True)
class _Said:
    by: UUID
    who: str
    why: str


def _marked(grant: Grant, found: dict[Name, tuple[str, datetime]], said: _Said) -> int:
    before = wrong_among(grant=grant, sources={source for source, _number in found})
    turns = _turns(grant, {source for source, _number in found})
    rows = [_row(grant, name, said, turns[name]) for name in sorted(found) if name not in before]
    for row in rows:
        row.at = rows[0].at
    Disowned.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        sum_up_anew(grant=grant, measured=found.values())
        record(grant=grant, detail={"marked_wrong": len(rows)})
        publish(Event.READINGS_DISOWNED, disowned=rows[0].id, patient=whose(grant))
    return len(rows)


def _standing(grant: Grant, names: set[Name]) -> Iterator[tuple[Name, tuple[str, datetime]]]:
    """Of these the patient's own: of which kind, and when it was measured."""
    for card in named_readings(grant=grant, names=names):
        yield (card.pairing, card.sequence), (card.reading.kind, card.at)
    for kept in kept_named(grant=grant, names=names):
        yield (kept.id, 0), (kept.reading.kind, kept.reading.received_at)


def _turns(grant: Grant, sources: set[UUID]) -> Counter[Name]:
    """How often each was marked already."""
    rows = Disowned.objects.filter(patient=whose(grant), source__in=sources)
    return Counter((source, number) for source, number in rows.values_list("source", "sequence"))


def _row(grant: Grant, name: Name, said: _Said, turn: int) -> Disowned:
    return Disowned(
        turn=turn,
        by=said.by,
        who=said.who,
        organisation=grant.organisation,
        patient=whose(grant),
        source=name[0],
        sequence=name[1],
        why=said.why,
        at=now(),
    )


def _by(grant: Grant) -> UUID:
    if grant.actor.id is None:
        raise NotCovered
    return grant.actor.id


def _who(grant: Grant) -> str:
    if grant.actor.kind is not ActorKind.PATIENT:
        return "device"
    return "patient" if grant.actor.patient == whose(grant) else "proxy"

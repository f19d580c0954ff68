"""Taking readings from home: each once, sealed, and durable with the ledger's entry before the answer."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils.functional import Promise

from teleward.access.grants import Action, Grant, Weighed, Written
from teleward.access.queries.people import time_zone
from teleward.devices.arriving import Arrived, arrived
from teleward.devices.faults import FAULTS
from teleward.devices.numbers import Numbers, numbers_of
from teleward.devices.operations.statements import KEEP, LOCK, NEW_KEY, STANDS, TELL
from teleward.devices.packing import instant, instants, microseconds, register, sealed, whole, words
from teleward.devices.queries.credentials import CredentialInvalid, Proven
from teleward.devices.queries.readings import CONTEXT, stored
from teleward.devices.readings import Batch, Reading
from teleward.kernel.clock import now
from teleward.kernel.envelope import fresh_key, opened_key, seal_all
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id, token_hash
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import rows

QUARTER = 15 * 60 * 1_000_000  # microseconds: no zone's day begins within one


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What became of one reading: kept, already (kept before), or refused and why. As it is sent."""

    id: str | UUID
    sequence: int | None
    status: str
    code: str = ""
    message: str | Promise = ""


@dataclass
class _Taking:
    """One batch at work."""

    proven: Proven
    at: datetime
    numbers: Numbers
    known: dict[int, Reading]  # what has such a number already
    new: dict[int, Arrived] = field(default_factory=dict)  # by number, in the order they came
    answers: list[Answer] = field(default_factory=list)


@without_grant(
    "It brings the gate's decision along: the statement that keeps readings writes its entry first."
)
def take_readings(*, weighed: Weighed, proven: Proven, batch: Batch, body: bytes) -> tuple[Answer, ...]:
    """Keeps what is new of a batch, in its order, one answer for each reading; `body` as it came to us.

    When this returns it is durable, the ledger's entry too. Raises CredentialInvalid where the pairing ended,
    its key was changed or the word came before; the refusal of the gate; KeyDestroyed.
    """
    at = now()
    came = [arrived(bytes(raw), at=at) for raw in batch.readings]
    grant = _granted(weighed)
    grant.must_cover(Action.READING_WRITE)
    with transaction.atomic():
        numbers, key = _locked(proven, at)
        taking = _Taking(proven, at, numbers, _known(grant, proven, numbers, came))
        taking.answers.extend(_answer(taking, each) for each in came)
        _keep(taking, weighed, batch, key, hashlib.sha256(body).digest())
    return tuple(taking.answers)


def _granted(weighed: Weighed) -> Grant:
    """The grant; where there is none, its refusal is written down before it is raised."""
    if not weighed.allowed:
        _ask(TELL, [_told(weighed.entry())])
    return weighed.grant(entry=new_id())


def _locked(proven: Proven, at: datetime) -> tuple[Numbers, AESGCM]:
    """The numbers taken so far, and the patient's key; nobody else takes of this pairing meanwhile."""
    pairing, patient, word = proven.actor.id, proven.subject.patient, proven.word
    found = _ask(LOCK, [pairing])
    seen = token_hash(f"{pairing} {word.jti}")
    asked = [pairing, proven.thumbprint, seen, word.expires_at, patient, at.date()]
    ((is_new, is_alive, wrapped, _month),) = _ask(STANDS, asked)
    if not found or not is_alive:
        raise CredentialInvalid
    if not is_new:
        raise CredentialInvalid("used")
    if wrapped is None:
        ((wrapped,),) = _ask(NEW_KEY, [patient, fresh_key(), at])
    return numbers_of(found[0][0]), opened_key(wrapped=wrapped)


def _known(grant: Grant, proven: Proven, numbers: Numbers, came: list[Arrived]) -> dict[int, Reading]:
    again = [each.sequence for each in came if each.sequence is not None and each.sequence in numbers]
    return stored(grant=grant, pairing=_id(proven.actor.id), numbers=again) if again else {}


def _answer(taking: _Taking, each: Arrived) -> Answer:
    number = each.sequence or 0
    why = each.fault or _fault_of_number(taking, each, number)
    if not why:
        taking.new[number] = each
        return Answer(each.id, each.sequence, "kept")
    if why == "already":
        return Answer(each.id, each.sequence, "already")
    return Answer(each.id, each.sequence, "refused", f"devices:{why}", FAULTS[why])


def _fault_of_number(taking: _Taking, each: Arrived, number: int) -> str:
    if number in taking.new or number in taking.known:
        there = taking.new[number].reading if number in taking.new else taking.known[number]
        return "already" if there == each.reading else "number-used"
    if number in taking.numbers:
        return "number-passed"
    return "number-far" if number > taking.numbers.reach else ""


def _keep(taking: _Taking, weighed: Weighed, batch: Batch, key: AESGCM, digest: bytes) -> None:
    proven, identifier = taking.proven, new_id()
    patient = _id(proven.subject.patient)
    times = [microseconds(each.at) for each in taking.new.values()]
    if taking.new:
        publish(Event.READINGS_TAKEN, batch=identifier, patient=patient)
    _ask(  # last, for it holds the patient's place in the ledger
        KEEP,
        [
            _told(_entry(taking, weighed, identifier, digest)),
            identifier,
            proven.actor.id,
            proven.actor.organisation,
            patient,
            taking.at,
            len(taking.new),
            sum(each.status == "refused" for each in taking.answers),
            str(Numbers().with_(taking.new)),
            digest,
            round(proven.word.skew.total_seconds() * 1000),
            str(taking.numbers.with_(taking.new)),
            batch.battery,
            *_columns(taking, key, times),
            *_days(taking, times),
        ],
    )


def _columns(taking: _Taking, key: AESGCM, times: list[int]) -> list[object]:
    """The readings, each sealed by itself."""
    place = CONTEXT.format(taking.proven.actor.id, "")
    each = ((f"{place}{number}", one.raw) for number, one in taking.new.items())
    closed = seal_all(key=key, patient=_id(taking.proven.subject.patient), each=each)
    kinds = [one.kind for one in taking.new.values()]
    return [whole(list(taking.new)), words(kinds), instants(times), sealed(closed)]


def _days(taking: _Taking, times: list[int]) -> list[list[Any]]:
    """Days by the practice's calendar, for which the sums have to be made anew."""
    zone = time_zone(organisation_id=_id(taking.proven.actor.organisation))
    kinds = [each.kind for each in taking.new.values()]
    quarters = {(kind, at // QUARTER) for kind, at in zip(kinds, times, strict=True)}
    days: set[tuple[str, date]] = {
        (kind, instant(at * QUARTER).astimezone(zone).date()) for kind, at in quarters
    }
    return [[kind for kind, _day in sorted(days)], [day for _kind, day in sorted(days)]]


def _entry(taking: _Taking, weighed: Weighed, batch: UUID, digest: bytes) -> Written:
    counted = [each.status for each in taking.answers]
    detail: dict[str, str | int | list[str]] = {
        name: counted.count(name) for name in ("kept", "already", "refused")
    }
    return weighed.entry(outcome="done", detail=detail | {"batch": str(batch), "sha256": digest.hex()})


def _told(entry: Written) -> str:
    return msgspec.json.encode([vars(entry)]).decode()


def _id(given: UUID | None) -> UUID:
    if given is None:
        raise CredentialInvalid
    return given


def _ask(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """On Django's connection, in its transaction."""
    connection.ensure_connection()
    register(connection.connection.adapters)
    return rows(statement.encode(), values)

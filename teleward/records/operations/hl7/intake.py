"""Taking a message: stored and durable before it is answered, and answered alike as often as it comes."""

import hmac
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from teleward.access.grants import SYSTEM, Action, Circumstances, Grant, Subject, authorise, record
from teleward.access.queries.people import organisation
from teleward.kernel.clock import now
from teleward.kernel.envelope import hashing_key, seal
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant
from teleward.records.hl7.building import acknowledgement
from teleward.records.hl7.kinds import taken
from teleward.records.hl7.reading import Message, read
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.models import Received
from teleward.records.operations.hl7.applying import MESSAGE, apply, newest_handling
from teleward.records.operations.hl7.outcomes import Outcome, of_refusal
from teleward.records.queries.hl7.senders import Peer, SenderCard, sender_of

KEPT: Final = 40  # of MSH-9 in the list
_LINE: Final = re.compile(rb"[\r\n]")


@dataclass(frozen=True)
class Arrival:
    """A message at the door: from whom, under which grant."""

    raw: bytes
    message: Message
    sender: SenderCard
    grant: Grant
    circumstances: Circumstances


@without_grant("The way in: it finds out who sends, then asks the gate as the server itself for each step.")
def answer_to(*, peer: Peer, raw: bytes) -> bytes:
    """Stores and applies what came, and gives the acknowledgement. A lost database raises: then hang up."""
    application, facility = addressed(raw)
    sender = sender_of(peer=peer, application=application, facility=facility)
    if sender is None:
        return _answer(_readable(raw), "", Outcome(word="refused", reason=Reason.SENDER_UNKNOWN))
    here = Circumstances(request_id=str(new_id()), client_address=peer.address, via="api")
    grant = take_grant(practice=sender.organisation, circumstances=here)
    house = organisation(organisation_id=sender.organisation).short_name
    try:
        message = read(raw, otherwise=sender.charset)
        taken(message)
    except MessageRefused as refused:
        return _answer(_readable(raw, sender.charset), house, _noted(grant, sender, refused))
    return _answer(message, house, _taken(Arrival(raw, message, sender, grant, here)))


@without_grant("It makes the grant.")
def take_grant(*, practice: UUID, circumstances: Circumstances) -> Grant:
    """The server's own grant to take messages for a practice."""
    about = Subject(kind="Organisation", id=practice, organisation=practice)
    return authorise(actor=SYSTEM, action=Action.MESSAGE_TAKE, subject=about, circumstances=circumstances)


@without_grant("Reads who sends, and nothing else.")
def addressed(raw: bytes) -> tuple[str, str]:
    """MSH-3.1 and MSH-4.1 of whatever came; "" where there is nothing like it."""
    line = _LINE.split(raw, maxsplit=1)[0][:2000]
    pieces = line.split(line[3:4]) if line[:3] == b"MSH" and len(line) > 4 else []
    parts = [piece.split(line[4:5])[0].decode("utf-8", "replace").strip() for piece in pieces[2:4]]
    return (parts[0], parts[1]) if len(parts) == 2 else ("", "")


def _taken(arrival: Arrival) -> Outcome:
    arrival.grant.must_cover(Action.MESSAGE_TAKE)
    row, is_new = _stored(arrival)
    if bytes(row.keyed_hash) != _digest(arrival.raw):
        return _noted(arrival.grant, arrival.sender, MessageRefused(Reason.NUMBER_USED, "MSH-10"))
    before = None if is_new else newest_handling(row.id)
    if before and before.outcome != "refused":
        return Outcome(word=before.outcome)
    return apply(grant=arrival.grant, received=row.id, circumstances=arrival.circumstances)


@transaction.atomic
def _stored(arrival: Arrival) -> tuple[Received, bool]:
    """The message's row, in one transaction with its entry in the ledger; and whether it is new."""
    identifier, practice = new_id(), arrival.sender.organisation
    row, is_new = Received.objects.get_or_create(
        sender_id=arrival.sender.id,
        number=arrival.message.control_id,
        defaults={
            "id": identifier,
            "organisation": practice,
            "keyed_hash": _digest(arrival.raw),
            "kind": arrival.message.kind[:KEPT],
            "sealed": seal(patient=practice, plaintext=arrival.raw, context=f"{MESSAGE}:{identifier}"),
        },
    )
    record(
        grant=arrival.grant,
        detail={"message": str(row.id), "from": str(arrival.sender.id), "again": "no" if is_new else "yes"},
    )
    return row, is_new


def _digest(raw: bytes) -> bytes:
    return hmac.digest(hashing_key(context="records.received"), raw, "sha256")


def _noted(grant: Grant, sender: SenderCard, refused: MessageRefused) -> Outcome:
    """What is not taken at all stays with its sender; that it came stands in the ledger."""
    record(grant=grant, detail={"from": str(sender.id), "refused": refused.reason, "place": refused.place})
    return of_refusal(refused)


def _readable(raw: bytes, charset: str = "8859/1") -> Message | None:
    try:
        return read(raw, otherwise=charset)
    except MessageRefused:
        return None


def _answer(message: Message | None, house: str, outcome: Outcome) -> bytes:
    return acknowledgement(
        to=message,
        facility=house,
        control_id=new_id().hex[:20],
        at=now(),
        reason=outcome.refusal,
        place=outcome.place,
    )

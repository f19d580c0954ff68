"""Registering the systems that may send messages, ending them, and saying whom of the practice they mean."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.queries.numbers import IdentifierWrong, normalised
from teleward.access.queries.people import staff_names
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.records.hl7.charsets import CODECS
from teleward.records.models import KnownAs, Sender, SenderEnd

MOST_ASSIGNERS: Final = 20
FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


class SenderFaulty(Problem):
    """Something about the system is missing or wrong; `field` says which."""

    code = "records:sender-faulty"
    status = 422
    message = _("Please check what is marked.")

    def __init__(self, field: str, message: object) -> None:
        super().__init__(str(message))
        self.field = field


@dataclass(frozen=True, kw_only=True)
class SenderWish:
    """What an administrator typed; `known_by` is the fingerprint of a certificate, or an address."""

    name: str
    application: str
    facility: str
    known_by: str
    charset: str
    assigners: str = ""  # one address in each line


@transaction.atomic
def register_sender(*, grant: Grant, wish: SenderWish) -> UUID:
    """Registers a system. Returns its id. Raises SenderFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    checked = _checked(wish)
    _must_be_free(grant.organisation, checked["proof"], checked["known_by"])
    row = Sender.objects.create(organisation=grant.organisation, made_by=grant.actor.id, **checked)
    record(grant=grant, detail={"sender": str(row.id), "known_by": row.proof})
    return row.id


@transaction.atomic
def speak_for(*, grant: Grant, sender: UUID, assigners: str) -> None:
    """Whose numbers it may bring, an address in each line. Raises NotFound or SenderFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row = _own(grant, sender)
    row.assigners = _addresses(assigners)
    row.save(update_fields=["assigners"])
    record(grant=grant, detail={"sender": str(sender), "assigners": row.assigners})


@transaction.atomic
def end_sender(*, grant: Grant, sender: UUID, why: str) -> None:
    """From here on nothing of it is taken. Raises NotFound, or SenderFaulty without a reason."""
    grant.must_cover(Action.APP_CHANGE)
    row = _own(grant, sender)
    if not why.strip():
        raise SenderFaulty("why", _("Please say in a few words why."))
    SenderEnd.objects.create(sender=row, at=now(), by=grant.actor.id, why=why.strip()[:200])
    record(grant=grant, detail={"sender-ended": str(sender)})


@transaction.atomic
def call_somebody(*, grant: Grant, sender: UUID, called: str, person: UUID) -> None:
    """Whom of the practice this system means by a number or a name. Raises NotFound or SenderFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row, words = _own(grant, sender), " ".join(called.split())[:180]
    if not words:
        raise SenderFaulty("called", _("Please enter the number or the name that the system uses."))
    found = staff_names(organisation_id=grant.organisation).get(person)
    if found is None or not {"physician", "nurse"} & set(found.roles):
        raise SenderFaulty("person", _("Please choose somebody of the practice."))
    KnownAs.objects.update_or_create(
        sender=row, called=words, defaults={"person": person, "at": now(), "by": grant.actor.id}
    )
    record(grant=grant, detail={"sender": str(sender), "calls": str(person)})


@transaction.atomic
def forget_name(*, grant: Grant, sender: UUID, called: UUID) -> None:
    """It means nobody by this any more."""
    grant.must_cover(Action.APP_CHANGE)
    KnownAs.objects.filter(id=called, sender=_own(grant, sender)).delete()
    record(grant=grant, detail={"sender": str(sender), "name-forgotten": str(called)})


def _must_be_free(practice: UUID, proof: str, known_by: str) -> None:
    """One system speaks for one practice: no other can put itself in its place, or learn whose it is."""
    held = Sender.objects.filter(proof=proof, known_by=known_by, end=None)
    if held.exclude(organisation=practice).exists():
        raise SenderFaulty(
            "known_by",
            _("This cannot be used for your practice. Please ask whoever looks after this server."),
        )


def _own(grant: Grant, sender: UUID) -> Sender:
    rows = Sender.objects.select_for_update(of=("self",))
    row = rows.filter(id=sender, organisation=grant.organisation, end=None).first()
    if row is None:
        raise NotFound
    return row


def _addresses(typed: str) -> list[str]:
    found = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    try:
        for each in found[:MOST_ASSIGNERS]:
            normalised(system=each, value="A")
    except IdentifierWrong as wrong:
        message = _("Please enter each as an address, such as urn:oid:1.2.276.0.76.3, one in a line.")
        raise SenderFaulty("assigners", message) from wrong
    return found[:MOST_ASSIGNERS]


def _checked(wish: SenderWish) -> dict[str, Any]:
    if not wish.name.strip():
        raise SenderFaulty("name", _("Please give the system a name."))
    if not wish.application.strip():
        raise SenderFaulty("application", _("Please enter what stands in MSH-3 of its messages."))
    if wish.charset not in CODECS:
        raise SenderFaulty("charset", _("Please choose a character set."))
    proof, known_by = _proof(wish.known_by)
    return {
        "name": wish.name.strip()[:80],
        "application": wish.application.strip()[:180],
        "facility": wish.facility.strip()[:180],
        "proof": proof,
        "known_by": known_by,
        "charset": wish.charset,
        "assigners": _addresses(wish.assigners),
    }


def _proof(typed: str) -> tuple[str, str]:
    words = typed.strip().lower()
    digits = words.rpartition("=")[2].replace(":", "").replace(" ", "")
    if FINGERPRINT.fullmatch(digits):
        return "certificate", digits
    try:
        return "address", str(ip_address(words))
    except ValueError as neither:
        raise SenderFaulty(
            "known_by",
            _("Please enter the SHA-256 fingerprint of its certificate, or its address such as 10.0.0.7."),
        ) from neither

"""Pairing a gateway at home with one patient: a code, the claim of it, a new key, the end."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Grant, Subject, authorise, record
from teleward.devices.models import DeviceKey, Pairing, PairingClaim, PairingEnd, PairingKey, Taken
from teleward.devices.queries.credentials import CredentialInvalid
from teleward.devices.queries.pairings import CALLED
from teleward.devices.signing import Key, WordInvalid, public_key
from teleward.kernel.clock import now
from teleward.kernel.envelope import hashing_key, seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.openings import without_grant

VALID = timedelta(minutes=15)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
LENGTH = 10
ALIKE = str.maketrans("OIL", "011")


class CodeUnknown(Problem):
    """No such code, or it was used, or it is too old: nobody learns which."""

    code = "devices:code-unknown"
    status = 404
    message = _("This code is not valid. It can be used once, for 15 minutes. Please ask for a new one.")


class KeyUnusable(Problem):
    """No public key on P-256, or one that belongs to a pairing already."""

    code = "devices:key-unusable"
    status = 422
    message = _("This key cannot be used. The gateway has to make a new one.")


@dataclass(frozen=True, kw_only=True)
class PairingCode:
    """A new code, shown once. `address` is the same for a QR code."""

    pairing: UUID
    code: str
    address: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a gateway says when it claims a code."""

    code: str
    public_key: object
    name: str
    software: str


@transaction.atomic
def make_code(*, grant: Grant) -> PairingCode:
    """A code for one gateway of the grant's patient."""
    grant.must_cover(Action.PAIRING_CHANGE)
    code = "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))
    made = Pairing.objects.create(
        organisation=grant.organisation,
        patient=grant.about,
        code_hash=_hash(code),
        expires_at=now() + VALID,
        by=grant.actor.id or grant.about,
    )
    record(grant=grant, detail={"pairing": str(made.id), "did": "code"})
    address = f"teleward:pair?server={settings.ORIGIN}&code={code}"
    return PairingCode(pairing=made.id, code=code, address=address, expires_at=made.expires_at)


@without_grant("The way in: whoever holds the code is nobody yet; then it asks the gate as the gateway.")
def claim(*, said: Claim, circumstances: Circumstances) -> UUID:
    """Pairs a gateway by its code; the pairing. Raises CodeUnknown or KeyUnusable."""
    thumbprint, jwk = _usable(said.public_key)
    found = PairingKey.objects.filter(code_hash=_hash(said.code), expires_at__gt=now()).first()
    if found is None:
        raise CodeUnknown
    subject = Subject(
        kind="Patient", id=found.patient, organisation=found.organisation, patient=found.patient
    )
    grant = authorise(
        actor=_gateway(found), action=Action.READING_WRITE, subject=subject, circumstances=circumstances
    )
    _claimed(grant=grant, thumbprint=thumbprint, jwk=jwk, said=said)
    return found.id


@transaction.atomic
def _claimed(*, grant: Grant, thumbprint: str, jwk: Key, said: Claim) -> None:
    grant.must_cover(Action.READING_WRITE)
    row = _own(grant)
    if PairingClaim.objects.filter(pairing=row).exists() or PairingEnd.objects.filter(pairing=row).exists():
        raise CodeUnknown
    called = msgspec.json.encode({"name": said.name, "software": said.software})
    sealed = seal(patient=row.patient, plaintext=called, context=CALLED.format(row.id))
    PairingClaim.objects.create(pairing=row, called=sealed)
    Taken.objects.create(pairing=row)
    _begin_key(row, thumbprint, jwk)
    record(grant=grant, detail={"pairing": str(row.id), "did": "paired", "key": thumbprint})


@transaction.atomic
def rotate_key(*, grant: Grant, signed_by: str, given: object) -> None:
    """From here on the gateway signs with this key, and with no other.

    `signed_by` is the thumbprint of the key that asks. Raises KeyUnusable, or CredentialInvalid where that
    key was changed or ended since it was looked up.
    """
    grant.must_cover(Action.READING_WRITE)
    thumbprint, jwk = _usable(given)
    row = _own(grant)
    stands = DeviceKey.objects.filter(pairing=row, ended_at=None, thumbprint=signed_by)
    if not stands.update(ended_at=now()):
        raise CredentialInvalid
    _begin_key(row, thumbprint, jwk)
    record(grant=grant, detail={"pairing": str(row.id), "did": "key", "key": thumbprint})


@transaction.atomic
def end_pairing(*, grant: Grant, pairing: UUID, why: str) -> None:
    """Nothing more is taken of it: what comes now is refused. `why`: stopped or lost. Raises NotFound."""
    grant.must_cover(Action.PAIRING_CHANGE)
    row = Pairing.objects.select_for_update().filter(id=pairing, patient=grant.about).first()
    if row is None:
        raise NotFound
    Taken.objects.select_for_update().filter(pairing=row).first()  # waits for a batch that is coming in
    _row, made = PairingEnd.objects.get_or_create(
        pairing=row, defaults={"by": grant.actor.id, "why": why if why == "lost" else "stopped"}
    )
    if made:
        DeviceKey.objects.filter(pairing=row, ended_at=None).update(ended_at=now())
        record(grant=grant, detail={"pairing": str(row.id), "did": "ended"})


def _usable(given: object) -> tuple[str, Key]:
    try:
        return public_key(given)
    except WordInvalid as unusable:
        raise KeyUnusable from unusable


def _begin_key(row: Pairing, thumbprint: str, jwk: Key) -> None:
    """A key belongs to one pairing, in whichever practice."""
    try:
        with transaction.atomic():
            DeviceKey.objects.create(pairing=row, thumbprint=thumbprint, jwk=jwk)
    except IntegrityError as known:
        raise KeyUnusable from known


def _own(grant: Grant) -> Pairing:
    """The pairing that asks, locked."""
    row = Pairing.objects.select_for_update().filter(id=grant.actor.id or grant.about).first()
    if row is None:
        raise NotFound
    return row


def _gateway(found: PairingKey) -> Actor:
    return Actor(
        kind=ActorKind.DEVICE,
        id=found.id,
        organisation=found.organisation,
        patient=found.patient,
        roles=frozenset({"device"}),
    )


def _hash(code: str) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(ALIKE)
    return hmac.digest(hashing_key(context="devices.code"), plain.encode(), "sha256")

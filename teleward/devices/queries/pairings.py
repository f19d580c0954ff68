"""Which gateways send readings of a patient, and when each was heard of last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.devices.models import Batch, Pairing
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal

CALLED = "devices:called:{}"  # pairing: where its name is sealed


@dataclass(frozen=True, kw_only=True)
class PairingCard:
    """A gateway: `name` and `software` as it says; `seen_at` empty until it sent something.

    `battery` in per cent, where it says; `ahead` seconds by which its clock was ahead when it sent last.
    """

    id: UUID
    name: str
    software: str
    paired_at: datetime
    seen_at: datetime | None
    battery: int | None
    ahead: int
    ended_at: datetime | None
    why: str
    measured_with: str = ""  # in words, where the patient looks


def pairings(*, grant: Grant) -> tuple[PairingCard, ...]:
    """Every gateway of the grant's patient that was ever paired, those that still send first."""
    grant.must_cover(Action.PAIRING_CHANGE, Action.READING_READ)
    rows = Pairing.objects.filter(patient=grant.about).exclude(claim=None).order_by("-at")
    cards = [_card(row) for row in rows.select_related("claim", "end", "taken")]
    return tuple(sorted(cards, key=lambda card: card.ended_at is not None))


def gateway_names(*, grant: Grant) -> dict[UUID, str]:
    """What each gateway of the grant's patient was called when it was paired, by pairing."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    rows = Pairing.objects.filter(patient=whose(grant)).exclude(claim=None).select_related("claim")
    return {row.id: _called(row)["name"] for row in rows}


def is_waiting(*, grant: Grant, pairing: UUID) -> bool:
    """Whether this code of the grant's patient still waits for its gateway."""
    grant.must_cover(Action.PAIRING_CHANGE)
    return Pairing.objects.filter(
        id=pairing, patient=grant.about, claim=None, end=None, expires_at__gt=now()
    ).exists()


def _card(row: Pairing) -> PairingCard:
    end, last = getattr(row, "end", None), Batch.objects.filter(pairing=row).order_by("-received_at").first()
    said = _called(row)
    return PairingCard(
        id=row.id,
        name=said["name"],
        software=said["software"],
        paired_at=row.claim.at,
        seen_at=last.received_at if last else None,
        battery=row.taken.battery,
        ahead=round(last.skew / 1000) if last else 0,
        ended_at=end.at if end else None,
        why=end.why if end else "",
    )


def _called(row: Pairing) -> dict[str, str]:
    text = unseal(patient=row.patient, sealed=bytes(row.claim.called), context=CALLED.format(row.id))
    return msgspec.json.decode(text, type=dict[str, str])

"""What measured, as it calls itself: maker and model, for people. What passed it on has a name of its own."""

from dataclasses import dataclass
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.kinds import KINDS
from teleward.devices.models import HomeReading
from teleward.devices.queries.points import key_of
from teleward.devices.queries.readings import CONTEXT
from teleward.devices.readings import DeviceFacts, decode
from teleward.devices.whose import whose
from teleward.kernel.envelope import unseal_under
from teleward.kernel.openings import without_grant

NEWEST = 20  # readings of each kind that are looked at


@dataclass(frozen=True, kw_only=True, order=True)
class Instrument:
    """A device that measured: its kind, and maker and model where it says them."""

    kind: str
    name: str


@without_grant("What a device says of itself, of a reading that was opened under one.")
def called(facts: DeviceFacts) -> str:
    """Maker and model; a maker that the model begins with is said once. Empty where it says neither."""
    maker, model = facts.maker.strip(), facts.model.strip()
    return model if model.casefold().startswith(maker.casefold()) and model else f"{maker} {model}".strip()


def instruments(*, grant: Grant) -> dict[UUID, tuple[Instrument, ...]]:
    """By pairing what measured last of each kind, of the grant's patient. Raises KeyDestroyed."""
    grant.must_cover(Action.PAIRING_CHANGE, Action.READING_READ)
    patient = whose(grant)
    rows = [row for kind in KINDS for row in _newest(patient, kind)]
    if not rows:
        return {}
    key = key_of(patient=patient)
    found: dict[UUID, set[Instrument]] = {}
    for row in rows:
        context = CONTEXT.format(row.pairing, row.sequence)
        text = unseal_under(key=key, patient=patient, sealed=bytes(row.sealed), context=context)
        made = Instrument(kind=row.kind, name=called(decode(text).device))
        found.setdefault(row.pairing, set()).add(made)
    return {pairing: tuple(sorted(each)) for pairing, each in found.items()}


def _newest(patient: UUID, kind: str) -> list[HomeReading]:
    rows = HomeReading.objects.filter(patient=patient, kind=kind)
    return list(rows.order_by("-at")[:NEWEST])

"""Whose a resource is: one patient of the practice, or nobody's in particular."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from .exchange import Exchange, Stands
from .messages import root
from .noting import hidden
from .problems import OwnerMissing
from .reading import in_scope

NOBODYS = frozenset(
    {
        "Device",
        "Location",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Questionnaire",
        "Schedule",
        "Slot",
    }
)  # these may be about no patient
OWNED_BY = ("subject", "patient", "beneficiary", "for_", "individual")
THROUGH = ("target", "source", "security_context", "focus")  # what belongs to whom those belong to
REFERENCE = re.compile(r"([A-Z][A-Za-z]+)/([0-9a-fA-F-]{36})(?:/_history/\d+)?")


def references(resource: Any, names: Iterable[str]) -> Iterator[tuple[str, UUID]]:  # noqa: ANN401 - any struct
    """Type and id of what these elements point to."""
    for name in names:
        found = getattr(resource, name, None)
        for each in found if isinstance(found, tuple) else (found,):
            target = pointed_at(getattr(each, "reference", None))
            if target:
                yield target


def pointed_at(text: str | None) -> tuple[str, UUID] | None:
    """Type and id of a literal reference to something of ours; at another address it is somebody else's."""
    found = REFERENCE.fullmatch((text or "").removeprefix(f"{root()}/"))
    if found is None:
        return None
    try:
        return found[1], UUID(found[2])
    except ValueError:
        return None


def patients_named(resource: Any) -> set[UUID]:  # noqa: ANN401 - any struct
    """Every patient that a resource says it is of."""
    participants = getattr(resource, "participant", ()) or ()
    actors = [each for part in participants for each in references(part, ("actor",))]
    named = [*references(resource, OWNED_BY), *actors]
    return {target for kind, target in named if kind == "Patient"}


async def owner_of(x: Exchange, kind: str, resource: Any, letter: str) -> UUID | None:  # noqa: ANN401 - any struct
    """The one patient a resource is of; None for the practice's own. Raises OwnerMissing.

    `letter`: what is done with it, c or u.
    """
    named = patients_named(resource) or await _through_others(x, resource, f"{kind}.{letter}")
    if len(named) == 1:
        return next(iter(named))
    if not named and kind in NOBODYS:
        return None
    raise OwnerMissing(f"{kind} names {len(named)} patients.")


async def _through_others(x: Exchange, resource: Any, asked: str) -> set[UUID]:  # noqa: ANN401 - any struct
    """Whose everything is that it points to: what is about two people is nobody's."""
    found: set[UUID] = set()
    for kind, target in references(resource, THROUGH):
        patient = target if kind == "Patient" else await _patient_of(x, kind, target, asked)
        if patient is not None:
            found.add(patient)
    return found


async def _patient_of(x: Exchange, kind: str, target: UUID, asked: str) -> UUID | None:
    """Whose it is that is pointed to. What is hidden from who asks leads to nobody, as what is not there."""
    stands = await x.stands(kind, target)
    if stands is None or stands.patient is None or stands.practice != x.practice:
        return None
    subject = replace(x.subject(kind, "c", stands), interaction=asked)
    (weighed,) = await x.weigh([subject])
    if weighed.allowed and await _is_open(x, kind, target, stands):
        return stands.patient
    await x.tell([weighed.entry()])
    return None


async def _is_open(x: Exchange, kind: str, target: UUID, stands: Stands) -> bool:
    return not await hidden(x, kind, target, stands) and await in_scope(x, kind, target, stands, "r")

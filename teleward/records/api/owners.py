"""Whose a resource is: one patient of the practice, or nobody's in particular."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from .exchange import Exchange
from .messages import root
from .problems import OwnerMissing

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


async def owner_of(x: Exchange, kind: str, resource: Any) -> UUID | None:  # noqa: ANN401 - any struct
    """The one patient a resource is of; None for the practice's own. Raises OwnerMissing."""
    named = patients_named(resource) or await _through_others(x, resource)
    if len(named) == 1:
        return next(iter(named))
    if not named and kind in NOBODYS:
        return None
    raise OwnerMissing(f"{kind} names {len(named)} patients.")


async def _through_others(x: Exchange, resource: Any) -> set[UUID]:  # noqa: ANN401 - any struct
    """Whose everything is that it points to: what is about two people is nobody's."""
    found: set[UUID] = set()
    for kind, target in references(resource, THROUGH):
        stands = await x.stands(kind, target) if kind != "Patient" else None
        if kind == "Patient":
            found.add(target)
        elif stands is not None and stands.patient is not None and stands.practice == x.practice:
            found.add(stands.patient)
    return found

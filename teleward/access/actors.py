"""Who asks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """The kinds of asker; each is an entity type of the policies."""

    STAFF = "Staff"
    PATIENT = "PatientAccount"  # a patient signed in to their own window
    GUEST = "Guest"  # the holder of a pass for one visit
    DEVICE = "Device"  # a gateway that sends one patient's readings
    CLIENT = "Client"  # an application or another system, by its own credential
    SYSTEM = "System"  # a job or a command on the server
    NOBODY = "Nobody"  # not signed in


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody, as far as the session or pass they came with proves it."""

    kind: ActorKind
    id: UUID | None = None  # person, or pass of a guest
    organisation: UUID | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""
    aal: int = 0  # authenticator assurance level, 0 to 3
    authenticated_at: datetime | None = None
    session: UUID | None = None
    visit: UUID | None = None  # the one visit a guest's pass opens
    patient: UUID | None = None  # whom a PATIENT is, a GUEST visits, a DEVICE sends readings of
    active: bool = True
    managed: bool = False  # on a browser that the practice looks after
    scopes: str = ""  # of a CLIENT, as smart/scopes.py reads them
    behalf: "Actor | None" = None  # for whom a CLIENT asks; None where it works by itself
    locked: bool = False  # idle for too long: only unlocking is open
    held: bool = False  # their password turned out to be stolen: only changing it is open
    method: str = ""  # how the last proof was given, a word of signin/factors.py

    @property
    def role(self) -> str:
        """The roles in one word for the ledger."""
        return ",".join(sorted(self.roles)) or self.kind.value.lower()


NOBODY = Actor(kind=ActorKind.NOBODY)
SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Teleward", roles=frozenset({"system"}))

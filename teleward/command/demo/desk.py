"""The invented practice's front desk, in whose name appointments are made."""

from dataclasses import dataclass
from uuid import UUID

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Grant, Subject, authorise
from teleward.command.demo.people import STAFF
from teleward.consult.operations.booking import Host
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

DESK = next(person for person in STAFF if "reception" in person.roles)


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The practice with the ids of its staff by name."""

    organisation: UUID
    zone: str
    staff: dict[str, UUID]

    def host(self, number: int) -> Host:
        """The member of staff of this number as the host of a visit."""
        name = STAFF[number].name
        return Host(id=self.staff[name], name=name, organisation=self.organisation, zone=self.zone)


def desk_grant(practice: Practice, action: Action, subject: Subject | None = None) -> Grant:
    """What the policies grant the receptionist, in the ledger; about the practice unless said otherwise."""
    here = practice.organisation
    return authorise(
        actor=Actor(
            kind=ActorKind.STAFF,
            id=practice.staff[DESK.name],
            organisation=here,
            roles=frozenset(DESK.roles),
            name=DESK.name,
            aal=2,
            authenticated_at=now(),
        ),
        action=action,
        subject=subject or Subject(kind="Organisation", id=here, organisation=here),
        circumstances=Circumstances(request_id=str(new_id()), client_address="", via="command"),
    )

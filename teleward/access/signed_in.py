"""Who a session belongs to, with the roles they have today: one prepared statement, asked for every page.

It finds no row where the session is over, the person's account was ended or the day they leave has come, also
while no job runs that would end it. `access_patient_key` is a view of ids: before a grant the fence is shut.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.kernel.prepared import rows

from .actors import Actor, ActorKind
from .signin.limits import SESSION

ASKED = """
SELECT s.id, p.id, p.organisation_id, p.name, k.id, s.aal, s.method,
       s.authenticated_at, s.seen_at, s.locked_at, s.held_at,
       ARRAY(SELECT r.name::text FROM access_role r WHERE r.person_id = p.id
             AND r.starts_at <= $2 AND (r.ends_at IS NULL OR r.ends_at > $2))
FROM access_session s
JOIN access_person p ON p.id = s.person_id
LEFT JOIN access_deactivation d ON d.person_id = p.id
LEFT JOIN access_plannedleaving l ON l.person_id = p.id AND l.at <= $2
LEFT JOIN access_patient_key k ON k.person_id = p.id
WHERE {which} AND s.ended_at IS NULL AND s.begun_at > $3 AND d.person_id IS NULL AND l.person_id IS NULL
"""
BY_SECRET = ASKED.format(which="s.secret_hash = $1").encode()
BY_ID = ASKED.format(which="s.id = $1").encode()


@dataclass(frozen=True)
class SignedIn:
    """A session that goes on, in the order of the statement above."""

    session: UUID
    person: UUID
    organisation: UUID
    name: str
    patient: UUID | None
    aal: int
    method: str
    authenticated_at: datetime
    seen_at: datetime
    locked_at: datetime | None
    held_at: datetime | None
    roles: list[str]

    def actor(self, at: datetime) -> Actor:
        """As whom they ask."""
        return account(
            person=self.person,
            organisation=self.organisation,
            name=self.name,
            roles=frozenset(self.roles),
            patient=self.patient,
            aal=self.aal,
            method=self.method,
            authenticated_at=self.authenticated_at,
            session=self.session,
            locked=self._is_locked(at),
            held=self.held_at is not None,
        )

    def _is_locked(self, at: datetime) -> bool:
        return self.locked_at is not None or at - self.seen_at > SESSION.idle_for(frozenset(self.roles))


def signed_in(which: bytes | UUID, *, at: datetime) -> SignedIn | None:
    """Whose session this is, by the hash of its secret or its id; None where it is nobody's any more."""
    statement = BY_ID if isinstance(which, UUID) else BY_SECRET
    found = rows(statement, (which, at, at - SESSION.overall))
    return SignedIn(*found[0]) if found else None


def account(
    *,
    person: UUID | None,
    organisation: UUID,
    name: str,
    roles: frozenset[str],
    patient: UUID | None,
    authenticated_at: datetime | None,
    aal: int,
    method: str,
    session: UUID | None = None,
    locked: bool = False,
    held: bool = False,
) -> Actor:
    """Somebody with an account: a patient if they are one and nothing else here."""
    is_patient = patient is not None and not roles
    return Actor(
        kind=ActorKind.PATIENT if is_patient else ActorKind.STAFF,
        id=person,
        organisation=organisation,
        roles=frozenset({"patient"}) if is_patient else roles,
        name=name,
        aal=aal,
        authenticated_at=authenticated_at,
        session=session,
        patient=patient,
        locked=locked,
        method=method,
        held=held,
    )

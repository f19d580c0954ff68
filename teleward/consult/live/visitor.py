"""Who opens a socket: from the cookies to an actor, from the actor through the gate."""

from dataclasses import dataclass, field
from uuid import UUID

from teleward.access.grants import (
    NOBODY,
    Action,
    Actor,
    ActorKind,
    Circumstances,
    Grant,
    Refused,
    Subject,
    authorise,
)
from teleward.access.operations.sessions import actor_in_session, actor_of_session
from teleward.access.queries.passes import actor_of_pass
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What the browser sent. Kept only in memory, for asking again whether it still holds."""

    session: str = field(default="", repr=False)
    visit: str = field(default="", repr=False)

    def staff(self) -> Actor:
        """Who the session cookie proves."""
        return actor_of_session(secret=self.session) if self.session else NOBODY

    def guest(self) -> Actor:
        """Who the visit cookie proves."""
        return actor_of_pass(cookie=self.visit) if self.visit else NOBODY


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who passed the gate of one visit."""

    grant: Grant
    credentials: Credentials

    @property
    def actor(self) -> Actor:
        """Who it is."""
        return self.grant.actor

    @property
    def visit(self) -> UUID | None:
        """The visit that was opened."""
        return self.grant.subject.id

    @property
    def is_host(self) -> bool:
        """Whether the room was opened by its clinician."""
        return self.grant.action is Action.VISIT_HOST

    def still(self) -> Actor:
        """The same person as they stand now; NOBODY when session or pass no longer hold."""
        found = self._again()
        return found if found.active and found.id == self.actor.id else NOBODY

    def _again(self) -> Actor:
        """By the session's id, as unlocking renews its secret; by the pass's secret, the device's."""
        if self.actor.kind is not ActorKind.STAFF:
            return self.credentials.guest()
        return actor_in_session(session=self.actor.session) if self.actor.session else NOBODY


def enter(*, credentials: Credentials, visit: UUID, side: str, circumstances: Circumstances) -> Visitor:
    """Passes the gate: as host with a staff session, else as guest with the visit cookie.

    `side`: "guest" leaves the session out of account, for a browser that holds both cookies.
    Raises SignInNeeded, SessionLocked, Refused; every decision is in the ledger.
    """
    subject = _that_visit(visit)
    staff = credentials.staff() if side != "guest" else NOBODY
    guest = credentials.guest()
    if staff.kind is ActorKind.STAFF:
        try:
            grant = _ask(staff, Action.VISIT_HOST, subject, circumstances)
        except Refused:
            if guest.visit != visit:
                raise
        else:
            return Visitor(grant=grant, credentials=credentials)
    return Visitor(grant=_ask(guest, Action.VISIT_JOIN, subject, circumstances), credentials=credentials)


def _that_visit(visit: UUID) -> Subject:
    """A visit that is not there is asked about like one of another practice: nobody can tell."""
    try:
        return visit_subject(visit=visit)
    except NotFound:
        return Subject(kind="Visit", id=visit, patient=visit)


def ask_again(*, visitor: Visitor, action: Action) -> Grant:
    """A decision of its own for one message, about the person as they stand now. Raises like `enter`."""
    return _ask(visitor.still(), action, visitor.grant.subject, visitor.grant.circumstances)


def _ask(actor: Actor, action: Action, subject: Subject, circumstances: Circumstances) -> Grant:
    return authorise(actor=actor, action=action, subject=subject, circumstances=circumstances)

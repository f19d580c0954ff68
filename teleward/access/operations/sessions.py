"""Signed-in sessions: who a cookie belongs to, and their beginning, locking, unlocking and end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.actors import NOBODY, Actor
from teleward.access.grants import Circumstances, Grant, record
from teleward.access.models import Person, Session
from teleward.access.operations.entries import note
from teleward.access.operations.proofs import Proof
from teleward.access.signed_in import SignedIn, account, signed_in
from teleward.access.signin.limits import SESSION
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.notices import notify
from teleward.kernel.openings import without_grant

COOKIE = "__Host-teleward"
TOUCH_EVERY = timedelta(seconds=30)
NOWHERE = Circumstances(request_id="", client_address="", via="page")


class SessionUnknown(Problem):
    """There is no such session of this person, or it is over."""

    code = "access:session-unknown"
    status = 404
    message = _("This sign-in is already over. You need not do anything.")


@dataclass(frozen=True, kw_only=True)
class BegunSession:
    """A session with its secret, which exists only here and in the cookie."""

    id: UUID
    secret: str
    ends_at: datetime
    is_held: bool = False  # until the password is changed


@without_grant("It finds out who asks; the gate decides what they may.")
def actor_of_session(*, secret: str, at: datetime | None = None, is_sign: bool = True) -> Actor:
    """Who this cookie belongs to: NOBODY if it is unknown or over, a locked actor after too long a rest.

    `is_sign`: whether somebody is there who asks; a page that renews itself shows nothing of the kind.
    """
    at = at or now()
    return _actor(signed_in(token_hash(secret), at=at), at, is_sign=is_sign)


@without_grant("A socket passed the gate with this session; it asks whether the session still stands.")
def actor_in_session(*, session: UUID, at: datetime | None = None) -> Actor:
    """Who a session belongs to that was proven before, whatever its secret is now; NOBODY when over."""
    at = at or now()
    return _actor(signed_in(session, at=at), at, is_sign=False)


@without_grant("It writes the time of the last sign of life and nothing else.")
def touch(*, session: UUID, at: datetime | None = None) -> None:
    """The person of this session is still there: a page was asked for, or their call goes on."""
    Session.objects.filter(id=session, locked_at=None, ended_at=None).update(seen_at=at or now())


def actor_of(person: Person, *, at: datetime, aal: int = 0, method: str = "") -> Actor:
    """The person as an actor without a session, with the roles they have now."""
    patient = getattr(person, "patient_key", None)
    actor = account(
        person=person.id,
        organisation=person.organisation_id,
        name=person.name,
        roles=frozenset(role.name for role in person.roles.all() if role.holds(at)),
        patient=patient.id if patient else None,
        authenticated_at=at,
        aal=aal,
        method=method,
    )
    return replace(actor, active=not hasattr(person, "deactivation") and not _has_left(person, at))


def begin_session(*, grant: Grant, proof: Proof, user_agent: str) -> BegunSession:
    """A new session, with a new secret, for the person the gate has just let in."""
    grant.must_cover(Action.SIGN_IN, subject=grant.actor.id)
    secret, at = new_token(), now()
    session = Session.objects.create(
        person_id=grant.about,
        secret_hash=token_hash(secret),
        aal=grant.actor.aal,
        method=proof.method,
        begun_at=at,
        authenticated_at=proof.at or at,
        held_at=at if proof.is_stolen else None,
        seen_at=at,
        client_address=grant.circumstances.client_address,
        user_agent=user_agent[:300],
    )
    return BegunSession(id=session.id, secret=secret, ends_at=at + SESSION.overall, is_held=proof.is_stolen)


@transaction.atomic
def renew_session(*, grant: Grant, proof: Proof) -> BegunSession:
    """Proof was given again: the session unlocks, rises to its level if higher, gets a new secret.

    How it was given now is what counts from here: a password after a passkey withstands less.
    """
    grant.must_cover(Action.UNLOCK, subject=grant.actor.id)
    secret, at = new_token(), now()
    session = _living(at).select_for_update(of=("self",)).filter(id=_own(grant), person=grant.about).first()
    if session is None:
        raise SessionUnknown
    session.secret_hash, session.locked_at = token_hash(secret), None
    session.aal, session.method = max(session.aal, proof.aal), proof.method
    session.held_at = session.held_at or (at if proof.is_stolen else None)
    session.authenticated_at = session.seen_at = at
    session.save()
    record(grant=grant, detail={"aal": session.aal, "method": session.method})
    ends_at, is_held = session.begun_at + SESSION.overall, session.held_at is not None
    return BegunSession(id=session.id, secret=secret, ends_at=ends_at, is_held=is_held)


def lock_session(*, grant: Grant) -> None:
    """The person rests or leaves the room: the session stays, behind a lock."""
    grant.must_cover(Action.LOCK, subject=grant.actor.id)
    _lock(_own(grant), grant.actor, grant.circumstances, "asked")


@transaction.atomic
def end_session(*, grant: Grant, session: UUID) -> None:
    """Ends one session of the subject; its sockets close. Raises SessionUnknown."""
    grant.must_cover(Action.SIGN_OUT, Action.SESSION_REVOKE)
    if not end_all(Session.objects.filter(person=grant.about, id=session)):
        raise SessionUnknown
    record(grant=grant, detail={"session": str(session)})


@transaction.atomic
def end_other_sessions(*, grant: Grant) -> int:
    """Ends all sessions of the subject but the one that asks. Returns how many."""
    grant.must_cover(Action.SESSION_REVOKE)
    ended = end_all(Session.objects.filter(person=grant.about).exclude(id=_own(grant)))
    record(grant=grant, detail={"ended": ended})
    return ended


def end_others_after_change(*, grant: Grant) -> None:
    """A way in was changed or taken away: of the person's sessions only the one that did it goes on."""
    grant.must_cover(Action.CREDENTIAL_CHANGE)
    sessions = Session.objects.filter(person=grant.about)
    end_all(sessions.exclude(id=grant.actor.session) if grant.actor.session else sessions)


def end_all(sessions: QuerySet[Session]) -> int:
    """Ends those of these sessions that live, inside the caller's transaction. Returns how many."""
    ids = list(sessions.filter(ended_at=None).values_list("id", flat=True))
    Session.objects.filter(id__in=ids).update(ended_at=now())
    for ended in ids:
        notify("session-ended", session=ended)
    return len(ids)


def _own(grant: Grant) -> UUID:
    if grant.actor.session is None:
        raise SessionUnknown
    return grant.actor.session


def _actor(found: SignedIn | None, at: datetime, *, is_sign: bool) -> Actor:
    if found is None:
        return NOBODY
    actor = found.actor(at)
    if actor.locked and found.locked_at is None:
        _lock(found.session, actor, NOWHERE, "idle")
    elif is_sign and not actor.locked and at - found.seen_at > TOUCH_EVERY:
        touch(session=found.session, at=at)
    return actor


def _living(at: datetime) -> QuerySet[Session]:
    living = Session.objects.filter(
        ended_at=None, begun_at__gt=at - SESSION.overall, person__deactivation=None
    )
    return living.exclude(person__planned_leaving__at__lte=at)  # also while no job runs that would end them


def _has_left(person: Person, at: datetime) -> bool:
    planned = getattr(person, "planned_leaving", None)
    return planned is not None and planned.at <= at


@transaction.atomic
def _lock(session: UUID, actor: Actor, circumstances: Circumstances, why: str) -> None:
    if Session.objects.filter(id=session, locked_at=None, ended_at=None).update(locked_at=now()):
        note(
            action=Action.LOCK,
            outcome="done",
            circumstances=circumstances,
            person=Person.objects.get(sessions=session),
            actor=actor,
            detail={"session": str(session), "because": why},
        )

"""The gate: it asks the policies, the ledger holds the answer, and a Grant is handed over.

No page, message, job or command reaches personal data without one.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from teleward.audit import ledger
from teleward.kernel.errors import Problem

from .actions import Action, Purpose, usual_purpose
from .actors import NOBODY, SYSTEM, Actor, ActorKind
from .policy import Decision, decide, rules
from .subjects import Subject

__all__ = [
    "NOBODY",
    "SYSTEM",
    "Action",
    "Actor",
    "ActorKind",
    "Circumstances",
    "Grant",
    "NotCovered",
    "Purpose",
    "Refused",
    "SessionLocked",
    "SignInNeeded",
    "Subject",
    "authorise",
    "gate",
    "guest",
    "open_because",
    "record",
    "record_appearances",
    "rules",
    "whoever",
]

Detail = Mapping[str, "str | int | list[str]"]
View = Callable[..., HttpResponseBase]


class Refused(Problem):
    """The policies do not allow it. The refusal is in the ledger."""

    code = "access:refused"
    status = 403
    message = _(
        "You may not open this. The attempt was recorded. If you need it for your work, ask your practice."
    )


class SignInNeeded(Problem):
    """Nobody is signed in, and this is not open to everybody."""

    code = "access:sign-in-needed"
    status = 401
    message = _("Please sign in first.")


class SessionLocked(Problem):
    """The session was idle for too long; one touch unlocks it."""

    code = "access:locked"
    status = 401
    message = _("You were away for a while. Unlock to go on where you were.")


class NotCovered(Problem):
    """An operation was handed a grant for something else. A mistake in the program, never shown as data."""

    code = "access:not-covered"
    status = 500
    message = _("This step was stopped by a safety check. Nothing was changed. Please tell your practice.")


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """Of one request, message, job or command."""

    request_id: str
    client_address: str
    via: str  # page, live, job or command

    @classmethod
    def of(cls, request: HttpRequest) -> "Circumstances":
        """Those of a page request."""
        request_id = getattr(request, "request_id", "")
        return cls(request_id=request_id, client_address=request.META.get("REMOTE_ADDR", ""), via="page")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Proof that the gate decided and that the ledger holds the decision."""

    actor: Actor
    action: Action
    subject: Subject
    purpose: Purpose
    policy: str
    ledger: UUID
    at: datetime
    circumstances: Circumstances

    @property
    def request_id(self) -> str:
        """The X-Request-Id under which the ledger knows the request."""
        return self.circumstances.request_id

    @property
    def organisation(self) -> UUID:
        """The practice the subject belongs to. Raises NotCovered where it belongs to none."""
        if self.subject.organisation is None:
            raise NotCovered
        return self.subject.organisation

    @property
    def about(self) -> UUID:
        """The id of the subject. Raises NotCovered where it has none."""
        if self.subject.id is None:
            raise NotCovered
        return self.subject.id

    def must_cover(self, *actions: Action, subject: UUID | None = None, patient: UUID | None = None) -> None:
        """Holds the grant against what is about to be done. Raises NotCovered."""
        if self.action not in actions:
            raise NotCovered
        if subject is not None and subject != self.subject.id:
            raise NotCovered
        if patient is not None and patient != self.subject.patient:
            raise NotCovered


def authorise(
    *,
    actor: Actor,
    action: Action,
    subject: Subject,
    circumstances: Circumstances,
    purpose: Purpose | None = None,
    detail: Detail | None = None,
) -> Grant:
    """Decides, writes the decision durably, and grants. Raises Refused, SignInNeeded or SessionLocked.

    Must not be called inside a transaction: the entry has to stand even if what follows is rolled back.
    """
    decision = decide(actor=actor, action=action, subject=subject)
    purpose = purpose or usual_purpose(action)
    asked = _Asked(actor, action, subject, circumstances, purpose)
    with transaction.atomic(durable=True):
        receipt = ledger.append(entry=_entry(asked, decision, {**decision.evidence, **(detail or {})}))
    if not decision.allowed:
        raise _refusal(actor)
    return Grant(
        actor=actor,
        action=action,
        subject=subject,
        purpose=purpose,
        policy=decision.policy,
        ledger=receipt.id,
        at=receipt.at,
        circumstances=circumstances,
    )


def record(*, grant: Grant, outcome: str = "done", detail: Detail | None = None) -> UUID:
    """Adds to the ledger what was done under a grant, in the caller's transaction. Returns the entry's id."""
    asked = _Asked(grant.actor, grant.action, grant.subject, grant.circumstances, grant.purpose)
    decision = Decision(allowed=True, policies=(grant.policy,), policy_set=rules().digest)
    return ledger.append(entry=_entry(asked, decision, detail or {}, outcome)).id


def record_appearances(*, grant: Grant, patients: Iterable[UUID]) -> None:
    """Tells each patient's chain that they stood in a list, apart from deliberate openings.

    The same list looked at again by the same person is told once an hour.
    """
    hour = grant.at.replace(minute=0, second=0, microsecond=0)
    for patient in patients:
        key = (grant.actor.id, grant.action, patient)
        if _appearances.get(key) == hour:
            continue
        listed = Subject(kind="Patient", id=patient, organisation=grant.subject.organisation, patient=patient)
        record(grant=replace(grant, subject=listed), outcome="listed")
        _remember(key, hour)


def gate(
    action: Action,
    *,
    subject: Callable[..., Subject],
    purpose: Purpose | None = None,
    who: Callable[[HttpRequest], Actor] | None = None,
) -> Callable[[View], View]:
    """Puts a view behind the gate.

    `subject(request, **arguments of the URL)` names what is asked about; the view is called with `grant`.
    """
    asking = who or whoever

    def behind(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the URL has it
            grant = authorise(
                actor=asking(request),
                action=action,
                subject=subject(request, **kwargs),
                circumstances=Circumstances.of(request),
                purpose=purpose,
            )
            return view(request, *args, grant=grant, **kwargs)

        gated.gated_by = action  # type: ignore[attr-defined]  # the law over all URLs reads it
        return gated

    return behind


def open_because(reason: str) -> Callable[[View], View]:
    """Says why a view needs no gate: it shows nobody's data."""

    def behind(view: View) -> View:
        view.open_because = reason  # type: ignore[attr-defined]  # the law over all URLs reads it
        return view

    return behind


def whoever(request: HttpRequest) -> Actor:
    """Who is signed in, as the middleware found out from the session cookie."""
    return getattr(request, "actor", NOBODY)


def guest(request: HttpRequest) -> Actor:
    """Who holds the visit cookie, as the middleware found out."""
    return getattr(request, "visitor", NOBODY)


_appearances: OrderedDict[tuple[UUID | None, Action, UUID], datetime] = OrderedDict()
REMEMBERED = 50_000


def _remember(key: tuple[UUID | None, Action, UUID], hour: datetime) -> None:
    _appearances[key] = hour
    _appearances.move_to_end(key)
    if len(_appearances) > REMEMBERED:
        _appearances.popitem(last=False)


@dataclass(frozen=True)
class _Asked:
    actor: Actor
    action: Action
    subject: Subject
    circumstances: Circumstances
    purpose: Purpose


def _refusal(actor: Actor) -> Problem:
    if actor.kind is ActorKind.NOBODY:
        return SignInNeeded()
    return SessionLocked() if actor.locked else Refused()


def _entry(asked: _Asked, decision: Decision, detail: Detail, outcome: str = "") -> ledger.Entry:
    anonymous = asked.actor.kind is ActorKind.NOBODY and not decision.allowed
    return ledger.Entry(
        actor_kind=asked.actor.kind.value,
        actor_id=asked.actor.id,
        actor_role=asked.actor.role,
        actor_organisation=asked.actor.organisation,
        action=asked.action.value,
        outcome=outcome or ("allow" if decision.allowed else "deny"),
        subject_kind=asked.subject.kind,
        subject_id=asked.subject.id,
        patient=None if anonymous else asked.subject.patient,  # strangers may not lengthen a patient's chain
        kind=asked.action.kind,
        purpose=asked.purpose.value,
        policy=decision.policy,
        policy_set=decision.policy_set,
        request_id=asked.circumstances.request_id,
        client_address=asked.circumstances.client_address,
        via=asked.circumstances.via,
        visit=asked.subject.id if asked.subject.kind == "Visit" else asked.actor.visit,
        detail=detail,
    )

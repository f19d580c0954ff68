"""The grant: what a passed gate hands over and every operation asks for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from teleward.access.actions import Action, Purpose
from teleward.access.actors import Actor
from teleward.access.subjects import Subject
from teleward.kernel.fence import open_for

from .refusals import NotCovered


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
        """Holds the grant against what is about to be done; opens its practice's rows. Raises NotCovered."""
        if self.action not in actions:
            raise NotCovered
        if subject is not None and subject != self.subject.id:
            raise NotCovered
        if patient is not None and patient != self.subject.patient:
            raise NotCovered
        if self.subject.organisation is not None:
            open_for(practice=self.subject.organisation)

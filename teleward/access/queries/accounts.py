"""How patients come to an account of their own: what waits, what is asked of whom, and what was opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from teleward.access.actions import Action
from teleward.access.grants import ActorKind, Grant
from teleward.access.models import (
    AccountRequest,
    ContactChange,
    Patient,
    Person,
    StaffInvitation,
)
from teleward.access.signin.limits import ACCOUNT
from teleward.kernel.clock import now

SECONDING = frozenset(
    {"physician", "nurse", "reception", "privacy-officer"}
)  # as p-second-the-account has it


@dataclass(frozen=True, kw_only=True)
class Entered:
    """When the address on file was entered or last changed, and by whom where that is known."""

    at: datetime
    by: UUID | None

    @property
    def is_new(self) -> bool:
        """Whether it is too young to be trusted without a second person."""
        return self.at + ACCOUNT.settled > now()


@dataclass(frozen=True, kw_only=True)
class AccountRequestCard:
    """A wish to invite a patient that is not over."""

    id: UUID
    by_mail: bool
    asked_by: UUID | None
    asked_by_name: str
    asked_at: datetime
    seconded_by_name: str

    @property
    def waits(self) -> bool:
        """Whether a second person has not answered yet."""
        return not self.seconded_by_name


@dataclass(frozen=True, kw_only=True)
class OpenedAccounts:
    """So many accounts that were opened by invitations of one person, in one way."""

    by_name: str
    by_mail: bool | None  # None: before this was written down
    seconded_by_name: str
    identity: str
    count: int


def waiting(rows: QuerySet[AccountRequest]) -> QuerySet[AccountRequest]:
    """Of requests those that took two and are neither over, answered with an invitation, nor too old."""
    young = Q(asked_at__gt=now() - ACCOUNT.asked)
    return rows.filter(young, needs_second=True, ended_at=None, invitation=None)


def account_asked(*, grant: Grant) -> AccountRequestCard | None:
    """The request for the patient of the grant that is not over, or None."""
    grant.must_cover(Action.PATIENT_READ, Action.ACCOUNT_OPEN, Action.ACCOUNT_SECOND)
    rows = AccountRequest.objects.select_related("asked_by", "seconded_by")
    row = waiting(rows.filter(patient=grant.subject.patient)).first()
    if row is None:
        return None
    return AccountRequestCard(
        id=row.id,
        by_mail=row.by_mail,
        asked_by=row.asked_by_id,
        asked_by_name=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        seconded_by_name=row.seconded_by.name if row.seconded_by else "",
    )


def address_entered(*, grant: Grant) -> Entered:
    """Since when the address on file of the grant's patient stands there."""
    grant.must_cover(Action.PATIENT_READ, Action.ACCOUNT_OPEN, Action.ACCOUNT_SECOND)
    last = ContactChange.objects.filter(patient=grant.subject.patient).order_by("-at").first()
    if last is not None:
        return Entered(at=last.at, by=last.by_id)
    return Entered(at=Patient.objects.values_list("registered_at", flat=True).get(id=grant.about), by=None)


def takes_two(*, grant: Grant, by_mail: bool) -> bool:
    """Whether an invitation in this way by this person needs a second one.

    A shown link always does, so does a new address; and an address that the same person entered, while
    somebody else is there who could look.
    """
    grant.must_cover(Action.PATIENT_READ, Action.ACCOUNT_OPEN, Action.ACCOUNT_SECOND)
    entered = address_entered(grant=grant)
    if grant.actor.kind is not ActorKind.STAFF:
        return False  # the server's own terminal
    if not by_mail or entered.is_new:
        return True
    return entered.by == grant.actor.id and _somebody_else(grant)


def may_second(*, grant: Grant, asked_by: UUID | None) -> bool:
    """Whether the holder of the grant may be the second person for what somebody asked."""
    entered = address_entered(grant=grant)
    involved = {asked_by, entered.by if entered.is_new else None}
    return grant.actor.id is not None and grant.actor.id not in involved


def account_waits_until(*, grant: Grant) -> datetime | None:
    """Until when the reader's own new account neither exports nor names anybody, or None."""
    grant.must_cover(Action.WINDOW_OPEN, Action.PROXY_CHANGE)
    rows = StaffInvitation.objects.filter(patient=grant.about, accepted_as=grant.actor.id)
    opened = rows.order_by("-accepted_at").values_list("accepted_at", flat=True).first()
    until = opened + ACCOUNT.first_days if opened else None
    return until if until and until > now() else None


def accounts_opened(*, grant: Grant, since: datetime) -> list[OpenedAccounts]:
    """Whose invitations led to patients' accounts since then, and how, the most first."""
    grant.must_cover(Action.FIGURES_READ)
    asked = "account_request"
    rows = StaffInvitation.objects.filter(
        organisation=grant.organisation, patient__isnull=False, accepted_at__gte=since
    )
    names = ("invited_by__name", f"{asked}__by_mail", f"{asked}__seconded_by__name", f"{asked}__identity")
    counted = rows.values_list(*names).annotate(count=Count("id")).order_by("-count", *names)
    return [
        OpenedAccounts(
            by_name=by or "", by_mail=mail, seconded_by_name=second or "", identity=how or "", count=count
        )
        for by, mail, second, how, count in counted
    ]


def _somebody_else(grant: Grant) -> bool:
    at = now()
    holding = Q(roles__name__in=SECONDING, roles__starts_at__lte=at)
    holding &= Q(roles__ends_at=None) | Q(roles__ends_at__gt=at)
    others = Person.objects.filter(holding, organisation=grant.organisation, deactivation=None)
    return others.exclude(id__in=[grant.actor.id]).exists()

"""How well sign-in is protected here, computed at the moment of asking: each figure with its two counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import BreachedPassword, ManagedBrowser, Passkey, PatientKey, Person, Session
from teleward.access.queries.accounts import OpenedAccounts, accounts_opened
from teleward.access.queries.recertification import due_roles, is_unused, with_last_use
from teleward.access.queries.shared_logins import SharedLogin, shared_logins
from teleward.access.signin.blocklist import is_there
from teleward.access.signin.factors import WITHSTANDS_PHISHING
from teleward.access.signin.limits import BACK_OFF, RECERTIFICATION, SESSION, SHARED
from teleward.kernel.clock import now


@dataclass(frozen=True, kw_only=True)
class Figure:
    """So many of so many. `since`: how long the oldest of them has been so, where that means something."""

    name: str
    count: int
    of: int
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class IdleLimit:
    """After how many seconds without a sign of life the sessions of these roles lock."""

    roles: tuple[str, ...]  # empty: everybody else
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything about sign-in that the privacy officer watches."""

    at: datetime
    figures: tuple[Figure, ...]
    idle: tuple[IdleLimit, ...]
    shared: tuple[SharedLogin, ...]
    opened: tuple[OpenedAccounts, ...]  # patients' accounts of the last 30 days, by whose invitation
    has_blocklist: bool

    def __getitem__(self, name: str) -> Figure:
        return next(figure for figure in self.figures if figure.name == name)


def figures(*, grant: Grant) -> Figures:
    """The figures of the grant's practice, now.

    `passkey`: staff with a passkey that works; `device-bound`: with one that cannot leave its device;
    `passkey-only`: whose every local way in withstands phishing; `phishing-resistant`: sign-ins of 30 days;
    `stolen-password`: passwords in use that stand on the blocklist; `unused`: accounts at rest for too long;
    `overdue`: roles that nobody confirmed in time; `shared-login`: people with a sign of two at one account;
    `managed`: marked browsers seen in the last 30 days, of all that are marked; `accounts`: patients'
    accounts opened in the last 30 days, of all there are.
    """
    grant.must_cover(Action.FIGURES_READ)
    at, practice = now(), grant.organisation
    signals = shared_logins(organisation=practice, at=at)
    people = _staff(practice)
    opened = tuple(accounts_opened(grant=grant, since=at - SHARED.looked_back))
    accounts = PatientKey.objects.filter(organisation=practice).exclude(person=None).count()
    new = Figure(name="accounts", count=sum(each.count for each in opened), of=accounts)
    shared = Figure(name="shared-login", count=len({one.person for one in signals}), of=people.count())
    counted = (*_by_factor(practice), _stolen(practice), _unused(practice, at), _overdue(practice, at))
    return Figures(
        at=at,
        figures=(*counted, shared, _managed(practice, at), new),
        idle=(
            IdleLimit(roles=(), seconds=int(SESSION.idle.total_seconds())),
            IdleLimit(
                roles=tuple(sorted(SESSION.privileged)), seconds=int(SESSION.idle_privileged.total_seconds())
            ),
        ),
        shared=signals,
        opened=opened,
        has_blocklist=is_there(),
    )


def _staff(organisation: UUID) -> QuerySet[Person]:
    return Person.objects.filter(organisation=organisation, patient_key=None, deactivation=None)


def _by_factor(organisation: UUID) -> list[Figure]:
    working = Passkey.objects.filter(failures__lt=BACK_OFF.disabled_after, person__in=_staff(organisation))
    staff, holders = _staff(organisation), working.values("person")
    sessions = Session.objects.filter(person__in=staff)
    return [
        Figure(name="passkey", count=staff.filter(id__in=holders).count(), of=staff.count()),
        Figure(
            name="device-bound",
            count=staff.filter(id__in=holders.filter(backup_eligible=False)).count(),
            of=staff.count(),
        ),
        Figure(
            name="passkey-only", count=staff.filter(id__in=holders, password="").count(), of=staff.count()
        ),
        Figure(
            name="phishing-resistant",
            count=sessions.filter(method__in=WITHSTANDS_PHISHING).count(),
            of=sessions.count(),
        ),
    ]


def _stolen(organisation: UUID) -> Figure:
    users = _staff(organisation).exclude(password="")
    known = BreachedPassword.objects.filter(person__in=users, changed_at=None)
    found = known.aggregate(count=Count("id"), since=Min("noticed_at"))
    return Figure(name="stolen-password", count=found["count"], of=users.count(), since=found["since"])


def _unused(organisation: UUID, at: datetime) -> Figure:
    people = list(with_last_use(_staff(organisation)))
    rows = [(getattr(person, "seen_at", None), person.joined_at) for person in people]
    rested = [seen or joined for seen, joined in rows if is_unused(seen_at=seen, joined_at=joined, at=at)]
    return Figure(name="unused", count=len(rested), of=len(rows), since=min(rested, default=None))


def _overdue(organisation: UUID, at: datetime) -> Figure:
    due = due_roles(at=at, organisation=organisation)
    late = [due_at for _role, due_at in due if due_at + RECERTIFICATION.grace < at]
    return Figure(name="overdue", count=len(late), of=len(due), since=min(late, default=None))


def _managed(organisation: UUID, at: datetime) -> Figure:
    marked = ManagedBrowser.objects.filter(organisation=organisation, revoked_at=None, expires_at__gt=at)
    seen = Count("id", filter=Q(seen_on__gt=at.date() - SHARED.looked_back))
    found = marked.aggregate(of=Count("id"), count=seen)
    return Figure(name="managed", count=found["count"], of=found["of"])

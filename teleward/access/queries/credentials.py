"""How a person can sign in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import AuthenticatorApp, ExternalIdentity, Passkey, Person, RecoveryCode
from teleward.access.signin.backoff import is_disabled
from teleward.access.signin.providers import providers


@dataclass(frozen=True, kw_only=True)
class PasskeyCard:
    """A passkey as its owner sees it."""

    id: UUID
    label: str
    added_at: datetime
    used_at: datetime | None
    is_bound: bool  # to one device
    is_disabled: bool


@dataclass(frozen=True, kw_only=True)
class IdentityCard:
    """An account at an identity provider that opens this one."""

    id: UUID
    provider: str
    linked_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class WaysIn:
    """Everything a person can sign in with."""

    name: str
    email: str
    passkeys: tuple[PasskeyCard, ...]
    has_password: bool
    has_app: bool
    password_is_disabled: bool
    app_is_disabled: bool
    codes_left: int
    identities: tuple[IdentityCard, ...]


def ways_in(*, grant: Grant) -> WaysIn:
    """How the subject can sign in."""
    grant.must_cover(Action.CREDENTIAL_READ, subject=grant.about)
    person = Person.objects.get(id=grant.about)
    app = AuthenticatorApp.objects.filter(person=person).exclude(confirmed_at=None).first()
    return WaysIn(
        name=person.name,
        email=person.email,
        passkeys=tuple(_card(row) for row in Passkey.objects.filter(person=person).order_by("added_at")),
        has_password=bool(person.password),
        has_app=app is not None,
        password_is_disabled=is_disabled(person.password_failures),
        app_is_disabled=app is not None and is_disabled(app.failures),
        codes_left=RecoveryCode.objects.filter(person=person, used_at=None).count(),
        identities=_identities(person),
    )


def unlocks_with(*, grant: Grant) -> tuple[bool, bool]:
    """Whether the subject can unlock with a passkey, and with a password."""
    grant.must_cover(Action.UNLOCK, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    return Passkey.objects.filter(person=person).exists(), bool(person.password)


def _identities(person: Person) -> tuple[IdentityCard, ...]:
    names = {provider.issuer: provider.name for provider in providers()}
    return tuple(
        IdentityCard(
            id=row.id,
            provider=names.get(row.issuer, row.issuer),
            linked_at=row.linked_at,
            used_at=row.used_at,
        )
        for row in ExternalIdentity.objects.filter(person=person).order_by("linked_at")
    )


def _card(row: Passkey) -> PasskeyCard:
    return PasskeyCard(
        id=row.id,
        label=row.label,
        added_at=row.added_at,
        used_at=row.used_at,
        is_bound=not row.backup_eligible,
        is_disabled=is_disabled(row.failures),
    )

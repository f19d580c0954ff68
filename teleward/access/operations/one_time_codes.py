"""The second way in: a password together with an authenticator app."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import AuthenticatorApp, Organisation, Passkey, Person
from teleward.access.operations.blocklist import settle_stolen
from teleward.access.operations.passkeys import LastWayIn
from teleward.access.operations.proofs import APP_SECRET
from teleward.access.operations.sessions import end_others_after_change
from teleward.access.passwords import hashed
from teleward.access.signin.blocklist import is_known
from teleward.access.signin.codes import enrolment_uri, new_secret, qr_svg, secret_text, step_of
from teleward.access.signin.weakness import About, Weakness, weakness_of
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal_own, unseal_own
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish


class PasswordTooWeak(Problem):
    """The password is easy to guess; the sentence says why and what to do."""

    code = "access:password-too-weak"
    message: str | Promise = _("This password is too easy to guess. Choose another one.")


class CodeWrong(Problem):
    """The six digits do not belong to the secret shown."""

    code = "access:code-wrong"
    message = _("These six digits did not match. Wait for the next ones in your app and type them.")


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A secret that waits to be put into an authenticator app. `sealed` travels with the form."""

    sealed: str
    qr: SafeString  # SVG
    text: str


def new_enrolment(*, account: str, clinic: str) -> Enrolment:
    """A new secret, for the app of this account."""
    return shown_enrolment(sealed=_sealed(new_secret(), account).hex(), account=account, clinic=clinic)


def shown_enrolment(*, sealed: str, account: str, clinic: str) -> Enrolment:
    """The same secret once more, after a mistyped code. Raises SealBroken if it is another account's."""
    secret = _opened(sealed, account)
    uri = enrolment_uri(secret=secret, account=account, clinic=clinic)
    return Enrolment(sealed=sealed, qr=qr_svg(uri), text=secret_text(secret))


def begin_password_and_app(*, grant: Grant, sealed: str = "") -> Enrolment:
    """The secret to show to the subject; with `sealed` the same as before."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.select_related("organisation").get(id=grant.about)
    clinic = person.organisation.short_name
    if sealed:
        return shown_enrolment(sealed=sealed, account=person.email, clinic=clinic)
    return new_enrolment(account=person.email, clinic=clinic)


@transaction.atomic
def set_password_and_app(*, grant: Grant, password: str, sealed: str, code: str) -> None:
    """Gives the subject a new password and a new app. Raises PasswordTooWeak or CodeWrong."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.select_related("organisation").get(id=grant.about)
    store_password_and_app(person=person, password=password, sealed=sealed, code=code)
    end_others_after_change(grant=grant)
    record(grant=grant, detail={"added": "password and app"})
    publish(Event.CREDENTIAL_CHANGED, person=person.id)


@transaction.atomic
def change_password(*, grant: Grant, password: str) -> None:
    """A new password; the app stays. Raises PasswordTooWeak."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.select_related("organisation").get(id=grant.about)
    check_password_strength(password=password, about=about(person.name, person.email, person.organisation))
    Person.objects.filter(id=person.id).update(password=hashed(password), password_failures=0)
    settle_stolen(person)
    end_others_after_change(grant=grant)
    record(grant=grant, detail={"changed": "password"})
    publish(Event.CREDENTIAL_CHANGED, person=person.id)


@transaction.atomic
def remove_password_and_app(*, grant: Grant) -> None:
    """Takes password and app away from somebody who has a passkey. Raises LastWayIn."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.select_for_update(of=("self",)).get(id=grant.about)
    if not Passkey.objects.filter(person=person).exists():
        raise LastWayIn
    Person.objects.filter(id=person.id).update(password="", password_failures=0)
    AuthenticatorApp.objects.filter(person=person).delete()
    settle_stolen(person)
    end_others_after_change(grant=grant)
    record(grant=grant, detail={"removed": "password and app"})
    publish(Event.CREDENTIAL_CHANGED, person=person.id)


def check_password_and_code(
    *, password: str, about: About, sealed: str, account: str, code: str
) -> tuple[bytes, int]:
    """The secret and the step of a right code beside a good password. Raises PasswordTooWeak or CodeWrong."""
    check_password_strength(password=password, about=about)
    secret = _opened(sealed, account)
    step = step_of(secret=secret, code=code, at=now(), after=0)
    if step is None:
        raise CodeWrong
    return secret, step


def check_password_strength(*, password: str, about: About) -> None:
    """Raises PasswordTooWeak with the reason."""
    weakness = weakness_of(password, about=about) or (Weakness.STOLEN if is_known(password) else None)
    if weakness:
        raise PasswordTooWeak(weakness.sentence)


def store_password_and_app(*, person: Person, password: str, sealed: str, code: str) -> None:
    """Keeps both on the person. Raises PasswordTooWeak or CodeWrong."""
    known = about(person.name, person.email, person.organisation)
    secret, step = check_password_and_code(
        password=password, about=known, sealed=sealed, account=person.email, code=code
    )
    Person.objects.filter(id=person.id).update(password=hashed(password), password_failures=0)
    settle_stolen(person)
    kept = {
        "secret": seal_own(plaintext=secret, context=APP_SECRET),
        "confirmed_at": now(),
        "last_step": step,
        "failures": 0,
    }
    AuthenticatorApp.objects.update_or_create(person=person, defaults=kept)


def about(name: str, email: str, organisation: Organisation) -> About:
    """What a guesser would know of somebody here."""
    return About(words=(name, email, organisation.name, organisation.short_name))


def _sealed(secret: bytes, account: str) -> bytes:
    return seal_own(plaintext=secret, context=f"enrolment {account}")


def _opened(sealed: str, account: str) -> bytes:
    return unseal_own(sealed=bytes.fromhex(sealed), context=f"enrolment {account}")

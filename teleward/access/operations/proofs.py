"""Proof of who somebody is: the right answer of an authenticator. The gate decides what it opens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import ActorKind, Circumstances, Grant
from teleward.access.models import AuthenticatorApp, Passkey, Person, RecoveryCode
from teleward.access.operations.challenges import Kind, take_answer
from teleward.access.operations.entries import note
from teleward.access.operations.tries import Authenticator, clear, count_against, tell_if_disabled
from teleward.access.passwords import Verdict
from teleward.access.signin.ceremonies import CeremonyFailed, KnownKey, credential_in, finish_request
from teleward.access.signin.codes import canonical_recovery_code, looks_like_recovery_code, step_of
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal_own
from teleward.kernel.errors import Problem
from teleward.kernel.ids import token_hash

APP_SECRET = "authenticator app"  # noqa: S105 - the context under which it is sealed
BOUND_TO_ONE_DEVICE = 3
TWO_FACTORS = 2


class NoMatch(Problem):
    """What was typed or touched does not belong together. It never says which part."""

    code = "access:no-match"
    status = 403
    message = _("That did not match. Check what you entered and try again.")


class PasskeyNotAccepted(Problem):
    """The passkey's answer does not hold."""

    code = "access:passkey-not-accepted"
    status = 403
    message = _("This passkey was not accepted. Try again, or use another way to sign in.")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Somebody has proved who they are, in this way and to this level."""

    person: UUID
    method: str  # a word of signin/factors.py
    aal: int
    at: datetime | None = None  # when it was given, if not just now
    is_stolen: bool = False  # the password is right, and known to guessers


def by_staff(grant: Grant) -> UUID | None:
    """Which member of staff acts, for rows that say by whom; None for jobs and commands."""
    return grant.actor.id if grant.actor.kind is ActorKind.STAFF else None


def prove_by_passkey(
    *,
    response: dict[str, Any],
    kind: Kind,
    circumstances: Circumstances,
    action: Action,
    person: Person | None = None,
) -> Proof:
    """Looks at a passkey's answer to a challenge of this kind. Raises PasskeyNotAccepted."""
    found: Passkey | None = None
    try:
        challenge, _state = take_answer(kind=kind, response=response, person=person)
        found = _passkey_of(response, person)
        return _touched(found, challenge, response)
    except CeremonyFailed as failed:
        whose = found.person if found else person
        note(
            action=action, outcome="deny", circumstances=circumstances, person=whose,
            detail={"method": "passkey", "because": failed.reason},
        )  # fmt: skip
        if found and failed.reason != "disabled":
            tell_if_disabled(found, found.person, circumstances)
        raise PasskeyNotAccepted from failed


def password_is_right(*, person: Person | None, password: str, circumstances: Circumstances) -> bool:
    """Looks at a password; the work is the same for somebody who does not exist."""
    counts = person is not None and count_against(person, "password_failures")
    verdict = Verdict.on(password, person.password if person and counts else None)
    if person is None or not verdict.matches:
        if person and counts:
            tell_if_disabled(person, person, circumstances, "password_failures")
        return False
    clear(person, "password_failures")
    if verdict.renewed:
        Person.objects.filter(id=person.id).update(password=verdict.renewed)
    return True


def second_factor_of(*, person: Person, typed: str, circumstances: Circumstances) -> str | None:
    """The method of a right code: `password` for six digits, `recovery` for a saved code; else None."""
    if looks_like_recovery_code(typed):
        return (
            "recovery"
            if _counted(person, "recovery_failures", person, circumstances, _recovery(person, typed))
            else None
        )
    app = AuthenticatorApp.objects.filter(person=person).exclude(confirmed_at=None).first()
    if app is None:
        return None
    return (
        "password" if _counted(app, "failures", person, circumstances, lambda: _digits(app, typed)) else None
    )


def _counted(
    authenticator: Authenticator,
    field: str,
    person: Person,
    circumstances: Circumstances,
    is_right: Callable[[], bool],
) -> bool:
    """Asks `is_right` while the authenticator still counts; each wrong answer is counted against it."""
    if not count_against(authenticator, field):
        return False
    if is_right():
        clear(authenticator, field)
        return True
    tell_if_disabled(authenticator, person, circumstances, field)
    return False


@transaction.atomic
def _digits(app: AuthenticatorApp, typed: str) -> bool:
    row = AuthenticatorApp.objects.select_for_update().get(person=app.person_id)
    secret = unseal_own(sealed=bytes(row.secret), context=APP_SECRET)
    step = step_of(secret=secret, code=typed, at=now(), after=row.last_step)
    if step is None:
        return False
    AuthenticatorApp.objects.filter(person=app.person_id).update(last_step=step)
    return True


def _recovery(person: Person, typed: str) -> Callable[[], bool]:
    code = token_hash(canonical_recovery_code(typed))
    rows = RecoveryCode.objects.filter(person=person, code_hash=code, used_at=None)
    return lambda: rows.update(used_at=now()) == 1


def _passkey_of(response: dict[str, Any], person: Person | None) -> Passkey:
    credential_id, user_handle = credential_in(response)
    rows = Passkey.objects.select_related("person").filter(
        credential_id=credential_id, person__deactivation=None
    )
    found = rows.first()
    if found is None or (person and found.person_id != person.id):
        raise CeremonyFailed("unknown-key")
    if (user_handle or not person) and user_handle != found.person_id.bytes:
        raise CeremonyFailed("user-handle")
    return found


def _touched(found: Passkey, challenge: bytes, response: dict[str, Any]) -> Proof:
    if not count_against(found):
        raise CeremonyFailed("disabled")
    with transaction.atomic():
        row = Passkey.objects.select_for_update().get(id=found.id)
        known = KnownKey(
            credential_id=bytes(row.credential_id),
            public_key=bytes(row.public_key),
            sign_count=row.sign_count,
            is_backup_eligible=row.backup_eligible,
        )
        touch = finish_request(challenge=challenge, key=known, response=response)
        row.sign_count, row.backup_state, row.used_at, row.failures = (
            touch.sign_count,
            touch.is_backed_up,
            now(),
            0,
        )
        row.save(update_fields=["sign_count", "backup_state", "used_at", "failures"])
    aal = TWO_FACTORS if row.backup_eligible else BOUND_TO_ONE_DEVICE
    return Proof(person=row.person_id, method="passkey", aal=aal)

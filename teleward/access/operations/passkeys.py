"""Making, adding and removing passkeys."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import AuthenticatorApp, Passkey, Person
from teleward.access.operations.challenges import Kind, ask_browser, take_answer
from teleward.access.operations.proofs import PasskeyNotAccepted
from teleward.access.operations.sessions import end_others_after_change
from teleward.access.signin.ceremonies import CeremonyFailed, NewKey, creation_options, finish_creation
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish


class LastWayIn(Problem):
    """Without this one the person could not sign in any more."""

    code = "access:last-way-in"
    status = 409
    message = _("This is your only way to sign in. Add another way first, then remove this one.")


class PasskeyUnknown(Problem):
    """There is no such passkey of this person."""

    code = "access:passkey-unknown"
    status = 404
    message = _("This passkey has been removed already. You need not do anything.")


def ask_for_new_passkey(*, grant: Grant) -> dict[str, Any]:
    """What the browser needs to make a passkey for the subject."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    known = Passkey.objects.filter(person=person).values_list("credential_id", flat=True)
    challenge = ask_browser(kind=Kind.PASSKEY_NEW, person=person)
    return creation_options(
        challenge=challenge, person=person.id, email=person.email, name=person.name, known=map(bytes, known)
    )


def add_passkey(*, grant: Grant, response: dict[str, Any], label: str) -> UUID:
    """Keeps the passkey the browser has made. Raises PasskeyNotAccepted."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    key = checked_key(response=response, person=person)
    with transaction.atomic():
        passkey = store_passkey(person=person, key=key, label=label)
        record(
            grant=grant, detail={"added": "passkey", "passkey": str(passkey.id), "aaguid": str(key.aaguid)}
        )
        publish(Event.CREDENTIAL_CHANGED, person=person.id)
    return passkey.id


@transaction.atomic
def remove_passkey(*, grant: Grant, passkey: UUID) -> None:
    """Removes a passkey. Raises PasskeyUnknown, or LastWayIn if nothing else opens the account."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.select_for_update(of=("self",)).get(id=grant.about)
    mine = Passkey.objects.filter(person=person)
    found = mine.filter(id=passkey).first()
    if found is None:
        raise PasskeyUnknown
    if not (mine.exclude(id=passkey).exists() or has_password_and_app(person)):
        raise LastWayIn
    found.delete()
    end_others_after_change(grant=grant)
    record(grant=grant, detail={"removed": "passkey", "passkey": str(passkey)})
    publish(Event.CREDENTIAL_CHANGED, person=person.id)


def checked_key(*, response: dict[str, Any], person: Person | None) -> NewKey:
    """The new key in this answer, if it holds. Raises PasskeyNotAccepted."""
    try:
        challenge, _state = take_answer(kind=Kind.PASSKEY_NEW, response=response, person=person)
        key = finish_creation(challenge=challenge, response=response)
    except CeremonyFailed as failed:
        raise PasskeyNotAccepted from failed
    if Passkey.objects.filter(credential_id=key.credential_id).exists():
        raise PasskeyNotAccepted
    return key


def store_passkey(*, person: Person, key: NewKey, label: str) -> Passkey:
    """The row of a checked key."""
    return Passkey.objects.create(
        person=person,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        aaguid=key.aaguid,
        backup_eligible=key.is_backup_eligible,
        backup_state=key.is_backed_up,
        label=label.strip()[:60],
    )


def has_password_and_app(person: Person) -> bool:
    """Whether the person can sign in without any passkey."""
    return (
        bool(person.password)
        and AuthenticatorApp.objects.filter(person=person).exclude(confirmed_at=None).exists()
    )

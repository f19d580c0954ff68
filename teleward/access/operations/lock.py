"""One touch to go on: unlocking a session, and proving again who one is before something weighty."""

from typing import Any

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import Passkey, Person
from teleward.access.operations.blocklist import notice_if_stolen
from teleward.access.operations.challenges import Kind, ask_browser
from teleward.access.operations.entries import note
from teleward.access.operations.proofs import (
    TWO_FACTORS,
    NoMatch,
    Proof,
    password_is_right,
    prove_by_passkey,
)
from teleward.access.operations.sessions import BegunSession, renew_session
from teleward.access.operations.tries import forgive, take_try
from teleward.access.signin.ceremonies import request_options


def ask_again(*, grant: Grant) -> dict[str, Any]:
    """What the browser needs to ask for one of this person's own passkeys."""
    grant.must_cover(Action.UNLOCK, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    known = Passkey.objects.filter(person=person).values_list("credential_id", flat=True)
    return request_options(
        challenge=ask_browser(kind=Kind.PASSKEY_AGAIN, person=person), known=map(bytes, known)
    )


def unlock_by_passkey(*, grant: Grant, response: dict[str, Any]) -> BegunSession:
    """One touch opens the session and gives it a new secret. Raises PasskeyNotAccepted or SessionUnknown."""
    grant.must_cover(Action.UNLOCK, subject=grant.actor.id)
    proof = prove_by_passkey(
        response=response,
        kind=Kind.PASSKEY_AGAIN,
        circumstances=grant.circumstances,
        action=Action.UNLOCK,
        person=Person.objects.get(id=grant.about),
    )
    return renew_session(grant=grant, proof=proof)


def unlock_by_password(*, grant: Grant, password: str) -> BegunSession:
    """Password and the session's own secret together. Raises NoMatch, WaitFirst or SessionUnknown."""
    grant.must_cover(Action.UNLOCK, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    counted = (
        f"unlock {grant.actor.session}"  # failures at the sign-in page do not keep a colleague locked in
    )
    take_try(account=counted, circumstances=grant.circumstances)
    if not password_is_right(person=person, password=password, circumstances=grant.circumstances):
        note(
            action=Action.UNLOCK,
            outcome="deny",
            circumstances=grant.circumstances,
            person=person,
            actor=grant.actor,
            detail={"method": "password", "because": "no-match"},
        )
        raise NoMatch
    forgive(account=counted, circumstances=grant.circumstances)
    stolen = notice_if_stolen(person=person, password=password, circumstances=grant.circumstances)
    proof = Proof(person=person.id, method="password", aal=TWO_FACTORS, is_stolen=stolen)
    return renew_session(grant=grant, proof=proof)

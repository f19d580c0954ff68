"""Connected programs as an administrator would have registered them, and keys as they would hold them."""

from datetime import timedelta
from typing import Any

from teleward.access.models import AppGrant, AppToken, Client, Organisation, Person, Session
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token, token_hash

BACK = "https://app.example/back"
EVERYTHING = "openid fhirUser launch launch/patient offline_access online_access"


def connects(practice: Organisation, **changes: Any) -> Client:
    """A program of this practice."""
    usual = {
        "organisation": practice,
        "name": "Puls",
        "what_for": "Zeigt Messwerte als Kurve.",
        "kind": "public",
        "redirect_uris": [BACK],
        "scopes": f"{EVERYTHING} patient/*.rs user/*.rs",
        "per_minute": 3000,
    }
    return Client.objects.create(**{**usual, **changes})


def allows(client: Client, person: Person, **changes: Any) -> AppGrant:
    """What this person allowed the program."""
    usual = {
        "client": client,
        "person": person,
        "scopes": client.scopes,
        "aal": 2,
        "method": "passkey",
        "ends_at": now() + timedelta(days=1),
    }
    return AppGrant.objects.create(**{**usual, **changes})


def holds(client: Client, given: AppGrant | None = None, **changes: Any) -> str:
    """A key the program holds. Returns it."""
    token = new_token()
    usual = {
        "client": client,
        "given": given,
        "kind": "access",
        "scopes": given.scopes if given else client.scopes,
        "token_hash": token_hash(token),
        "expires_at": now() + timedelta(minutes=5),
    }
    AppToken.objects.create(**{**usual, **changes})
    return token


def signed_in(person: Person) -> Session:
    """A session of this person."""
    return Session.objects.create(person=person, secret_hash=token_hash(new_token()), aal=2, method="passkey")

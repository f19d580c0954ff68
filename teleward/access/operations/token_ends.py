"""Keys that a program gives back (RFC 7009) or asks about (RFC 7662). It learns of its own alone."""

from django.db import transaction

from teleward.access.actions import Action
from teleward.access.grants import Circumstances
from teleward.access.models import AppToken, Client
from teleward.access.operations.client_proofs import Asking, actor_of_client, proven
from teleward.access.operations.entries import note
from teleward.access.operations.tokens import end_given, refuse
from teleward.access.queries.app_grants import living_grants
from teleward.access.queries.apps import fhir_user
from teleward.access.smart import places
from teleward.access.smart.problems import InvalidRequest, ProgramRefused
from teleward.kernel.clock import now
from teleward.kernel.ids import token_hash
from teleward.kernel.openings import without_grant

Told = dict[str, str | int | bool]


@without_grant("A program ends its own key, and proves that it is its own; the ledger has it.")
def end_own_key(*, asking: Asking) -> None:
    """Ends a key; with a refresh token all that rests on the same consent. An unknown one is no error.

    Raises ProgramRefused.
    """
    row = _asked_for(asking)
    if row is not None:
        _end(row, asking.circumstances)


@without_grant("A program asks about its own key, and proves that it is its own.")
def introspect(*, asking: Asking) -> Told:
    """What the key is good for now; of every other only `{"active": false}`. Raises ProgramRefused."""
    row = _asked_for(asking)
    if row is None or not _lives(row):
        return {"active": False}
    told: Told = {
        "active": True,
        "client_id": str(row.client_id),
        "scope": row.scopes,
        "iat": int(row.issued_at.timestamp()),
        "exp": int(row.expires_at.timestamp()),
        "iss": places.origin(),
        "token_type": "Bearer",
    }
    return told | _of_person(row)


def _of_person(row: AppToken) -> Told:
    if row.given is None:
        return {}
    told: Told = {"sub": str(row.given.person_id)}
    told |= {"patient": str(row.given.patient_id)} if row.given.patient_id else {}
    return told | ({"fhirUser": fhir_user(row.given)} if "fhirUser" in row.scopes.split(" ") else {})


def _asked_for(asking: Asking) -> AppToken | None:
    client: Client | None = None
    try:
        client = proven(asking)
        if not asking.form.get("token"):
            raise InvalidRequest("no-token")
    except ProgramRefused as refused:
        refuse(refused, asking, client)
        raise
    rows = AppToken.objects.select_related("given", "given__person", "client")
    return rows.filter(token_hash=token_hash(asking.form["token"]), client=client).first()


def _lives(row: AppToken) -> bool:
    at = now()
    if row.revoked_at or row.used_at or row.expires_at <= at:
        return False
    return row.given_id is None or living_grants(at).filter(id=row.given_id).exists()


@transaction.atomic
def _end(row: AppToken, circumstances: Circumstances) -> None:
    if row.kind == "refresh" and row.given:
        ended = end_given(row.given, because="app")
    else:
        ended = AppToken.objects.filter(id=row.id, revoked_at=None).update(revoked_at=now())
    note(
        action=Action.APP_WITHDRAW,
        outcome="done",
        circumstances=circumstances,
        person=row.given.person if row.given else None,
        actor=actor_of_client(row.client),
        detail={"because": "app", "keys": ended},
    )

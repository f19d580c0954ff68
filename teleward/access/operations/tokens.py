"""Keys for programs: made for a code, for a refresh token, or for a system that works by itself.

Each key that is made or refused is in the ledger, with the protocol's word and ours. A code or a refresh
token that comes a second time was copied: all that rests on it ends (RFC 6749 4.1.2, RFC 9700 4.14).
"""

import hmac
import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from teleward.access.actions import Action
from teleward.access.actors import NOBODY
from teleward.access.grants import Grant, authorise, record
from teleward.access.models import AppCode, AppGrant, AppToken, Client
from teleward.access.operations.client_proofs import (
    Asking,
    Form,
    actor_of_client,
    practice_of_client,
    proven,
)
from teleward.access.operations.entries import note
from teleward.access.operations.identity_tokens import identity_token
from teleward.access.queries.app_grants import living_grants
from teleward.access.queries.apps import fhir_user
from teleward.access.queries.tokens import expect_token
from teleward.access.signin.provider_wire import challenge_of
from teleward.access.smart import scopes
from teleward.access.smart.limits import BACKEND_TOKEN_LASTS, USER_TOKEN_LASTS
from teleward.access.smart.problems import (
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    ProgramRefused,
    UnauthorizedClient,
    UnsupportedGrantType,
)
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.openings import without_grant

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636 4.1
LASTING = frozenset({"offline_access", "online_access"})
BACKEND = "backend"
Answer = dict[str, str | int]


@without_grant("The way in of programs: each key that is made or refused is in the ledger.")
def token_for_program(*, asking: Asking) -> Answer:
    """What the token endpoint answers (RFC 6749 5.1, SMART App Launch 2.2). Raises ProgramRefused."""
    ways = {"client_credentials": _by_itself, "authorization_code": _by_code, "refresh_token": _by_refresh}
    client: Client | None = None
    try:
        way = ways.get(_needed(asking.form, "grant_type"))
        if way is None:
            raise UnsupportedGrantType("grant-type")
        client = proven(asking)
        return way(client, asking)
    except ProgramRefused as refused:
        refuse(refused, asking, client)
        raise


def refuse(refused: ProgramRefused, asking: Asking, client: Client | None = None) -> None:
    """Writes down that a program was turned away, and why; who only floods fills no ledger."""
    if not refused.is_told:
        return
    note(
        action=Action.TOKEN_ISSUE,
        outcome="deny",
        circumstances=asking.circumstances,
        actor=actor_of_client(client) if client else NOBODY,
        detail={"error": refused.error, "because": refused.reason},
    )


def end_given(given: AppGrant, *, because: str, by: UUID | None = None) -> int:
    """What rests on a consent ends with the caller's transaction. Returns how many keys that were."""
    at = now()
    AppGrant.objects.filter(id=given.id, ended_at=None).update(
        ended_at=at, ended_because=because, ended_by_id=by
    )
    return AppToken.objects.filter(given=given, revoked_at=None, expires_at__gt=at).update(revoked_at=at)


def _by_itself(client: Client, asking: Asking) -> Answer:
    if client.kind != BACKEND:
        raise UnauthorizedClient("not-a-system")
    granted = _cut(_needed(asking.form, "scope"), client.scopes).only("system")
    if not granted.clinical:
        raise InvalidScope("nothing-allowed")
    grant = _gate(client, None, granted, asking)
    return _answer(grant, client, granted)


def _by_code(client: Client, asking: Asking) -> Answer:
    code, fault = _take_code(client, asking.form)
    if code is None or fault:
        raise InvalidGrant(fault)
    given = _living(code.given_id)
    granted = scopes.read(given.scopes)
    grant = _gate(client, given, granted, asking)
    answer = _answer(grant, client, granted, given)
    if "openid" in granted.context:
        who = fhir_user(given) if granted.context & {"fhirUser", "profile"} else ""
        answer["id_token"] = identity_token(given, nonce=code.nonce, who=who)
    return answer


def _by_refresh(client: Client, asking: Asking) -> Answer:
    found, fault = _take_refresh(client, _needed(asking.form, "refresh_token"))
    if found is None or found.given_id is None or fault:
        raise InvalidGrant(fault)
    given = _living(found.given_id)
    granted = scopes.read(given.scopes)
    if asking.form.get("scope"):
        granted = _cut(asking.form["scope"], given.scopes)
    if granted.is_empty:
        raise InvalidScope("nothing-allowed")
    return _answer(_gate(client, given, granted, asking), client, granted, given)


@transaction.atomic
def _take_code(client: Client, form: Form) -> tuple[AppCode | None, str]:
    """Uses the code up, whatever else is wrong; a code that comes again ends all that came of it."""
    hashed = token_hash(_needed(form, "code"))
    row = AppCode.objects.select_for_update().filter(code_hash=hashed).first()
    if row is None or row.given.client_id != client.id:
        return None, "unknown-code"
    if row.used_at is not None:
        _stop(row.given, "reuse")
        return None, "code-used"
    row.used_at = now()
    row.save(update_fields=["used_at"])
    fault = _fault_of_code(row, form)
    if fault:
        _stop(row.given, "wrong-code")
    return row, fault


def _fault_of_code(row: AppCode, form: Form) -> str:
    verifier = form.get("code_verifier", "")
    if row.expires_at <= now():
        return "code-too-old"
    if form.get("redirect_uri") != row.redirect_uri:
        return "redirect"
    right = VERIFIER.fullmatch(verifier) and hmac.compare_digest(challenge_of(verifier), row.challenge)
    return "" if right else "verifier"


@transaction.atomic
def _take_refresh(client: Client, token: str) -> tuple[AppToken | None, str]:
    """Exchanges the refresh token, once; a second time says that somebody has a copy."""
    rows = AppToken.objects.select_for_update(of=("self",)).filter(kind="refresh", client=client)
    row = rows.filter(token_hash=token_hash(token)).first()
    if row is None or row.given is None:
        return None, "unknown-token"
    if row.used_at is not None:
        _stop(row.given, "reuse")
        return None, "token-used"
    row.used_at = now()
    row.save(update_fields=["used_at"])
    return row, "" if row.revoked_at is None and row.expires_at > now() else "token-over"


def _stop(given: AppGrant, because: str) -> None:
    end_given(given, because=because)


def _living(given: UUID) -> AppGrant:
    found = living_grants(now()).select_related("person", "session").filter(id=given).first()
    if found is None:
        raise InvalidGrant("consent-over")
    return found


def _gate(client: Client, given: AppGrant | None, granted: scopes.Scopes, asking: Asking) -> Grant:
    detail = {"way": asking.form["grant_type"], "scopes": str(granted)}
    detail |= {"for": str(given.person_id), "consent": str(given.id)} if given else {}
    return authorise(
        actor=actor_of_client(client),
        action=Action.TOKEN_ISSUE,
        subject=practice_of_client(client),
        circumstances=replace(asking.circumstances, via="api"),
        detail=detail,
    )


@transaction.atomic
def _answer(grant: Grant, client: Client, granted: scopes.Scopes, given: AppGrant | None = None) -> Answer:
    lasts = min(USER_TOKEN_LASTS, given.ends_at - grant.at) if given else BACKEND_TOKEN_LASTS
    answer: Answer = {
        "access_token": _key(client, given, granted, "access", grant.at + lasts),
        "token_type": "Bearer",
        "expires_in": int(lasts / timedelta(seconds=1)),
        "scope": str(granted),
    }
    if given and scopes.read(given.scopes).context & LASTING:
        answer["refresh_token"] = _key(client, given, granted, "refresh", given.ends_at)
    if given and given.patient_id:
        answer["patient"] = str(given.patient_id)
    record(grant=grant, detail={"made": sorted({"access_token", "refresh_token"} & set(answer))})
    return answer


def _key(
    client: Client, given: AppGrant | None, granted: scopes.Scopes, kind: str, expires_at: datetime
) -> str:
    token = new_token()
    hashed = token_hash(token)
    if kind == "access":
        expect_token(hashed=hashed)
    AppToken.objects.create(
        token_hash=hashed, kind=kind, client=client, given=given, scopes=str(granted),
        expires_at=expires_at,
    )  # fmt: skip
    return token


def _cut(asked: str, allowed: str) -> scopes.Scopes:
    try:
        return scopes.cut(scopes.read(asked), scopes.read(allowed))
    except scopes.ScopeUnknown as unknown:
        raise InvalidScope("unknown-scope") from unknown


def _needed(form: Form, name: str) -> str:
    if not form.get(name):
        raise InvalidRequest(f"no-{name.replace('_', '-')}")
    return form[name]

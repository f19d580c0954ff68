"""Programs are connected, changed and disconnected by an administrator; nobody registers themself."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import AppGrant, AppToken, Client, ClientEnd
from teleward.access.operations.proofs import by_staff
from teleward.access.smart import scopes
from teleward.access.smart.assertions import faults_of
from teleward.access.smart.key_sets import HERE, is_allowed
from teleward.access.smart.limits import RATE_PER_MINUTE
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem

KINDS = ("public", "confidential", "backend")
BACKEND = "backend"
PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")  # RFC 8252 7.1: a domain, turned round
MOST_ADDRESSES = 10
LONGEST = 500
LEVELS = {True: ("system",), False: ("patient", "user")}  # by whether it works by itself


class WishFaulty(Problem):
    """Something about the program is missing or wrong; `field` says which."""

    code = "access:app-faulty"
    status = 422
    message = _("Please check what is marked.")

    def __init__(self, field: str, message: object) -> None:
        super().__init__(str(message))
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an administrator typed. Addresses and scopes one to a line or a space apart; keys as JSON."""

    name: str
    what_for: str
    kind: str
    redirect_uris: str
    launch_url: str
    keys_url: str
    keys: str
    scopes: str
    per_minute: str = ""


@transaction.atomic
def connect(*, grant: Grant, wish: Wish) -> UUID:
    """Connects a program. Returns its id, which is its client_id. Raises WishFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row = Client(organisation_id=grant.organisation, registered_by_id=by_staff(grant), **_checked(wish))
    row.save(force_insert=True)
    record(grant=grant, detail={"connected": str(row.id), "kind": row.kind, "scopes": row.scopes})
    return row.id


@transaction.atomic
def disconnect(*, grant: Grant, client: UUID, reason: str) -> None:
    """Ends the connection: every key and every consent at once. Raises NotFound or WishFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row = Client.objects.select_for_update().filter(id=client, organisation_id=grant.organisation).first()
    if row is None or ClientEnd.objects.filter(client=row).exists():
        raise NotFound
    if not reason.strip():
        raise WishFaulty("reason", _("Please say in a few words why."))
    at = now()
    ClientEnd.objects.create(client=row, by_id=by_staff(grant), reason=reason.strip()[:200], at=at)
    consents = AppGrant.objects.filter(client=row, ended_at=None)
    ended = consents.update(ended_at=at, ended_because="disconnected", ended_by_id=by_staff(grant))
    keys = AppToken.objects.filter(client=row, revoked_at=None, expires_at__gt=at).update(revoked_at=at)
    record(grant=grant, detail={"disconnected": str(client), "consents": ended, "keys": keys})


def _checked(wish: Wish) -> dict[str, object]:
    if not wish.name.strip():
        raise WishFaulty("name", _("Please give the program a name; people see it."))
    if not wish.what_for.strip():
        raise WishFaulty("what_for", _("Please say in one sentence what it is for; people see it."))
    if wish.kind not in KINDS:
        raise WishFaulty("kind", _("Please choose how the program works."))
    return {
        "name": wish.name.strip()[:80],
        "what_for": wish.what_for.strip()[:300],
        "kind": wish.kind,
        "redirect_uris": _addresses(wish),
        "launch_url": _launch(wish),
        "scopes": _scopes(wish),
        "per_minute": _rate(wish),
        **_keys(wish),
    }


def _addresses(wish: Wish) -> list[str]:
    found = list(dict.fromkeys(wish.redirect_uris.split()))
    if wish.kind == BACKEND:
        return []
    if not found or len(found) > MOST_ADDRESSES or not all(map(_is_an_address, found)):
        raise WishFaulty(
            "redirect_uris",
            _("Please give the addresses the app is answered at, with https, exactly as the app sends them."),
        )
    return found


def _launch(wish: Wish) -> str:
    address = wish.launch_url.strip()
    if address and (not _is_an_address(address) or not address.startswith("http")):
        raise WishFaulty("launch_url", _("Please give an address that begins with https, or leave it empty."))
    return address


def _is_an_address(address: str) -> bool:
    """TLS, this very machine, or the app's own scheme; nothing that a browser would run."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and not set("\"<>\\^`{|}; ,'") & set(address)
    if not plain or parts.fragment or "#" in address or parts.username or len(address) > LONGEST:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in HERE)
    return bool(PRIVATE_SCHEME.fullmatch(parts.scheme))


def _scopes(wish: Wish) -> str:
    faulty = WishFaulty("scopes", _("Please check the scopes, for example “patient/Observation.rs”."))
    try:
        read = scopes.read(" ".join(wish.scopes.split()))
    except scopes.ScopeUnknown as unknown:
        raise faulty from unknown
    kept = read.only(*LEVELS[wish.kind == BACKEND])
    if kept.is_empty or kept != read:
        raise faulty
    return str(kept)


def _rate(wish: Wish) -> int:
    text = wish.per_minute.strip() or str(RATE_PER_MINUTE)
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise WishFaulty("per_minute", _("Please give a number between 1 and 100000."))
    return int(text)


def _keys(wish: Wish) -> dict[str, object]:
    if wish.kind == "public":
        return {"keys": None, "keys_url": ""}
    address, text = wish.keys_url.strip(), wish.keys.strip()
    if bool(address) == bool(text) or (address and not (is_allowed(address) and len(address) <= LONGEST)):
        raise WishFaulty(
            "keys_url", _("Please give either the address of the keys, with https, or the keys themselves.")
        )
    return {"keys": _read(text) if text else None, "keys_url": address}


def _read(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    keys = found.get("keys") if isinstance(found, dict) else None
    faults = faults_of(keys) if isinstance(keys, list) else ["no-keys"]
    if faults:
        raise WishFaulty("keys", _faults_in_words(faults))
    return {"keys": keys}


def _faults_in_words(faults: Iterable[str]) -> object:
    words = {
        "private-key": _("There is a private key among them. Only public keys belong here; make a new pair."),
        "no-kid": _("Each key needs a name (“kid”)."),
        "no-usable-key": _("There is no key for ES384 (P-384) or RS384 (RSA of at least 2048 bits)."),
    }
    return words.get(next(iter(faults)), _("These are no public keys as a JWK set."))

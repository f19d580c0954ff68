"""A key to the other side: asked for with our signed word, kept in memory until it runs out."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from teleward.kernel.clock import now
from teleward.kernel.outward import Question, is_allowed
from teleward.records.connections.kind import Link, Refused, Unreachable

from .keys import signed_word
from .limits import DESCRIPTION_KEPT, MOST_DESCRIPTION, PATIENCE, TOKEN_AT_MOST, TOKEN_MARGIN
from .wire import asked, must_be_good, object_in

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")  # RFC 6749 A.12, without spaces: it stands in a header


@dataclass(frozen=True)
class _Kept:
    value: str
    at: datetime
    until: datetime


_tokens: dict[tuple[UUID, str, str], _Kept] = {}
_places: dict[str, _Kept] = {}


def token_for(link: Link) -> str:
    """A key that is good now. Raises Refused or Unreachable."""
    kept, at = _tokens.get(_name(link)), now()
    if kept is None or not kept.at <= at < kept.until:
        kept = _tokens[_name(link)] = _asked(link)
    return kept.value


def forget(link: Link) -> None:
    """It was not taken any more."""
    _tokens.pop(_name(link), None)


def token_address(link: Link) -> str:
    """Where keys are given (`.well-known/smart-configuration`). Raises Refused or Unreachable."""
    kept, at = _places.get(link.address), now()
    if kept is None or not kept.at <= at < kept.until:
        address = f"{link.address}/.well-known/smart-configuration"
        answer = asked(Question(address=address, patience=PATIENCE, most=MOST_DESCRIPTION, near=True))
        must_be_good(answer)
        found = object_in(answer).get("token_endpoint")
        if not isinstance(found, str) or not is_allowed(found):
            raise Unreachable("no-smart-there")
        kept = _places[link.address] = _Kept(found, at, at + DESCRIPTION_KEPT)
    return kept.value


def _asked(link: Link) -> _Kept:
    place, client = token_address(link), str(link.settings.get("client_id", ""))
    if not client:
        raise Unreachable("no-client-id")
    form = {
        "grant_type": "client_credentials",
        "scope": str(link.settings.get("scopes", "")),
        "client_assertion_type": ASSERTION,
        "client_assertion": signed_word(link.secret, client=client, audience=place),
    }
    question = Question(
        method="POST",
        address=place,
        headers={"Content-Type": FORM},
        body=urlencode(form).encode(),
        patience=PATIENCE,
        most=MOST_DESCRIPTION,
        near=urlsplit(place).hostname == urlsplit(link.address).hostname,  # else they name our neighbours
    )
    answer = asked(question)
    try:
        must_be_good(answer)
    except Refused as refused:  # a registration can be put right there, and then all goes out by itself
        raise Unreachable("not-let-in", status=refused.status) from refused
    return _kept(object_in(answer))


def _kept(said: dict[str, Any]) -> _Kept:
    token, lasts, at = said.get("access_token"), said.get("expires_in"), now()
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise Unreachable("not-let-in")
    seconds = lasts if isinstance(lasts, int) and not isinstance(lasts, bool) and lasts > 0 else 60
    until = at + min(timedelta(seconds=min(seconds, 86_400)), TOKEN_AT_MOST) - TOKEN_MARGIN
    return _Kept(token, at, until)


def _name(link: Link) -> tuple[UUID, str, str]:
    return (link.id, link.address, str(link.settings.get("client_id", "")))

"""A client's public keys, fetched from where it publishes them (kernel.outward says where that may be)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from teleward.kernel.clock import now
from teleward.kernel.outward import HERE, Answer, Closed, Question, Silent, TooMuch, ask, is_allowed

from .limits import KEYS_ASKED_AGAIN, KEYS_BYTES, KEYS_KEPT, KEYS_PATIENCE
from .problems import InvalidClient

__all__ = ["HERE", "is_allowed", "keys_at"]
AGE = re.compile(r"(?:^|,)\s*max-age=(\d{1,9})\s*(?:,|$)")
REMEMBERED = 500


@dataclass(frozen=True)
class _Kept:
    keys: list[dict[str, Any]]
    at: datetime
    until: datetime


_kept: dict[str, _Kept] = {}


def keys_at(address: str, *, name: str) -> list[dict[str, Any]]:
    """The keys published there, `name` among them if possible. Raises InvalidClient."""
    kept, at = _kept.get(address), now()
    if kept is not None and kept.at <= at < kept.until:
        knows = any(key.get("kid") == name for key in kept.keys)
        if knows or at - kept.at <= KEYS_ASKED_AGAIN:
            return kept.keys
    keys, lasts = _fetched(address)
    if len(_kept) >= REMEMBERED:
        _kept.clear()
    _kept[address] = _Kept(keys=keys, at=at, until=at + lasts)
    return keys


def _fetched(address: str) -> tuple[list[dict[str, Any]], timedelta]:
    answer = _asked(address)
    if answer.status != 200:  # a redirect could lead anywhere
        raise InvalidClient("keys-silent")
    return _keys_in(answer.body), _age(answer.headers.get("cache-control", ""))


def _asked(address: str) -> Answer:
    try:
        return ask(Question(address=address, patience=KEYS_PATIENCE, most=KEYS_BYTES))
    except Closed as closed:
        raise InvalidClient("keys-address") from closed
    except Silent as silent:
        raise InvalidClient("keys-silent") from silent
    except TooMuch as too_much:
        raise InvalidClient("keys-too-much") from too_much


def _keys_in(text: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as unreadable:
        raise InvalidClient("keys-unreadable") from unreadable
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise InvalidClient("keys-unreadable")
    return keys


def _age(said: str) -> timedelta:
    """How long the answer may be kept: no longer than it says, and never long."""
    found = AGE.search(said)
    if found is None or "no-store" in said or "no-cache" in said:
        return timedelta()
    return min(timedelta(seconds=int(found[1])), KEYS_KEPT)

"""A client's signed word: known answers of HL7, and each fault that turns it away."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from teleward.access.smart.assertions import Proof, faults_of, proof_in, unread
from teleward.access.smart.problems import InvalidClient

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/smart_assertions.json").read_text())
EXPIRES = datetime.fromtimestamp(VECTORS["expires_at"], UTC)
AT = EXPIRES - timedelta(minutes=4)
OURS = frozenset({"https://here.example/oauth/token/"})
KEY = ECKey.generate_key("P-384", parameters={"kid": "one"})


def check(token: str, keys: list[dict[str, Any]], audiences: frozenset[str] = OURS) -> Proof:
    return proof_in(unread(token), keys=lambda _name: keys, audiences=audiences, at=AT)


def word(key: Key = KEY, head: dict[str, Any] | None = None, **claims: Any) -> str:
    usual = {"iss": "us", "sub": "us", "aud": next(iter(OURS)), "exp": int(EXPIRES.timestamp()), "jti": "1"}
    said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    chosen = {"alg": "ES384", "kid": "one", **(head or {})}
    return jwt.encode({k: v for k, v in chosen.items() if v}, said, key, algorithms=[chosen["alg"]])


def published(key: Key = KEY, **changes: Any) -> list[dict[str, Any]]:
    return [{**key.as_dict(private=False), "kid": "one", **changes}]


@pytest.mark.parametrize("algorithm", VECTORS["words"])
def test_the_worked_examples_of_the_standard_hold(algorithm: str) -> None:
    proof = check(VECTORS["words"][algorithm], VECTORS["keys"], frozenset({VECTORS["audience"]}))
    assert proof == Proof(jti=VECTORS["jti"], expires_at=EXPIRES)
    assert unread(VECTORS["words"][algorithm]).client == VECTORS["issuer"]


@pytest.mark.parametrize("algorithm", VECTORS["words"])
def test_and_not_for_somebody_else_or_with_one_letter_changed(algorithm: str) -> None:
    token = VECTORS["words"][algorithm]
    with pytest.raises(InvalidClient) as refused:
        check(token, VECTORS["keys"])
    assert refused.value.reason == "audience"
    changed = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
    with pytest.raises(InvalidClient) as refused:
        check(changed, VECTORS["keys"], frozenset({VECTORS["audience"]}))
    assert refused.value.reason == "signature"


def minutes(number: float) -> int:
    return int((AT + timedelta(minutes=number)).timestamp())


FAULTS: dict[str, Callable[[], tuple[str, list[dict[str, Any]]]]] = {
    "unreadable": lambda: ("no.token", published()),
    "issuer-and-subject": lambda: (word(sub="them"), published()),
    "algorithm": lambda: (word(OctKey.generate_key(256), {"alg": "HS256"}), published()),
    "no-kid": lambda: (word(head={"kid": ""}), published()),
    "unknown-key": lambda: (word(), published(kid="two")),
    "signature": lambda: (word(), published(ECKey.generate_key("P-384"))),
    "audience": lambda: (word(aud=["https://elsewhere.example"]), published()),
    "time": lambda: (word(exp=minutes(6)), published()),
    "jti": lambda: (word(jti=None), published()),
}
MORE: dict[str, tuple[str, Callable[[], tuple[str, list[dict[str, Any]]]]]] = {
    "it is over": ("time", lambda: (word(exp=minutes(-1)), published())),
    "it has no end": ("time", lambda: (word(exp=None), published())),
    "its end is a text": ("time", lambda: (word(exp="soon"), published())),
    "its audience is missing": ("audience", lambda: (word(aud=None), published())),
    "its number is a novel": ("jti", lambda: (word(jti="x" * 300), published())),
    "its issuer is missing": ("issuer-and-subject", lambda: (word(iss=None), published())),
    "an algorithm of another kind": (
        "algorithm",
        lambda: (word(RSAKey.generate_key(2048), {"alg": "RS256"}), published()),
    ),
    "the key is for another use": ("unknown-key", lambda: (word(), published(use="enc"))),
    "the key is of another curve": (
        "unknown-key",
        lambda: (word(), published(ECKey.generate_key("P-256"))),
    ),
    "the key is too short": (
        "unknown-key",
        lambda: (
            word(RSAKey.generate_key(2048), {"alg": "RS384"}),
            [{**RSAKey.generate_key(2048).as_dict(private=False), "kid": "one", "n": "w" * 171}],
        ),
    ),
    "two keys have one name": ("unknown-key", lambda: (word(), published() * 2)),
}


DEEP = base64.urlsafe_b64encode(b"[" * 4_000).decode().rstrip("=")
UNTOLD = {"alg": "ES384", "kid": "one"}
MORE |= {  # made to break the server
    "its head is a thousand lists deep": ("unreadable", lambda: (f"{DEEP}.e30.AA", published())),
    "its body is a thousand lists deep": ("unreadable", lambda: (f"e30.{DEEP}.AA", published())),
    "its algorithm is a list": ("algorithm", lambda: (said({**UNTOLD, "alg": ["ES384"]}), published())),
    "its audience is an object": ("audience", lambda: (word(aud=[{}]), published())),
    "the key is for a number": ("unknown-key", lambda: (word(), published(key_ops=5))),
}


def said(head: dict[str, Any]) -> str:
    """A word with this head that nobody signed."""
    parts = (json.dumps(each).encode() for each in (head, {"iss": "us", "sub": "us"}))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "AA"])


@pytest.mark.parametrize("reason", FAULTS)
def test_each_fault_turns_it_away_with_a_word_of_its_own(reason: str) -> None:
    with pytest.raises(InvalidClient) as refused:
        check(*FAULTS[reason]())
    assert refused.value.reason == reason


@pytest.mark.parametrize("what", MORE)
def test_and_so_it_is_where(what: str) -> None:
    reason, make = MORE[what]
    with pytest.raises(InvalidClient) as refused:
        check(*make())
    assert refused.value.reason == reason


def test_a_word_that_says_it_is_not_signed_is_refused() -> None:
    head, body, _signature = word().split(".")
    bare = "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0"  # {"alg":"none","kid":"one"}
    assert head != bare
    with pytest.raises(InvalidClient) as refused:
        check(f"{bare}.{body}.", published())
    assert refused.value.reason == "algorithm"


def test_keys_that_are_handed_over_are_public_named_and_of_use() -> None:
    assert faults_of(published()) == []
    assert faults_of(VECTORS["keys"]) == []
    assert faults_of([{**KEY.as_dict(private=True), "kid": "one"}]) == ["private-key"]
    assert faults_of([KEY.as_dict(private=False) | {"kid": ""}]) == ["no-kid"]
    assert faults_of([]) == ["no-keys"]
    assert faults_of(published(ECKey.generate_key("P-256"))) == ["no-usable-key"]

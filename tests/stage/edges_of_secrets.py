"""Where passwords, codes and answers of providers stop being good, found by trying both sides of each edge.

Each function says whether the code's edge lies exactly at the value it is given.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import log2
from random import Random
from string import ascii_letters, digits, punctuation
from typing import Any
from unittest.mock import patch

import pyotp
from fakes.provider import FakeProvider

from teleward.access.passwords import hashed
from teleward.access.signin import codes, provider_wire, weakness
from teleward.access.signin.backoff import is_disabled, wait_after
from teleward.access.signin.identity_token import identity_in
from teleward.access.signin.limits import PROVIDER
from teleward.access.signin.provider_wire import ProviderFailed
from teleward.access.signin.providers import Provider
from teleward.access.signin.weakness import About, Weakness, weakness_of
from teleward.kernel.clock import now

NOBODY = About(words=[])
SECOND = timedelta(seconds=1)
CHANCE = Random(4711)  # noqa: S311 - a text that no pattern fits, the same in each run
UNGUESSABLE = "".join(CHANCE.choice(ascii_letters + digits + punctuation) for _ in range(2000))
SECRET = b"12345678901234567890"


def _is(fault: Weakness, length: int, *, alone: bool = False) -> bool:
    return weakness_of(UNGUESSABLE[:length], about=NOBODY, alone=alone) is fault


def shortest_alone(value: int) -> bool:
    return _is(Weakness.SHORT, value - 1, alone=True) and not _is(Weakness.SHORT, value, alone=True)


def shortest_with_second_factor(value: int) -> bool:
    return _is(Weakness.SHORT, value - 1) and not _is(Weakness.SHORT, value)


def longest(value: int) -> bool:
    return not _is(Weakness.LONG, value) and _is(Weakness.LONG, value + 1)


def _guessed_in(power: float, *, alone: bool) -> Weakness | None:
    with patch.object(weakness, "_guesses", lambda _text, _known: power):
        return weakness_of(UNGUESSABLE[:20], about=NOBODY, alone=alone)


def guesses_alone(value: float) -> bool:
    return _guessed_in(value - 0.01, alone=True) is not None and _guessed_in(value, alone=True) is None


def guesses_with_second_factor(value: float) -> bool:
    return _guessed_in(value - 0.01, alone=False) is not None and _guessed_in(value, alone=False) is None


def name_part(value: int) -> bool:
    return not About(words=["Xylophon"[: value - 1]]).parts() and bool(
        About(words=["Xylophon"[:value]]).parts()
    )


def _cost(letter: str) -> int:
    spent = dict(part.split("=") for part in hashed("a password").split("$")[3].split(","))
    return int(spent[letter])


def rounds(value: int) -> bool:
    return _cost("t") == value


def memory_kibibytes(value: int) -> bool:
    return _cost("m") == value


def lanes(value: int) -> bool:
    return _cost("p") == value


def free_failures(value: int) -> bool:
    return wait_after(value - 1) == timedelta(0) < wait_after(value)


def first_wait(value: int) -> bool:
    return next(wait for wait in map(wait_after, range(1000)) if wait).total_seconds() == value


def longest_wait(value: int) -> bool:
    return max(map(wait_after, range(1000))).total_seconds() == value


def disabled_after(value: int) -> bool:
    return is_disabled(value) and not is_disabled(value - 1)


def _counts(code: str) -> bool:
    return codes.step_of(secret=SECRET, code=code, at=now(), after=0) is not None


def _shown(*, digits: int = 6, interval: int = 30, away: int = 0) -> str:
    """What an app shows now, or some steps away."""
    secret = codes.secret_text(SECRET).replace(" ", "")
    return pyotp.TOTP(secret, digits=digits).generate_otp(int(now().timestamp()) // interval + away)


def digits_of_a_code(value: int) -> bool:
    return _counts(_shown(digits=value)) and not _counts(_shown(digits=value)[:-1])


def step(value: int) -> bool:
    return all(_counts(_shown(interval=value, away=away)) for away in (-1, 0, 1))


def drift(value: int) -> bool:
    near = all(_counts(_shown(away=away)) for away in (-value, value))
    return near and not any(_counts(_shown(away=away)) for away in (-value - 1, value + 1))


def recovery_bits(value: int) -> bool:
    code = codes.canonical_recovery_code(codes.new_recovery_code())
    return len(code) * log2(32) == value


OURS = Provider(slug="k", name="K", issuer="https://k.example", client_id="teleward", client_secret="s")


@contextmanager
def _answers() -> Iterator[list[str]]:
    """Which addresses are asked, while everybody answers."""
    asked: list[str] = []
    fake = FakeProvider()

    def ask(address: str, **_more: object) -> dict[str, Any]:
        asked.append(address)
        said = {"issuer": OURS.issuer, "authorization_endpoint": f"{OURS.issuer}/a"}
        more = {"token_endpoint": f"{OURS.issuer}/t", "jwks_uri": f"{OURS.issuer}/k"}
        return fake.keys() if address.endswith("/k") else said | more

    provider_wire._keys.clear()
    provider_wire._descriptions.clear()
    with patch.object(provider_wire, "_ask", ask):
        yield asked


def _asks_again(key: str, value: timedelta, travel: Any) -> bool:
    with _answers() as asked:
        provider_wire.keys_of(OURS, "first")
        travel.shift(value)
        provider_wire.keys_of(OURS, key)
        before = asked.count(f"{OURS.issuer}/k")
        travel.shift(SECOND)
        provider_wire.keys_of(OURS, key)
        return (before, asked.count(f"{OURS.issuer}/k")) == (1, 2)


def keys_kept(value: timedelta, travel: Any) -> bool:
    return _asks_again("first", value, travel)


def keys_asked_again(value: timedelta, travel: Any) -> bool:
    return _asks_again("made-up", value, travel)


def patience(value: timedelta) -> bool:
    waited: list[float] = []

    def opened(_request: object, timeout: float) -> None:
        waited.append(timeout)
        raise TimeoutError

    with patch.object(provider_wire._opener, "open", opened):
        provider_wire._descriptions.clear()
        try:
            provider_wire.describe(OURS)
        except ProviderFailed as silent:
            return silent.reason == "silent" and waited == [value.total_seconds()]
    return False


def _holds(*, made: timedelta = timedelta(0), ends: timedelta = timedelta(minutes=5)) -> bool:
    fake, at = FakeProvider(), now()
    times = {"iat": int((at + made).timestamp()), "exp": int((at + ends).timestamp())}
    fake.claims = times | {"iss": OURS.issuer}
    with patch("teleward.access.signin.identity_token.keys_of", lambda _provider, _key: fake.keys()):
        try:
            identity_in(fake.identity({"nonce": "n"}), provider=OURS, nonce="n")
        except ProviderFailed:
            return False
        return True


def clock_drift(value: timedelta) -> bool:
    ending = _holds(ends=-value + SECOND) and not _holds(ends=-value)
    return ending and _holds(made=value) and not _holds(made=value + SECOND)


def token_age(value: timedelta) -> bool:
    most = value + PROVIDER.clock_drift
    return _holds(made=-most) and not _holds(made=-most - SECOND)

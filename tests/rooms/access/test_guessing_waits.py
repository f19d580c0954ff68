"""Who guesses tokens or signs in a program's name waits, by network; who proves themselves there goes on."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fakes.apps import KEY, TOKEN, public
from joserfc import jwt
from joserfc.jwk import ECKey
from stage.programs import connects, holds
from stage.visits import Stage

from teleward.access.grants import Circumstances
from teleward.access.models import AppToken, Client
from teleward.access.operations.client_proofs import Asking, proven
from teleward.access.operations.tokens import token_for_program
from teleward.access.queries import tokens
from teleward.access.queries.tokens import TokenInvalid, TooFast, asker
from teleward.access.smart import refusals
from teleward.access.smart.assertions import TYPE
from teleward.access.smart.problems import InvalidClient, NetworkWaits
from teleward.access.smart.refusals import Refusals
from teleward.kernel.clock import now

HERE, THERE = "198.51.100.70", "203.0.113.90"
OTHER = ECKey.generate_key("P-384", parameters={"kid": "one"})


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """All within one moment, however slow the machine is; nothing is left for other tests."""
    at = [now()]
    monkeypatch.setattr(refusals, "now", lambda: at[0])
    monkeypatch.setattr(tokens, "_refusals", Refusals(per_minute=60))
    proofs = "teleward.access.operations.client_proofs"
    monkeypatch.setattr(f"{proofs}._strangers", Refusals(per_minute=60))
    monkeypatch.setattr(f"{proofs}._words", Refusals(per_minute=60))
    return at


@pytest.fixture
def system(stage: Stage) -> Client:
    return connects(
        stage.practice, kind="backend", redirect_uris=[], scopes="system/*.rs", keys=public(), per_minute=6000
    )


def asking(client: Client | None = None, key: ECKey = KEY, address: str = HERE) -> Asking:
    name = str(client.id if client else uuid4())
    claims = {"iss": name, "sub": name, "aud": TOKEN, "exp": int(time.time()) + 240, "jti": str(uuid4())}
    word = jwt.encode({"alg": "ES384", "kid": "one"}, claims, key, algorithms=["ES384"])
    form = {
        "grant_type": "client_credentials",
        "scope": "system/*.rs",
        "client_assertion_type": TYPE,
        "client_assertion": word,
    }
    return Asking(
        form=form,
        circumstances=Circumstances(request_id="", client_address=address, via="api"),
        audiences=frozenset({TOKEN}),
    )


def until_waiting(guess: Callable[[], Any], refused: type[Exception], waits: type[Exception]) -> None:
    for _time in range(30):
        try:
            guess()
        except waits:
            return
        except refused:
            continue
    pytest.fail("nobody was told to wait")


def guess_token(address: str = HERE) -> None:
    asker(token=str(uuid4()), address=address)


def test_who_guesses_tokens_waits_and_nothing_is_looked_up_for_them(
    system: Client, monkeypatch: pytest.MonkeyPatch, clock: list[datetime]
) -> None:
    right = holds(system)
    assert asker(token=right, address=HERE).id == system.id
    until_waiting(guess_token, TokenInvalid, TooFast)
    with monkeypatch.context() as blind:
        blind.delattr(tokens, "rows")
        with pytest.raises(TooFast):
            guess_token()
    assert asker(token=right, address=HERE).id == system.id
    assert asker(token=holds(system), address=THERE).id == system.id
    clock[0] += timedelta(minutes=1)
    with pytest.raises(TokenInvalid):
        guess_token()


def test_a_token_that_was_just_made_waits_for_no_neighbour_who_guesses(system: Client) -> None:
    until_waiting(guess_token, TokenInvalid, TooFast)
    made = token_for_program(asking=asking(system))["access_token"]
    assert asker(token=str(made), address=HERE).id == system.id


def test_a_token_that_ended_is_known_no_more(system: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    right = holds(system)
    assert asker(token=right, address=HERE).id == system.id
    AppToken.objects.filter(client=system).update(expires_at=now())
    until_waiting(guess_token, TokenInvalid, TooFast)
    with pytest.raises(TooFast):
        asker(token=right, address=HERE)  # looked up, and refused
    monkeypatch.delattr(tokens, "rows")
    with pytest.raises(TooFast):
        asker(token=right, address=HERE)


def test_who_names_programs_at_random_waits_and_a_program_behind_the_same_address_comes_in(
    system: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    monkeypatch.setattr("teleward.access.operations.tokens.note", lambda **said: written.append(said))
    until_waiting(lambda: token_for_program(asking=asking()), InvalidClient, NetworkWaits)
    refused = len(written)
    with pytest.raises(NetworkWaits):
        token_for_program(asking=asking())
    assert len(written) == refused > 0
    assert proven(asking(system)) == system


def test_who_signs_in_a_programs_name_waits_and_the_program_goes_on(system: Client) -> None:
    assert proven(asking(system)) == system
    until_waiting(lambda: proven(asking(system, OTHER)), InvalidClient, NetworkWaits)
    assert proven(asking(system)) == system
    until_waiting(lambda: proven(asking(system, OTHER, THERE)), InvalidClient, NetworkWaits)
    with pytest.raises(NetworkWaits):
        proven(asking(system, KEY, THERE))  # never proven there: nothing of the word is looked at
    other = connects(system.organisation, kind="backend", redirect_uris=[], keys=public())
    assert proven(asking(other, KEY, THERE)) == other

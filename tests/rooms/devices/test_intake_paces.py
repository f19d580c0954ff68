"""Who is refused too often waits, by network; gateways that proved who they are go on beside them."""

from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey
from stage.home import Gateway, Home, paired, public

from teleward.access.smart import refusals
from teleward.devices.live import app
from teleward.kernel.clock import now

HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All within one moment, however slow the machine is."""
    moment = now()
    monkeypatch.setattr(refusals, "now", lambda: moment)


def sent(gateway: Gateway, address: str, key: ECKey | None = None) -> httpx.Response:
    word = gateway.token(key) if gateway.pairing else "no.such.word"
    headers = {"authorization": f"Bearer {word}", "from": address}
    return gateway.server.post("/devices/readings", {"readings": [gateway.reading()]}, **headers)


def until_waiting(ask: Any) -> httpx.Response:
    """The first answer that says to wait; there is one well before half a minute's allowance is used."""
    for _time in range(app.WRONG_PER_MINUTE // 2):
        answer: httpx.Response = ask()
        if answer.status_code == 429:
            return answer
    pytest.fail("nobody was told to wait")


def test_who_only_guesses_words_waits_and_a_gateway_behind_the_same_address_goes_on(home: Home) -> None:
    good, stranger = paired(home.server, home.stage), Gateway(home.server)
    assert sent(good, HERE).status_code == 200
    answer = until_waiting(lambda: sent(stranger, HERE))
    assert (answer.json()["code"], answer.headers["retry-after"]) == ("devices:too-often", "1")
    assert sent(good, HERE).status_code == 200
    assert sent(stranger, THERE).status_code == 401


def test_who_signs_for_a_gateway_that_is_known_makes_it_wait_only_where_they_are(home: Home) -> None:
    good, wrong = paired(home.server, home.stage), ECKey.generate_key("P-256", private=True)
    here, there = "198.51.100.8", "203.0.113.10"
    assert sent(good, there).status_code == 200
    until_waiting(lambda: sent(good, here, wrong))
    assert sent(good, there).status_code == 200


def test_who_guesses_codes_waits_before_any_is_looked_up(home: Home) -> None:
    key = public(ECKey.generate_key("P-256", private=True))

    def guess() -> httpx.Response:
        return home.server.post("/devices/pair", {"code": "AAAAABBBBB", "public_key": key}, **{"from": HERE})

    assert guess().json()["code"] == "devices:code-unknown"
    assert int(until_waiting(guess).headers["retry-after"]) >= 1


def test_many_gateways_behind_one_address_send_as_they_like(home: Home) -> None:
    many = [paired(home.server, home.stage) for _one in range(12)]
    assert {sent(each, "192.0.2.55").status_code for each in many for _time in range(2)} == {200}

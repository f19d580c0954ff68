"""A system that works by itself: SMART Backend Services, with authlib as the system."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from authlib.integrations.base_client.errors import OAuthError
from django.conf import LazySettings
from django.test import Client as Browser
from fakes.apps import KEY, TOKEN, SoonOver, app, public
from fakes.members import listening
from joserfc.jwk import ECKey, RSAKey
from stage.programs import connects
from stage.visits import Stage

from teleward.access.models import AppToken, Client, ClientEnd, SeenAssertion
from teleward.access.operations.forgetting import forget_what_is_over
from teleward.access.queries.tokens import TokenInvalid, asker
from teleward.access.smart import key_sets
from teleward.kernel.clock import now
from teleward.kernel.ids import token_hash

FORM = "application/x-www-form-urlencoded"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def system(stage: Stage) -> Client:
    return connects(
        stage.practice,
        kind="backend",
        redirect_uris=[],
        scopes="system/*.rs system/Observation.c",
        keys=public(),
    )


def gets(client: Client, scope: str = "system/Observation.rs", **how: Any) -> dict[str, Any]:
    session = app(client.id, **{"key": KEY, **how})
    return dict(session.fetch_token(TOKEN, grant_type="client_credentials", scope=scope))


def refused(client: Client, **how: Any) -> str:
    with pytest.raises(OAuthError) as problem:
        gets(client, **how)
    return f"{problem.value.error} {problem.value.description}"


def posts(**form: str) -> Any:
    return Browser().post("/oauth/token/", urlencode({"x": "", **form}), content_type=FORM)


def error(answer: Any) -> tuple[int, str, str]:
    said = json.loads(answer.content)
    return answer.status_code, said["error"], said["error_description"]


def test_a_system_gets_a_key_for_five_minutes_and_we_keep_only_its_hash(system: Client) -> None:
    answer = gets(system)
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == (
        "Bearer",
        300,
        "system/Observation.rs",
    )
    row = AppToken.objects.get()
    assert bytes(row.token_hash) == token_hash(answer["access_token"])
    assert answer["access_token"] not in str(vars(row))
    assert "refresh_token" not in answer
    assert asker(token=answer["access_token"]).scopes == "system/Observation.rs"


def test_it_gets_what_it_asks_for_as_far_as_it_was_registered(system: Client) -> None:
    assert gets(system, "system/Observation.cruds patient/*.rs openid")["scope"] == (
        "system/Observation.rs system/Observation.c"
    )
    assert refused(system, scope="user/*.rs") == "invalid_scope nothing-allowed"
    assert refused(system, scope="system/Observation.write!") == "invalid_scope unknown-scope"
    assert refused(system, scope="") == "invalid_request no-scope"


def test_with_a_key_of_either_kind(system: Client, stage: Stage) -> None:
    rsa = RSAKey.generate_key(2048)
    other = connects(stage.practice, kind="backend", scopes="system/*.rs", keys=public(rsa))
    assert gets(other, key=rsa, alg="RS384")["access_token"]


def test_a_word_counts_once_and_its_number_is_kept_as_long_as_it_could_be_used(
    system: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    sign = SoonOver.sign
    monkeypatch.setattr(SoonOver, "sign", lambda self, auth, to: sent.append(sign(self, auth, to)) or sent[0])
    assert gets(system)
    assert refused(system) == "invalid_client jti-used"
    forget_what_is_over()
    assert SeenAssertion.objects.count() == 1
    SeenAssertion.objects.update(expires_at=now() - timedelta(seconds=1))
    forget_what_is_over()
    assert not SeenAssertion.objects.exists()


def test_who_signs_with_another_key_is_turned_away(system: Client) -> None:
    assert refused(system, key=ECKey.generate_key("P-384")) == "invalid_client signature"


def test_a_system_whose_connection_was_ended_is_not_known_any_more(system: Client) -> None:
    token = gets(system)["access_token"]
    ClientEnd.objects.create(client=system, reason="Vertrag beendet")
    assert refused(system) == "invalid_client unknown"
    with pytest.raises(TokenInvalid):
        asker(token=token)


def test_an_app_of_people_is_no_system(stage: Stage) -> None:
    client = connects(stage.practice, kind="confidential", scopes="system/*.rs", keys=public())
    assert refused(client) == "unauthorized_client not-a-system"


def test_each_wrong_request_has_the_error_that_the_standard_gives_it(system: Client) -> None:
    known = {"grant_type": "client_credentials", "scope": "system/*.rs"}
    assert error(posts()) == (400, "invalid_request", "no-grant-type")
    assert error(posts(grant_type="password")) == (400, "unsupported_grant_type", "grant-type")
    assert error(posts(**known)) == (401, "invalid_client", "unknown")
    assert error(posts(**known, client_id=str(system.id))) == (401, "invalid_client", "no-proof")
    assert error(posts(**known, client_id="'); --")) == (401, "invalid_client", "unknown")
    assert error(posts(**known, client_assertion="x", client_assertion_type="y")) == (
        401,
        "invalid_client",
        "assertion-type",
    )
    assert error(posts(**known, client_assertion="x", client_assertion_type=ASSERTION)) == (
        401,
        "invalid_client",
        "unreadable",
    )


def test_a_request_is_one_form_and_nothing_of_it_stands_in_the_address(system: Client) -> None:
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    assert error(Browser().post("/oauth/token/", twice, content_type=FORM))[2] == "not-one-form"
    assert error(Browser().post("/oauth/token/", "{}", content_type="application/json"))[2] == "not-one-form"
    in_address = Browser().post("/oauth/token/?grant_type=client_credentials", "x=y", content_type=FORM)
    assert error(in_address)[2] == "no-grant-type"
    assert Browser().get("/oauth/token/").status_code == 405


def test_the_ledger_has_each_key_and_each_refusal(system: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    gets(system)
    refused(system, key=ECKey.generate_key("P-384"))
    told = [(entry.action, entry.outcome, entry.policy, entry.via) for entry in heard]
    assert told == [
        ("access:token:issue", "allow", "p-client-token", "api"),
        ("access:token:issue", "done", "p-client-token", "api"),
        ("access:token:issue", "deny", "", "api"),
    ]
    assert heard[0].actor_id == system.id
    assert heard[0].detail["scopes"] == "system/Observation.rs"
    assert heard[2].detail == {"error": "invalid_client", "because": "signature"}


def test_a_key_is_given_back_and_asked_about_by_whoever_holds_it_alone(system: Client, stage: Stage) -> None:
    token = gets(system)["access_token"]
    holder = app(system.id, key=KEY)
    other = connects(stage.practice, kind="backend", scopes="system/*.rs", keys=public())
    stranger = app(other.id, key=KEY)
    asked = f"{TOKEN.removesuffix('token/')}introspect/"
    told = holder.introspect_token(asked, token=token).json()
    assert (told["active"], told["scope"], told["client_id"]) == (
        True,
        "system/Observation.rs",
        str(system.id),
    )
    assert stranger.introspect_token(asked, token=token).json() == {"active": False}
    back = f"{TOKEN.removesuffix('token/')}revoke/"
    assert stranger.revoke_token(back, token=token).status_code == 200
    assert asker(token=token)
    assert holder.revoke_token(back, token=token).status_code == 200
    assert holder.introspect_token(asked, token=token).json() == {"active": False}
    with pytest.raises(TokenInvalid):
        asker(token=token)
    assert holder.revoke_token(back, token="made-up").status_code == 200  # RFC 7009 2.2


def test_a_flood_of_tries_is_told_to_wait(system: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teleward.access.operations.client_proofs.TOKENS_PER_MINUTE", 6)
    assert gets(system)
    assert refused(system) == "slow_down too-often"


@contextmanager
def publishing(answer: bytes, *, status: int = 200, **headers: str) -> Iterator[tuple[str, list[str]]]:
    """A place on this machine where a system publishes its keys."""
    asked: list[str] = []

    class Place(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Place)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/keys.json", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def at_its_address(system: Client, address: str) -> Client:
    system.keys, system.keys_url = None, address
    system.save()
    return system


def test_keys_are_fetched_from_where_they_are_published_and_kept_as_long_as_that_says(system: Client) -> None:
    with publishing(json.dumps(public()).encode(), Cache_Control="max-age=60") as (address, asked):
        at_its_address(system, address)
        assert gets(system)
        assert gets(system)
        assert asked == ["/keys.json"]
    with publishing(json.dumps(public()).encode()) as (address, asked):
        at_its_address(system, address)
        assert gets(system)
        assert gets(system)
        assert len(asked) == 2


@pytest.mark.parametrize(
    ("answer", "how", "reason"),
    [
        (b"{", {}, "keys-unreadable"),
        (b"[]", {}, "keys-unreadable"),
        (b"[" * 9_000, {}, "keys-unreadable"),
        (b" " * 70_000, {}, "keys-too-much"),
        (b"", {"status": 302, "Location": "http://127.0.0.1/elsewhere"}, "keys-silent"),
        (b"", {"status": 500}, "keys-silent"),
    ],
)
def test_a_place_that_answers_otherwise_proves_nothing(
    system: Client, answer: bytes, how: dict[str, Any], reason: str
) -> None:
    with publishing(answer, **how) as (address, _asked):
        assert refused(at_its_address(system, address)) == f"invalid_client {reason}"


@pytest.mark.parametrize(
    "address",
    [
        "http://keys.example/jwks.json",
        "https://user@keys.example/",
        "https://127.0.0.1/keys.json",
        "https://localhost/keys.json",
        "https://[::1]/",
        "https://10.0.0.5/keys.json",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/keys.json",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "file:///etc/passwd",
    ],
)
def test_no_name_leads_into_our_own_network(system: Client, settings: LazySettings, address: str) -> None:
    settings.ORIGIN = "https://praxis.example"
    with pytest.raises(key_sets.InvalidClient) as problem:
        key_sets.keys_at(address, name="one")
    assert problem.value.reason == "keys-address"


def test_nor_does_a_name_with_one_public_and_one_inner_address(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ORIGIN = "https://praxis.example"
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("192.168.1.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_how: found)
    with pytest.raises(key_sets.InvalidClient) as problem:
        key_sets.keys_at("https://rebinding.example/", name="one")
    assert problem.value.reason == "keys-address"

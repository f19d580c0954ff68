"""Sign-in through an organisation's own provider: what opens, what does not, what the ledger keeps."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from fakes.arrivals import arrive, begin, linked, sign_in
from fakes.members import browser_of, joins, listening, practice
from fakes.provider import FakeProvider, rsa, served

from teleward.access.grants import Action
from teleward.access.models import Deactivation, ExternalIdentity, Person, Session
from teleward.access.operations.invitations import invite
from teleward.access.operations.people import system_grant
from teleward.access.signin import provider_wire
from teleward.access.signin.limits import LINK, PROVIDER, SESSION
from teleward.kernel.clock import now

pytestmark = pytest.mark.django_db


def test_a_linked_person_signs_in_with_the_strength_the_provider_showed(provider: FakeProvider) -> None:
    member, client = linked(provider), Client()
    shown = int(now().timestamp()) - 1000
    provider.claims = {"auth_time": shown}
    assert sign_in(provider, client)["Location"] == "/account/"
    session = Session.objects.get()
    assert (session.person, session.aal, session.method) == (member.person, 2, "provider")
    assert int(session.authenticated_at.timestamp()) == shown, "the proof is as old as the provider says"
    assert client.get("/account/").status_code == 200
    assert ExternalIdentity.objects.get().used_at is not None


def test_what_is_asked_is_bound_to_this_browser_and_names_nobody(provider: FakeProvider) -> None:
    client = Client()
    address = begin(client)
    question = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert question["scope"] == "openid"
    assert question["redirect_uri"] == "http://localhost:8000/sign-in/with/klinikum/back/"
    assert len(question["state"]) >= 43
    assert len(question["nonce"]) >= 43
    cookie = client.cookies["__Host-provider"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie.value not in address
    assert arrive(Client(), provider.authorise(address)).status_code == 403, "another browser"


def test_a_code_and_a_state_work_once_and_not_for_long(provider: FakeProvider) -> None:
    linked(provider)
    client = Client()
    address = provider.authorise(begin(client))
    kept = client.cookies["__Host-provider"].value
    assert arrive(client, address).status_code == 302
    client.cookies["__Host-provider"] = kept
    assert arrive(client, address).status_code == 403
    slow = Client()
    address = provider.authorise(begin(slow))
    with time_machine.travel(now() + LINK.challenge, tick=False):
        assert arrive(slow, address).status_code == 403
    assert Session.objects.count() == 1


def test_a_stolen_code_put_into_another_sign_in_is_refused(provider: FakeProvider) -> None:
    linked(provider)
    victim, thief = Client(), Client()
    stolen = parse_qs(urlsplit(provider.authorise(begin(victim))).query)["code"][0]
    own = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    answer = {"code": stolen, "state": own, "iss": provider.issuer}
    assert thief.get(f"/sign-in/with/klinikum/back/?{urlencode(answer)}").status_code == 403
    assert not Session.objects.exists()


def test_an_answer_of_one_provider_is_none_of_another(
    provider: FakeProvider, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(FakeProvider()) as evil:
        text = f"[klinikum]\n{provider.settings()}\n[verbund]\n{evil.settings('Verbund')}"
        Path(settings.PROVIDERS).with_name("both.toml").write_text(text)
        settings.PROVIDERS = Path(settings.PROVIDERS).with_name("both.toml")
        linked(provider)
        heard = listening(monkeypatch)
        client = Client()
        answer = parse_qs(urlsplit(provider.authorise(begin(client))).query)
        code, state = answer["code"][0], answer["state"][0]
        for path, iss in (("klinikum", evil.issuer), ("verbund", evil.issuer), ("klinikum", "")):
            begin(client)
            mixed = {"code": code, "state": state} | ({"iss": iss} if iss else {})
            assert client.get(f"/sign-in/with/{path}/back/?{urlencode(mixed)}").status_code == 403
        assert {e.detail["because"] for e in heard} == {"state"}
        address = provider.authorise(begin(client)).replace(
            urlencode({"iss": provider.issuer}), urlencode({"iss": evil.issuer})
        )
        assert arrive(client, address).status_code == 403
        assert heard[-1].detail["because"] == "mix-up"
        assert evil.asked == []
    assert not Session.objects.exists()


def test_keys_may_change_at_any_time_but_only_those_the_provider_publishes(provider: FakeProvider) -> None:
    linked(provider)
    with time_machine.travel(now(), tick=False) as clock:
        assert sign_in(provider).status_code == 302
        provider.swap_key("first", publish=False)
        provider.published = {"first": FakeProvider().key}
        assert sign_in(provider).status_code == 403, "the same name, another key"
        clock.shift(PROVIDER.keys_asked_again + timedelta(seconds=1))
        provider.swap_key("second", publish=True)
        assert sign_in(provider).status_code == 302, "an unknown key is looked up"
        asked = provider.asked.count("/keys")
        provider.swap_key("third", publish=False)
        for _ in range(3):
            assert sign_in(provider).status_code == 403
        assert provider.asked.count("/keys") == asked, "made-up keys do not make us ask all day"
        provider.alg, provider.key, provider.kid = "RS256", rsa(), "fourth"
        provider.published = {}
        clock.shift(PROVIDER.keys_asked_again + timedelta(seconds=1))
        assert sign_in(provider).status_code == 302


def test_nobody_is_let_in_by_the_same_address_and_nobody_who_was_not_linked(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = joins()
    heard = listening(monkeypatch)
    provider.claims = {"email": member.person.email, "email_verified": True}
    assert sign_in(provider).status_code == 403
    ExternalIdentity.objects.create(
        person=member.person, issuer="https://login.example.org", subject=provider.subject
    )
    assert sign_in(provider).status_code == 403, "the same subject of another issuer"
    assert [e.detail["because"] for e in heard] == ["not-linked", "not-linked"]
    assert not Session.objects.exists()


def test_one_links_ones_own_account_after_a_proof_of_ones_own(provider: FakeProvider) -> None:
    member, other = joins(), joins("Boris Muster")
    with time_machine.travel(now(), tick=False) as clock:
        client = browser_of(member)
        clock.shift(SESSION.fresh + timedelta(seconds=1))
        assert "/account/confirm/" in begin(client, "/account/with/klinikum/")
        client, thief = browser_of(member), browser_of(other)
        address = provider.authorise(begin(client, "/account/with/klinikum/"))
        thief.cookies["__Host-provider"] = client.cookies["__Host-provider"].value
        assert arrive(thief, address).status_code == 403, "somebody else's way there"
        assert not ExternalIdentity.objects.exists()
        assert arrive(client, provider.authorise(begin(client, "/account/with/klinikum/"))).status_code == 302
        assert ExternalIdentity.objects.get().person == member.person
        assert "Klinikum" in client.get("/account/").content.decode()
        thief = browser_of(other)
        answer = arrive(thief, provider.authorise(begin(thief, "/account/with/klinikum/")))
        assert answer.status_code == 409
        assert sign_in(provider).status_code == 302
        row = ExternalIdentity.objects.get()
        assert browser_of(other).post(f"/account/identities/{row.id}/removal/").status_code == 404
        assert client.post(f"/account/identities/{row.id}/removal/").status_code == 302
        assert sign_in(provider).status_code == 403


def test_an_invited_person_comes_in_through_the_provider_with_two_factors(provider: FakeProvider) -> None:
    grant = system_grant(action=Action.STAFF_INVITE, organisation=practice().id)
    issued = invite(
        grant=grant, name="Carla Neu", email="carla@praxis.example", roles=("nurse",), by_mail=False
    )
    path = f"{urlsplit(issued.link).path}with/klinikum/"
    provider.claims = {"amr": ["pwd"]}
    client = Client()
    assert arrive(client, provider.authorise(begin(client, path))).status_code == 403
    assert not Person.objects.exists()
    provider.claims = {}
    assert arrive(client, provider.authorise(begin(client, path)))["Location"] == "/account/recovery-codes/"
    carla = Person.objects.get()
    assert (carla.email, ExternalIdentity.objects.get().person) == ("carla@praxis.example", carla)
    assert sign_in(provider).status_code == 302
    assert client.get(path).status_code == 410, "an invitation works once"


def test_our_deactivation_beats_the_provider(provider: FakeProvider) -> None:
    member, client = linked(provider), Client()
    assert sign_in(provider, client).status_code == 302
    Deactivation.objects.create(person=member.person)
    assert client.get("/account/").status_code == 401
    assert sign_in(provider).status_code == 403


def test_when_the_provider_is_silent_the_page_says_so_and_a_passkey_still_opens(
    settings: LazySettings, tmp_path: Path
) -> None:
    provider_wire._descriptions.clear()
    with ExitStack() as stack:
        fake = stack.enter_context(served(FakeProvider()))
        settings.PROVIDERS = tmp_path / "providers.toml"
        settings.PROVIDERS.write_text(f"[klinikum]\n{fake.settings()}")
        member = linked(fake)
        client = Client()
        address = fake.authorise(begin(client))
    answer = arrive(client, address)
    assert answer.status_code == 503
    assert "passkey" in answer.content.decode()
    provider_wire._descriptions.clear()
    assert Client().get("/sign-in/with/klinikum/").status_code == 503
    assert browser_of(member).get("/account/").status_code == 200
    assert "Klinikum" in Client().get("/sign-in/").content.decode()


def test_signing_in_anew_asks_the_provider_anew_and_replaces_the_session(provider: FakeProvider) -> None:
    linked(provider)
    client = Client()
    sign_in(provider, client)
    again = begin(client, "/sign-in/with/klinikum/?again=1&next=/account/password/")
    assert {"prompt": ["login"], "max_age": ["0"]}.items() <= parse_qs(urlsplit(again).query).items()
    assert arrive(client, provider.authorise(again))["Location"] == "/account/password/"
    assert [s.ended_at is None for s in Session.objects.order_by("begun_at")] == [False, True]
    assert client.get("/sign-in/with/klinikum/leave/")["Location"] == f"{provider.issuer}/bye"
    left = client.post("/sign-out/")["Location"]
    assert "/sign-in/with/klinikum/leave/" in client.get(left).content.decode()
    assert client.get("/account/").status_code == 401
    assert client.get("/sign-in/with/klinikum/?next=https://evil.example/")["Location"].startswith(
        provider.issuer
    )


def test_without_a_file_nobody_is_offered_anything() -> None:
    assert "organisation" not in Client().get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert Client().get("/sign-in/with/klinikum/").status_code == 404

"""An emergency needs nothing but this installation: every identity provider may be silent."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from fakes.members import PASSWORD, Member, ask, joins, practice

from teleward.access.models import BrokenGlass, Patient
from teleward.access.signin import provider_wire
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SILENT = """
[clinic]
name = "Clinic sign-in"
issuer = "https://127.0.0.1:9"
client_id = "teleward"
client_secret = "invented"
"""
SAID = {"code": "emergency", "words": "Chest pain in the waiting room"}


class Asked(Exception):
    """Somebody spoke to the provider."""


@pytest.fixture(autouse=True)
def every_provider_is_silent(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PROVIDERS = tmp_path / "providers.toml"
    settings.PROVIDERS.write_text(SILENT)

    def ask_it(*_args: object, **_more: object) -> None:
        raise Asked

    monkeypatch.setattr(provider_wire._opener, "open", ask_it)


@pytest.fixture
def member() -> Member:
    return joins()


@pytest.fixture
def ifeoma() -> Patient:
    return Patient.objects.create(
        id=new_id(), organisation=practice(), given_name="Ifeoma", family_name="Okafor", born_on="1988-02-29"
    )


def by_passkey(member: Member) -> Client:
    client = Client()
    question = ask(client, "/sign-in/passkey/question/").json()
    assert ask(client, "/sign-in/passkey/", {"credential": member.key.touch(question)}).status_code == 200
    return client


def by_code(member: Member) -> Client:
    client = Client()
    client.post("/sign-in/", {"email": member.person.email, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": member.digits()})
    return client


@pytest.mark.parametrize("sign_in", [by_passkey, by_code])
def test_signing_in_and_breaking_the_glass_ask_no_provider(
    sign_in: Any, member: Member, ifeoma: Patient
) -> None:
    client = sign_in(member)
    assert client.post(f"/patients/{ifeoma.id}/emergency/", SAID).status_code == 302
    assert client.get(f"/patients/{ifeoma.id}/notes/").status_code == 200
    assert BrokenGlass.objects.get().opened_at is not None

"""An identity provider for a test, and a browser on its way there and back."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from fakes.authenticator import SoftwareKey
from fakes.members import Member, practice
from fakes.provider import FakeProvider, served

from teleward.access.models import ExternalIdentity, Person, Role
from teleward.access.signin import provider_wire


@pytest.fixture
def provider(settings: LazySettings, tmp_path: Path) -> Iterator[FakeProvider]:
    provider_wire._descriptions.clear()
    provider_wire._keys.clear()
    with served(FakeProvider()) as fake:
        settings.PROVIDERS = tmp_path / "providers.toml"
        settings.PROVIDERS.write_text(f"[klinikum]\n{fake.settings()}")
        yield fake


def linked(fake: FakeProvider) -> Member:
    person = Person.objects.create(organisation=practice(), name="Anna Beispiel", email="anna@praxis.example")
    Role.objects.create(person=person, name="physician")
    member = Member(person=person, key=SoftwareKey())
    ExternalIdentity.objects.create(person=person, issuer=fake.issuer, subject=fake.subject)
    return member


def begin(client: Client, path: str = "/sign-in/with/klinikum/?next=/account/") -> str:
    answer = client.get(path)
    assert answer.status_code == 302
    return answer["Location"]


def arrive(client: Client, address: str) -> HttpResponse:
    parts = urlsplit(address)
    answer: HttpResponse = client.get(f"{parts.path}?{parts.query}", headers={"accept-language": "en"})
    return answer


def sign_in(fake: FakeProvider, client: Client | None = None) -> HttpResponse:
    client = client or Client()
    return arrive(client, fake.authorise(begin(client)))

"""An app of people on its way: its question, what the person answers, and the key it gets for that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.integrations.base_client.errors import OAuthError
from django.test import Client as Browser
from fakes.apps import ORIGIN, TOKEN, app
from stage.programs import BACK, connects
from stage.visits import Stage

from teleward.access.models import Client, Patient, Person

AUTHORIZE = f"{ORIGIN}/oauth/authorize/"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
FHIR = f"{ORIGIN}/fhir"
SignIn = Callable[[Person], Browser]


@dataclass
class Launch:
    """One app on its way: its question, the browser of the person, and what came back."""

    client: Client
    browser: Browser
    scope: str = "launch/patient patient/*.rs openid fhirUser"
    key: Any = None
    asked: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = app(
            self.client.id, key=self.key, scope=self.scope, redirect_uri=BACK, code_challenge_method="S256"
        )
        url, _state = self.session.create_authorization_url(
            AUTHORIZE, code_verifier=VERIFIER, aud=FHIR, nonce="n-1"
        )
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

    def page(self, **more: str) -> Any:
        return self.browser.get("/oauth/authorize/", {**self.asked, **more})

    def says(self, answer: str = "yes", **more: str) -> Any:
        return self.browser.post("/oauth/authorize/", {**self.asked, "answer": answer, **more})

    def goes_back(self, **more: str) -> str:
        answer = self.says(**more)
        assert answer.status_code == 303, answer.content.decode()
        return str(answer["Location"])

    def token(self, location: str, **how: Any) -> dict[str, Any]:
        how = {"code_verifier": VERIFIER, **how}
        return dict(self.session.fetch_token(TOKEN, authorization_response=location, **how))

    def refused(self, location: str, **how: Any) -> str:
        with pytest.raises(OAuthError) as problem:
            self.token(location, **how)
        return f"{problem.value.error} {problem.value.description}"


def said(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture
def own(stage: Stage) -> Person:
    """The patient's account."""
    made = Person.objects.create(organisation=stage.practice, name="Ayşe Demir", email="ich@example.org")
    Patient.objects.filter(id=stage.patient.id).update(person=made)
    return made


@pytest.fixture
def hers(stage: Stage, own: Person, signed_in: SignIn) -> Launch:
    return Launch(connects(stage.practice), signed_in(own))


@pytest.fixture
def theirs(stage: Stage, signed_in: SignIn) -> Launch:
    """A doctor's, with a visit now."""
    stage.visit_now()
    return Launch(connects(stage.practice), signed_in(stage.doctor))

"""One fault at a time in what a provider says: nothing opens, and the ledger has the reason."""

import pytest
from django.test import Client
from fakes.arrivals import arrive, begin, linked, sign_in
from fakes.members import listening
from fakes.provider import FakeProvider

from teleward.access.models import Session
from teleward.access.signin import provider_wire

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("claims", "aal", "method"),
    [
        ({"amr": ["pwd", "otp"]}, 2, "provider"),
        ({"amr": ["mfa"]}, 2, "provider"),
        ({"amr": ["pin", "hwk"]}, 2, "provider"),
        ({"amr": None, "acr": "silver"}, 2, "provider"),
        ({"amr": ["pwd"], "acr": "phr"}, 2, "provider-key"),
        ({"amr": None}, 0, ""),
        ({"amr": ["pwd"]}, 0, ""),
        ({"amr": ["pwd", "pin"]}, 0, ""),
        ({"amr": ["pwd", "sms"]}, 0, ""),
        ({"amr": "mfa", "acr": "gold"}, 0, ""),
    ],
)
def test_two_factors_count_only_with_evidence(
    provider: FakeProvider, claims: dict[str, object], aal: int, method: str
) -> None:
    linked(provider)
    provider.claims = claims
    answer = sign_in(provider)
    assert [(s.aal, s.method) for s in Session.objects.all()] == ([(aal, method)] if aal else [])
    assert answer.status_code == (302 if aal else 403)


LATER = {"exp": 1, "iat": 1}


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        ({"alg": "none"}, "algorithm"),
        ({"alg": "HS256"}, "algorithm"),
        ({"claims": {"nonce": "another"}}, "nonce"),
        ({"claims": {"nonce": None}}, "nonce"),
        ({"claims": {"iss": "https://login.example.org"}}, "issuer"),
        ({"claims": {"aud": "somebody-else"}}, "audience"),
        ({"claims": {"aud": ["teleward", "somebody-else"]}}, "audience"),
        ({"claims": {"azp": "somebody-else"}}, "audience"),
        ({"claims": LATER}, "time"),
        ({"claims": {"exp": None}}, "time"),
        ({"claims": {"iat": True}}, "time"),
        ({"claims": {"auth_time": None}}, "auth-time"),
        ({"claims": {"auth_time": 1}}, "auth-time"),
        ({"claims": {"sub": ""}}, "subject"),
        ({"claims": {"sub": "x" * 256}}, "subject"),
        ({"described": {"issuer": "https://login.example.org"}}, "issuer"),
        ({"described": {"token_endpoint": "http://login.example.org/token"}}, "endpoints"),
    ],
    ids=str,
)
def test_an_answer_that_does_not_hold_opens_nothing_and_the_ledger_says_why(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], because: str
) -> None:
    linked(provider)
    client = Client()
    address = begin(client)
    provider_wire._descriptions.clear()
    heard = listening(monkeypatch)
    for name, value in fault.items():
        setattr(provider, name, value)
    assert arrive(client, provider.authorise(address)).status_code == 403
    assert not Session.objects.exists()
    assert [(e.outcome, e.detail["because"]) for e in heard] == [("deny", because)]

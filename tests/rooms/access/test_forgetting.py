"""What is over goes, what is not stays."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from fakes.members import ask, browser_of, joins

from teleward.access.models import Challenge, OneTimeLink, Session, SignInFailure
from teleward.access.signin.limits import KEPT, POLICY
from teleward.access.tasks import forget
from teleward.kernel.clock import now

pytestmark = pytest.mark.django_db


def test_challenges_links_counts_and_old_sessions_go() -> None:
    member = joins()
    browser_of(member)
    ask(Client(), "/sign-in/passkey/question/")
    Client().post("/sign-in/", {"email": "nobody@praxis.example", "password": "x"})
    OneTimeLink.objects.create(person=member.person, token_hash=b"t" * 32, expires_at=now())
    forget(0)
    assert (Challenge.objects.count(), SignInFailure.objects.count(), Session.objects.count()) == (1, 1, 1)
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        forget(0)
        assert (Challenge.objects.count(), SignInFailure.objects.count(), OneTimeLink.objects.count()) == (
            0,
            0,
            0,
        )
        assert Session.objects.count() == 1
    with time_machine.travel(now() + timedelta(hours=13) + KEPT.session, tick=False):
        forget(0)
        assert not Session.objects.exists()


def test_the_policy_file_says_whose_it_is() -> None:
    text = POLICY.read_text()
    for name in ("owner", "reviewed_on"):
        assert f"\n{name} = " in text

"""One-time sign-in links, printed on the server's own terminal: ten minutes, one use, this machine only."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, record
from teleward.access.models import OneTimeLink, Person
from teleward.access.operations.entries import note
from teleward.access.operations.proofs import TWO_FACTORS, Proof
from teleward.access.operations.sessions import BegunSession
from teleward.access.operations.signin import sign_in
from teleward.access.signin.backoff import is_loopback
from teleward.access.signin.limits import LINK
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.openings import without_grant


class LinkOver(Problem):
    """The link was used, is too old, or was opened on another machine."""

    code = "access:link-over"
    status = 410
    message = _(
        "This link works once, for ten minutes, and only on the computer that runs Teleward. "
        "Ask for a new one."
    )


@transaction.atomic
def issue_one_time_link(*, grant: Grant, person: UUID) -> str:
    """A full address that signs this person in. Whoever reads the terminal can use it."""
    grant.must_cover(Action.SIGN_IN, Action.STAFF_INVITE)
    token = new_token()
    found = Person.objects.get(id=person, deactivation=None)
    OneTimeLink.objects.create(person=found, token_hash=token_hash(token), expires_at=now() + LINK.one_time)
    record(grant=grant, detail={"link-for": str(person)})
    return settings.ORIGIN + reverse("access:once", args=[token])


@without_grant("It says whether a link is good, not whose it is.")
def link_is_good(*, token: str, circumstances: Circumstances) -> bool:
    """Whether pressing the button now would sign somebody in."""
    return is_loopback(circumstances.client_address) and OneTimeLink.objects.filter(**_living(token)).exists()


@without_grant("The way in: it ends in the gate or in a refusal, and the ledger has both.")
def sign_in_by_link(*, token: str, circumstances: Circumstances, user_agent: str) -> BegunSession:
    """Uses the link up and signs in. Raises LinkOver."""
    person_id = OneTimeLink.objects.filter(**_living(token)).values_list("person", flat=True).first()
    here = is_loopback(circumstances.client_address)
    if not here or person_id is None or not _use_up(token):
        note(
            action=Action.SIGN_IN, outcome="deny", circumstances=circumstances,
            detail={"method": "link", "because": "over" if here else "not-this-machine"},
        )  # fmt: skip
        raise LinkOver
    proof = Proof(person=person_id, method="link", aal=TWO_FACTORS)
    return sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)


def _use_up(token: str) -> bool:
    """Whether this press is the first. Without a join the database looks at `used_at` again after a wait."""
    return OneTimeLink.objects.filter(token_hash=token_hash(token), used_at=None).update(used_at=now()) == 1


def _living(token: str) -> dict[str, object]:
    return {
        "token_hash": token_hash(token),
        "used_at": None,
        "expires_at__gt": now(),
        "person__deactivation": None,
    }

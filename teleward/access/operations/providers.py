"""Signing in through an organisation's own identity provider: the way there, the way back, and the link."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, record
from teleward.access.models import ExternalIdentity, Passkey, Person, Session
from teleward.access.operations.challenges import Kind, finish_step, keep_step
from teleward.access.operations.entries import note
from teleward.access.operations.invitations import living_invitation
from teleward.access.operations.passkeys import LastWayIn, has_password_and_app
from teleward.access.operations.proofs import TWO_FACTORS, Proof
from teleward.access.operations.sessions import BegunSession, end_all
from teleward.access.operations.signin import StepTooOld, sign_in
from teleward.access.signin.identity_token import Identity, identity_in
from teleward.access.signin.limits import SESSION
from teleward.access.signin.provider_wire import (
    ProviderFailed,
    address_to_ask,
    challenge_of,
    describe,
    token_for,
)
from teleward.access.signin.providers import Provider, provider_called
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_token
from teleward.kernel.openings import without_grant


class ProviderSilent(Problem):
    """The provider does not answer; every other way to sign in still works."""

    code = "access:provider-silent"
    status = 503
    message = _(
        "Your organisation's sign-in does not answer at the moment. "
        "Use your passkey, or your password and the code from your app."
    )


class ProviderAnswerWrong(Problem):
    """What came back does not belong to what was asked."""

    code = "access:provider-answer-wrong"
    status = 403
    message = _(
        "Your organisation's sign-in sent an answer that does not hold. Start again, or use another way."
    )


class NotLinked(Problem):
    """The provider knows them, we do not."""

    code = "access:not-linked"
    status = 403
    message = _(
        "This account is not linked to anybody here. Sign in as usual and link it on the page “My sign-in”, "
        "or open your invitation first."
    )


class OneFactorOnly(Problem):
    """The provider showed no evidence of a second factor."""

    code = "access:one-factor-only"
    status = 403
    message = _(
        "Your organisation confirmed only one factor, and here it takes two. "
        "Sign in there with your second factor, or use your passkey here."
    )


class LinkedElsewhere(Problem):
    """Somebody else here has this account."""

    code = "access:linked-elsewhere"
    status = 409
    message = _("This account is already linked to somebody here. Ask your administrator.")


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where the browser goes now, and the secret of the cookie that ties the answer to it."""

    address: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Who came back, and what they had set out for: sign-in, link or invitation."""

    identity: Identity
    errand: str
    next: str
    whose: UUID | None  # the person who links, or the invitation


@without_grant("It sends a browser to the provider and shows nothing of anybody.")
def depart(*, slug: str, following: str, again: bool = False) -> Departure:
    """To sign in. `again`: the provider is to ask anew. Raises NotFound or ProviderSilent."""
    return _depart(slug, {"errand": "sign-in", "next": following}, again=again)


@without_grant("The link is the invited person's own; it names nobody to the provider.")
def depart_invited(*, slug: str, token: str) -> Departure:
    """To accept an invitation. Raises InvitationOver, NotFound or ProviderSilent."""
    row = living_invitation(token)
    return _depart(slug, {"errand": "invitation", "whose": str(row.id), "next": ""})


def depart_to_link(*, grant: Grant, slug: str) -> Departure:
    """To link the account there with the person here. Raises NotFound or ProviderSilent."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    return _depart(slug, {"errand": "link", "whose": str(grant.about), "next": ""})


@without_grant("The way in: it says who came back, and each failure is in the ledger.")
def arrive(*, slug: str, secret: str, answer: Mapping[str, str], circumstances: Circumstances) -> Arrival:
    """What the provider's answer proves. Raises StepTooOld, ProviderAnswerWrong or ProviderSilent."""
    kept = finish_step(kind=Kind.PROVIDER, token=secret)
    if kept is None:
        raise StepTooOld
    try:
        identity = _identity(_provider(slug), kept, answer)
    except ProviderFailed as failed:
        _deny(circumstances, failed.reason)
        raise (ProviderSilent if failed.reason == "silent" else ProviderAnswerWrong) from failed
    whose = UUID(kept["whose"]) if "whose" in kept else None
    return Arrival(identity=identity, errand=kept["errand"], next=kept["next"], whose=whose)


@without_grant("The way in: it ends in the gate or in a refusal, and the ledger has both.")
def sign_in_by_provider(
    *, arrival: Arrival, circumstances: Circumstances, user_agent: str, instead_of: UUID | None
) -> BegunSession:
    """Signs in whoever is linked. `instead_of`: their session in this browser, which ends.

    Raises NotLinked, OneFactorOnly or NoMatch.
    """
    found = _linked(arrival.identity).select_related("person").first()
    person = found.person if found else None
    if person is None:
        _deny(circumstances, "not-linked")
        raise NotLinked
    proof = proof_of(person.id, arrival.identity, circumstances, person)
    begun = sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)
    with transaction.atomic():
        _linked(arrival.identity).update(used_at=now())
        end_all(Session.objects.filter(person=person, id__in=[instead_of] if instead_of else []))
    return begun


@transaction.atomic
def link(*, grant: Grant, arrival: Arrival) -> None:
    """The subject is who came back. Raises ProviderAnswerWrong or LinkedElsewhere."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    if arrival.errand != "link" or arrival.whose != grant.about:
        raise ProviderAnswerWrong
    keep_identity(person=Person.objects.get(id=grant.about), identity=arrival.identity)
    record(grant=grant, detail={"added": "provider", "issuer": arrival.identity.issuer})
    publish(Event.CREDENTIAL_CHANGED, person=grant.about)


@transaction.atomic
def unlink(*, grant: Grant, identity: UUID) -> None:
    """The account there opens nothing here any more. Raises NotFound or LastWayIn."""
    grant.must_cover(Action.CREDENTIAL_CHANGE, subject=grant.actor.id)
    person = Person.objects.select_for_update(of=("self",)).get(id=grant.about)
    row = ExternalIdentity.objects.filter(id=identity, person=person).first()
    if row is None:
        raise NotFound
    if not (Passkey.objects.filter(person=person).exists() or has_password_and_app(person)):
        raise LastWayIn
    row.delete()
    record(grant=grant, detail={"removed": "provider", "issuer": row.issuer})
    publish(Event.CREDENTIAL_CHANGED, person=person.id)


@without_grant("An address of the provider's own.")
def farewell(*, slug: str) -> str:
    """Where the provider signs out, empty where it cannot. Raises NotFound or ProviderSilent."""
    provider = _provider(slug)
    try:
        return str(describe(provider).get("end_session_endpoint", ""))
    except ProviderFailed as failed:
        raise ProviderSilent from failed


def keep_identity(*, person: Person, identity: Identity) -> None:
    """Ties issuer and subject to the person, inside the caller's transaction. Raises LinkedElsewhere."""
    try:
        with transaction.atomic():
            ExternalIdentity.objects.create(person=person, issuer=identity.issuer, subject=identity.subject)
    except IntegrityError as taken:
        raise LinkedElsewhere from taken


def proof_of(
    person_id: UUID, identity: Identity, circumstances: Circumstances, person: Person | None = None
) -> Proof:
    """The provider's word as a proof of ours. Raises OneFactorOnly."""
    if identity.aal < TWO_FACTORS:
        _deny(circumstances, "one-factor", person)
        raise OneFactorOnly
    return Proof(person=person_id, method=identity.method, aal=identity.aal, at=identity.at)


def _provider(slug: str) -> Provider:
    found = provider_called(slug)
    if found is None:
        raise NotFound
    return found


def _depart(slug: str, kept: dict[str, Any], *, again: bool = False) -> Departure:
    provider = _provider(slug)
    state, nonce, verifier = new_token(), new_token(), new_token()
    question = {
        "redirect_uri": _back(provider),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "max_age": "0" if again else str(int(SESSION.overall.total_seconds())),
    }
    try:
        address = address_to_ask(provider, question | ({"prompt": "login"} if again else {}))
    except ProviderFailed as failed:
        raise ProviderSilent from failed
    waiting = {"provider": slug, "state": state, "nonce": nonce, "verifier": verifier}
    return Departure(address=address, secret=keep_step(kind=Kind.PROVIDER, state=waiting | kept))


def _identity(provider: Provider, kept: dict[str, Any], answer: Mapping[str, str]) -> Identity:
    if kept["provider"] != provider.slug or not hmac.compare_digest(
        answer.get("state", "").encode(), kept["state"].encode()
    ):
        raise ProviderFailed("state")
    says_who = describe(provider).get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", "" if says_who else provider.issuer) != provider.issuer:  # RFC 9207 2.4
        raise ProviderFailed("mix-up")
    if not answer.get("code"):
        raise ProviderFailed("refused")
    token = token_for(provider, code=answer["code"], verifier=kept["verifier"], back=_back(provider))
    return identity_in(token, provider=provider, nonce=kept["nonce"])


def _back(provider: Provider) -> str:
    """Each provider has an address of its own to send people back to."""
    return str(settings.ORIGIN) + reverse("access:provider-back", args=[provider.slug])


def _linked(identity: Identity) -> Any:  # noqa: ANN401 - a query over one row
    return ExternalIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject)


def _deny(circumstances: Circumstances, because: str, person: Person | None = None) -> None:
    note(
        action=Action.SIGN_IN, outcome="deny", circumstances=circumstances, person=person,
        detail={"method": "provider", "because": because},
    )  # fmt: skip

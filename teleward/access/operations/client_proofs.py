"""Which program asks: by its signed word, or, where it can keep no secret, by its name alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from teleward.access.actors import Actor, ActorKind
from teleward.access.grants import Circumstances, Subject
from teleward.access.models import Client, SeenAssertion
from teleward.access.smart import assertions
from teleward.access.smart.key_sets import keys_at
from teleward.access.smart.limits import SEEN_KEPT, TOKENS_PER_MINUTE
from teleward.access.smart.problems import InvalidClient, InvalidRequestTooOften, NetworkWaits
from teleward.access.smart.rates import Rates
from teleward.access.smart.refusals import Refusals
from teleward.kernel.clock import now
from teleward.kernel.ids import token_hash
from teleward.kernel.networks import network_of

Form = Mapping[str, str]
PUBLIC = "public"
NAMELESS_PER_MINUTE = 10 * TOKENS_PER_MINUTE  # of one network, who name no program of ours
_rates = Rates()
_strangers, _words = Refusals(per_minute=NAMELESS_PER_MINUTE), Refusals()


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One request of a program: what it sent, and to which of our addresses it may have said it."""

    form: Form
    circumstances: Circumstances
    audiences: frozenset[str]


def proven(asking: Asking) -> Client:
    """The program that asks. Raises InvalidClient, InvalidRequestTooOften or NetworkWaits.

    A network from which too much is wrong waits; programs that proved themselves there go on, and who names
    nobody does not keep a program waiting that comes for the first time.
    """
    address = asking.circumstances.client_address
    with _counted(_strangers, address):
        word, client = _named(asking.form)
    if word is not None:
        _must_hold(word, client, asking)
    _pace(f"client {client.id} {network_of(address) if client.kind == PUBLIC else ''}", TOKENS_PER_MINUTE)
    return client


def known(name: str) -> Client:
    """The connected program of this name. Raises InvalidClient."""
    try:
        found = Client.objects.filter(id=UUID(name), end=None).first()
    except ValueError as unreadable:
        raise InvalidClient("unknown") from unreadable
    if found is None:
        raise InvalidClient("unknown")
    return found


def actor_of_client(client: Client) -> Actor:
    """The program by itself, as the gate knows it."""
    return Actor(
        kind=ActorKind.CLIENT,
        id=client.id,
        organisation=client.organisation_id,
        roles=frozenset({"client"}),
        name=client.name,
        active=not hasattr(client, "end"),
    )


def practice_of_client(client: Client) -> Subject:
    """The practice it is connected to, as the gate is asked about it."""
    return Subject(kind="Organisation", id=client.organisation_id, organisation=client.organisation_id)


def _named(form: Form) -> tuple[assertions.Assertion | None, Client]:
    """Whom it says it is, and the word that is to prove it. Raises InvalidClient."""
    if "client_assertion" in form or "client_assertion_type" in form:
        return _by_word(form)
    client = known(form.get("client_id", ""))
    if client.kind != PUBLIC:
        raise InvalidClient("no-proof")
    return None, client


def _by_word(form: Form) -> tuple[assertions.Assertion, Client]:
    if form.get("client_assertion_type") != assertions.TYPE:
        raise InvalidClient("assertion-type")
    word = assertions.unread(form.get("client_assertion", ""))
    client = known(word.client)
    if client.kind == PUBLIC or form.get("client_id", word.client) != word.client:
        raise InvalidClient("another-client")
    if word.head.get("jku", client.keys_url) != client.keys_url:
        raise InvalidClient("keys-address")
    return word, client


def _must_hold(word: assertions.Assertion, client: Client, asking: Asking) -> None:
    """Raises InvalidClient; NetworkWaits where too many words in this program's name were wrong there."""
    address, name = asking.circumstances.client_address, str(client.id)
    there = (network_of(address), name)
    if _words.wait(address, there, about=name):
        raise NetworkWaits("network-waits")
    with _counted(_words, address, about=name):
        proof = assertions.proof_in(
            word, keys=lambda named: _keys(client, named), audiences=asking.audiences, at=now()
        )
        _take(client, proof)
    _words.proved(there)


@contextmanager
def _counted(refusals: Refusals, address: str, *, about: str = "") -> Iterator[None]:
    try:
        yield
    except InvalidClient:
        if refusals.refused(address, about=about):
            raise NetworkWaits("network-waits") from None
        raise


def _keys(client: Client, name: str) -> assertions.JsonKeys:
    handed_over: assertions.JsonKeys = (client.keys or {}).get("keys", [])
    return handed_over or keys_at(client.keys_url, name=name)


def _take(client: Client, proof: assertions.Proof) -> None:
    """Each word counts once; the database says who came first."""
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(
                client=client, jti_hash=token_hash(proof.jti), expires_at=now() + SEEN_KEPT
            )
    except IntegrityError as again:
        raise InvalidClient("jti-used") from again


def _pace(name: str, per_minute: int) -> None:
    if _rates.wait(name, per_minute=per_minute, at=now()):
        raise InvalidRequestTooOften("too-often")

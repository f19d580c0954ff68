"""Which gateway asks: by the word it signed. Looked at each time, so that what is ended is over at once."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Actor, ActorKind, Subject
from teleward.devices.models import CredentialKey
from teleward.devices.signing import Unread, Word, WordInvalid, unread, word_in
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant


class CredentialInvalid(Problem):
    """No such pairing, or it has ended, or the word does not hold. `reason` is for the gateway's log."""

    code = "devices:credential"
    status = 401
    message = _("This gateway may not send any more. Pair it again with a new code.")

    def __init__(self, reason: str = "unknown") -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Proven:
    """A gateway that proved who it is, and the word it did so with."""

    actor: Actor
    subject: Subject
    thumbprint: str
    word: Word


@without_grant("It finds out who asks; the gate decides what they may.")
def proven(*, token: str, at: datetime | None = None) -> Proven:
    """The gateway behind a signed word, and the patient whose readings it sends. Raises CredentialInvalid."""
    try:
        said = unread(token)
        key = CredentialKey.objects.filter(pairing=said.pairing).first()
        if key is None:
            raise CredentialInvalid
        word = word_in(said, key=key.jwk, audience=settings.ORIGIN, at=at or now())
    except WordInvalid as invalid:
        raise CredentialInvalid(invalid.reason) from invalid
    return Proven(actor=_actor(said, key), subject=_subject(key), thumbprint=key.thumbprint, word=word)


def _actor(said: Unread, key: CredentialKey) -> Actor:
    return Actor(
        kind=ActorKind.DEVICE,
        id=said.pairing,
        organisation=key.organisation,
        patient=key.patient,
        roles=frozenset({"device"}),
    )


def _subject(key: CredentialKey) -> Subject:
    return Subject(kind="Patient", id=key.patient, organisation=key.organisation, patient=key.patient)

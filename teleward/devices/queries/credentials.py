"""Which gateway asks: by the word it signed. Looked at each time, so that what is ended is over at once."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Actor, ActorKind, Subject
from teleward.devices.signing import Word, WordInvalid, unread, word_in
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import rows

KEY = b"SELECT organisation, patient, thumbprint, jwk FROM devices_credential_key WHERE pairing = $1::uuid"


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
        found = rows(KEY, [said.pairing])
        if not found:
            raise CredentialInvalid
        practice, patient, thumbprint, key = found[0]
        word = word_in(said, key=key, audience=settings.ORIGIN, at=at or now())
    except WordInvalid as invalid:
        raise CredentialInvalid(invalid.reason) from invalid
    actor = Actor(
        kind=ActorKind.DEVICE,
        id=said.pairing,
        organisation=practice,
        patient=patient,
        roles=frozenset({"device"}),
    )
    subject = Subject(kind="Patient", id=patient, organisation=practice, patient=patient)
    return Proven(actor=actor, subject=subject, thumbprint=thumbprint, word=word)

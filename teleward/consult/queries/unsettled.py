"""What of a visit still waits for its host: the sheets beside the call that lie open for it."""

from collections.abc import Iterator

from teleward.access.grants import Action, Grant
from teleward.consult.models import Consent, FormAsked, IdentityCheck


def unsettled(*, grant: Grant) -> frozenset[str]:
    """Of identity, consent and questions those that somebody should look at now.

    Nobody has said who is there; no consent stands; the patient has answered a questionnaire.
    """
    grant.must_cover(Action.VISIT_HOST)
    return frozenset(_waiting(grant))


def _waiting(grant: Grant) -> Iterator[str]:
    about = grant.about
    if not IdentityCheck.objects.filter(visit=about).exists():
        yield "identity"
    if not Consent.objects.filter(visit=about, withdrawal=None).exists():
        yield "consent"
    if FormAsked.objects.filter(visit=about, answered__isnull=False).exists():
        yield "questions"

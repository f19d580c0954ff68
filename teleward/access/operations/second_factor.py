"""A second factor shown a moment ago: a passkey, or the digits of an app. A password alone is none."""

from datetime import UTC, datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import AuthenticatorApp, Passkey, Person
from teleward.access.operations.entries import note
from teleward.access.operations.proofs import TWO_FACTORS, NoMatch, Proof, second_factor_of
from teleward.access.operations.sessions import BegunSession, renew_session
from teleward.access.operations.tries import forgive, take_try
from teleward.access.signin.codes import looks_like_recovery_code
from teleward.access.signin.limits import CODE, SESSION
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

LONG_AGO = datetime.fromtimestamp(0, UTC)


class ProofNeeded(Problem):
    """Neither a passkey nor an app's digits were shown within the last minutes."""

    code = "access:proof-needed"
    status = 403
    message = _("Show once more that it is you: with your passkey, or with the code from your app.")


def must_be_shown(*, grant: Grant) -> None:
    """Holds that a second factor was shown in this session within the minutes that count as fresh.

    Raises ProofNeeded. Everything it asks lies in this installation; no other service takes part.
    """
    grant.must_cover(Action.GLASS_BREAK, Action.GLASS_SECOND, Action.PATIENT_LIST)
    oldest = now() - SESSION.fresh
    proved_at = grant.actor.authenticated_at or LONG_AGO
    if min(proved_at, _shown_at(grant)) < oldest:
        raise ProofNeeded


def unlock_by_code(*, grant: Grant, code: str) -> BegunSession:
    """The digits of the person's own app renew the session. Raises NoMatch, WaitFirst or SessionUnknown."""
    grant.must_cover(Action.UNLOCK, subject=grant.actor.id)
    person = Person.objects.get(id=grant.about)
    counted = f"unlock {grant.actor.session}"
    take_try(account=counted, circumstances=grant.circumstances)
    if not _digits_are_right(grant, person, code):
        note(
            action=Action.UNLOCK,
            outcome="deny",
            circumstances=grant.circumstances,
            person=person,
            actor=grant.actor,
            detail={"method": "code", "because": "no-match"},
        )
        raise NoMatch
    forgive(account=counted, circumstances=grant.circumstances)
    return renew_session(grant=grant, proof=Proof(person=person.id, method="password", aal=TWO_FACTORS))


def _digits_are_right(grant: Grant, person: Person, code: str) -> bool:
    if looks_like_recovery_code(code):  # it would be used up, and is no sign of the device in hand
        return False
    found = second_factor_of(person=person, typed=code, circumstances=grant.circumstances)
    return found is not None


def _shown_at(grant: Grant) -> datetime:
    """When one of the person's passkeys or their app was last used, in steps of half a minute for the app."""
    touched = Passkey.objects.filter(person=grant.actor.id).aggregate(at=Max("used_at"))["at"]
    app = AuthenticatorApp.objects.filter(person=grant.actor.id).exclude(confirmed_at=None).first()
    typed = datetime.fromtimestamp((app.last_step + 1) * CODE.step, UTC) if app else LONG_AGO
    return max(touched or LONG_AGO, typed)

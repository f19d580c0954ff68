"""What signing in leaves behind goes when it is of no more use. The ledger stays."""

from datetime import timedelta

from django.db import transaction

from teleward.access.models import Challenge, OneTimeLink, Session, SignInFailure
from teleward.access.signin.limits import BACK_OFF, KEPT, SESSION
from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant


@without_grant("It removes rows that are over, and reads nothing of anybody.")
@transaction.atomic
def forget_what_is_over() -> None:
    """Removes challenges, links, failure counts and sessions that are over and past their time."""
    at = now()
    Challenge.objects.filter(expires_at__lt=at).delete()
    OneTimeLink.objects.filter(expires_at__lt=at).delete()
    counted_until = at - timedelta(seconds=BACK_OFF.forgotten_after)
    SignInFailure.objects.filter(last_at__lt=counted_until, wait_until__lt=at).delete()
    Session.objects.filter(begun_at__lt=at - SESSION.overall - KEPT.session).delete()

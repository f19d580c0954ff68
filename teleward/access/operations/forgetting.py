"""What signing in leaves behind goes when it is of no more use. The ledger stays."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from teleward.access.models import (
    AppCode,
    AppLaunch,
    AppToken,
    BrowserCode,
    Challenge,
    ContactChange,
    LastUse,
    OneTimeLink,
    SeenAssertion,
    Session,
    SignInFailure,
)
from teleward.access.signin.limits import BACK_OFF, KEPT, SESSION
from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant


@without_grant("It removes rows that are over, and reads nothing of anybody.")
@transaction.atomic
def forget_what_is_over() -> None:
    """Removes what is over and past its time: challenges, links, counts, replaced addresses, sessions."""
    at = now()
    Challenge.objects.filter(expires_at__lt=at).delete()
    OneTimeLink.objects.filter(expires_at__lt=at).delete()
    counted_until = at - timedelta(seconds=BACK_OFF.forgotten_after)
    SignInFailure.objects.filter(last_at__lt=counted_until, wait_until__lt=at).delete()
    gone = Session.objects.filter(begun_at__lt=at - SESSION.overall - KEPT.session)
    _keep_last_use(gone)
    gone.delete()
    BrowserCode.objects.filter(expires_at__lt=at).delete()
    for word in (SeenAssertion, AppLaunch, AppToken):
        word.objects.filter(expires_at__lt=at).delete()
    AppCode.objects.filter(expires_at__lt=at - SESSION.overall).delete()  # one that comes again is noticed
    ContactChange.objects.filter(at__lte=at - KEPT.address).exclude(before=b"").update(before=b"")


def _keep_last_use(sessions: QuerySet[Session]) -> None:
    """Of sessions that go, the last sign-in and the last sign of life of each person stay."""
    last = sessions.order_by().values("person").annotate(begun=Max("begun_at"), seen=Max("seen_at"))
    for row in last:
        kept, made = LastUse.objects.get_or_create(
            person_id=row["person"], defaults={"signed_in_at": row["begun"], "seen_at": row["seen"]}
        )
        if not made:
            kept.signed_in_at, kept.seen_at = (
                max(kept.signed_in_at, row["begun"]),
                max(kept.seen_at, row["seen"]),
            )
            kept.save()

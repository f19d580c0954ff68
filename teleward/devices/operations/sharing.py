"""Showing readings in a visit: agreed to, stopped. The server knows which kinds, and no value."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.queries.visits import is_over
from teleward.devices.kinds import KINDS
from teleward.devices.models import Sharing, SharingEnd
from teleward.devices.models.sharing import UNTIL
from teleward.devices.whose import whose
from teleward.kernel.errors import NotFound, Problem


class NothingToShare(Problem):
    """No kind was named, or one that nobody knows."""

    code = "devices:nothing-to-share"
    message = _("Please choose what you want to measure.")


class VisitOver(Problem):
    """The visit has ended."""

    code = "devices:visit-over"
    status = 410
    message = _("The consultation is over, so nobody would see a reading. Please call your practice.")


@transaction.atomic
def begin_sharing(*, grant: Grant, kinds: Collection[str], until: str) -> UUID:
    """The patient of the grant's visit shows these kinds from now on; `until` is stop or end. Returns its id.

    Raises NothingToShare, VisitOver.
    """
    grant.must_cover(Action.READING_SHARE)
    chosen = sorted(set(kinds))
    if not chosen or not set(chosen) <= set(KINDS) or until not in UNTIL:
        raise NothingToShare
    if is_over(visit=grant.about):
        raise VisitOver
    made = Sharing.objects.create(
        visit=grant.about,
        organisation=grant.organisation,
        patient=whose(grant),
        kinds=chosen,
        until=until,
        by=grant.actor.id,
    )
    record(grant=grant, detail={"shared": chosen, "until": until, "sharing": str(made.id)})
    return made.id


@transaction.atomic
def stop_sharing(*, grant: Grant, sharing: UUID) -> None:
    """The patient stops it, or their browser does because the visit is over, which is no stop of theirs.

    Idempotent: what ended stays ended as it did. Raises NotFound.
    """
    grant.must_cover(Action.READING_SHARE)
    row = Sharing.objects.filter(id=sharing, visit=grant.about).first()
    if row is None:
        raise NotFound
    why = "ended" if is_over(visit=grant.about) else "stopped"
    by = grant.actor.id if why == "stopped" else None
    _row, made = SharingEnd.objects.get_or_create(sharing=row, defaults={"by": by, "why": why})
    if made:
        record(grant=grant, detail={why: row.kinds, "sharing": str(sharing)})


@transaction.atomic
def end_sharings(*, grant: Grant) -> None:
    """The grant's visit is over: nothing is shown any more. Idempotent."""
    grant.must_cover(Action.READING_SHARE)
    for row in Sharing.objects.filter(visit=grant.about, end=None):
        SharingEnd.objects.create(sharing=row, why="ended")
        record(grant=grant, detail={"ended": row.kinds, "sharing": str(row.id)})

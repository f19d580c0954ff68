"""Doors of the live room: what the call measured, and what people said about the words."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant
from teleward.consult.cards import MOST_RUNS, Words
from teleward.consult.models import ModePeriod, PathMeasured, Seat, Verification
from teleward.consult.modes import ACHIEVED
from teleward.consult.operations.live_room import NotThisMode
from teleward.consult.operations.moves import lock_open_visit, seat_of
from teleward.consult.operations.periods import SILENCE, follow
from teleward.consult.queries.subjects import open_practice_of
from teleward.consult.states import SeatState
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant


class NotAdmitted(Problem):
    """Only one who was let in can be in a mode."""

    code = "consult:not-admitted"
    status = 409
    message = _("You are still waiting. The practice will let you in.")


def record_media(*, grant: Grant, visit: UUID, peer: str, mode: str) -> None:
    """The mode this seat is in from now on; the same mode again only proves that it lasts.

    Raises VisitOver, NoSuchPeer, NotAdmitted, NotThisMode.
    """
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, subject=visit)
    if mode not in ACHIEVED:
        raise NotThisMode
    with transaction.atomic():
        seat = seat_of(lock_open_visit(visit), peer)
        if seat.state != SeatState.ADMITTED:
            raise NotAdmitted
        follow(seat, mode)


@without_grant("Ids and times only; the hub calls it for sockets that the gate has let in.")
def still_here(*, peers: Iterable[tuple[UUID, str]]) -> None:
    """Proves that the open periods of these (visit, peer) pairs last. Called every few seconds; ids only."""
    at = now()
    for visit, peer in peers:
        open_practice_of(visit=visit)
        ModePeriod.objects.filter(
            seat__visit=visit, seat__peer=peer, until__isnull=True, seen_at__gt=at - SILENCE
        ).update(seen_at=at)


def record_path(*, grant: Grant, visit: UUID, peer: str, other: str, path: str) -> None:
    """How the media between two seats travel: `direct` or `relayed`. Raises VisitOver, NoSuchPeer."""
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        PathMeasured.objects.create(
            seat=seat_of(row, peer), other=seat_of(row, other), path=path, by=grant.actor.id
        )


def record_words(*, grant: Grant, visit: UUID, peer: str, words: Words) -> None:
    """What this side said after comparing. The first answer of a run counts. Raises VisitOver, NoSuchPeer.

    A page that was loaded anew counts its runs from one again: about other devices it is another run.
    """
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        seat, other = seat_of(row, peer), seat_of(row, words.other)
        Verification.objects.get_or_create(
            seat=seat,
            other=other,
            run=_run(seat, other, words),
            form=words.form,
            defaults={"outcome": words.outcome, "evidence": words.evidence, "by": grant.actor.id},
        )


def _run(seat: Seat, other: Seat, words: Words) -> int:
    """The run that was meant, or the next one that was not about two other devices."""
    taken = dict(
        Verification.objects.filter(seat=seat, other=other, form=words.form).values_list("run", "evidence")
    )
    free = (
        run for run in range(words.run, MOST_RUNS + 1) if taken.get(run, words.evidence) == words.evidence
    )
    return next(free, words.run)

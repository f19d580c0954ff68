"""Saying that two files are one person's, and taking that back. Both stay as they are, each under its key."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, NotCovered, authorise, record
from teleward.access.models import Merge, Patient, Proposal
from teleward.access.operations.proofs import by_staff
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.tiers import tier_of
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish

MESSAGE = "message"  # of another system of the practice
WHY = ("number", "document", "asked", "known", MESSAGE)


class NotTwoFiles(Problem):
    """A file is put together with another one, not with itself."""

    code = "access:not-two-files"
    message = _("Please choose another file to put together with this one.")


class AlreadyOne(Problem):
    """One of the two is an earlier file already."""

    code = "access:already-one"
    status = 409
    message = _(
        "One of these is an earlier file already. Take that back first, or choose the file that is kept now."
    )


class SaidDifferent(AlreadyOne):
    """Somebody looked at both and found two people; no message of another system goes over that."""

    code = "access:said-different"
    message = _("Somebody has said that these are two people. Please look at both files side by side.")


class TiersDiffer(Problem):
    """One of the two is kept closer: what is new would stand in the kept file as that one is kept."""

    code = "access:tiers-differ"
    status = 409
    message = _(
        "One of these files is kept closer than the other. Please have the privacy officer keep the file that"
        " stays just as close first, then put them together."
    )


class WhyMissing(Problem):
    """Two files are put together for a reason."""

    code = "access:merge-without-reason"
    status = 422
    message = _("Please say how you know that this is one person.")


def merge(*, grant: Grant, kept: UUID, gone: UUID, why: str) -> UUID:
    """Says that two files are one person's: `gone` is an earlier file from now on. Returns the id of that.

    The grant is about one of the two; the gate is asked about the other one here, outside of a transaction.
    `why` is one of WHY, "message" for a system. Idempotent. Raises NotTwoFiles, WhyMissing, AlreadyOne,
    TiersDiffer, for a system also SaidDifferent, NotFound or Refused.
    """
    grant.must_cover(Action.PATIENT_MERGE)
    if kept == gone:
        raise NotTwoFiles
    if why not in WHY or (why == MESSAGE) == bool(by_staff(grant)):
        raise WhyMissing
    both = _both(grant, kept, gone)
    with transaction.atomic():
        _lock(kept, gone)
        standing = Merge.objects.filter(kept=kept, gone=gone, ended_at=None).first()
        if standing:
            return standing.id
        _must_fit(kept, gone, why)
        practice, by = grant.organisation, by_staff(grant)
        row = Merge.objects.create(organisation_id=practice, kept_id=kept, gone_id=gone, why=why, by_id=by)
        _answer(grant, kept, gone, "same")
        _tell(both, {"files": "one", "merge": str(row.id), "why": why})
        return row.id


def unmerge(*, grant: Grant, kept: UUID, gone: UUID) -> None:
    """Takes back that two files are one person's; nothing was moved, so nothing has to be moved back.

    The gate is asked as in `merge`. Raises NotFound where nobody says so, or Refused.
    """
    grant.must_cover(Action.PATIENT_MERGE)
    both = _both(grant, kept, gone)
    with transaction.atomic():
        _lock(kept, gone)
        row = Merge.objects.filter(kept=kept, gone=gone, ended_at=None).first()
        if row is None:
            raise NotFound
        row.ended_at, row.ended_by_id = now(), by_staff(grant)
        row.save(update_fields=["ended_at", "ended_by_id"])
        _answer(grant, kept, gone, "different")
        _tell(both, {"files": "two", "merge": str(row.id)})


def find_different(*, grant: Grant, other: UUID) -> None:
    """Notes that the grant's patient and another one are two people: nobody is asked about them again.

    The gate is asked as in `merge`. Raises AlreadyOne where they are said to be one.
    """
    grant.must_cover(Action.PATIENT_MERGE)
    own = grant.about
    both = _both(grant, own, other)
    with transaction.atomic():
        _lock(own, other)
        if Merge.objects.filter(kept__in=(own, other), gone__in=(own, other), ended_at=None).exists():
            raise AlreadyOne
        _answer(grant, own, other, "different")
        for each in both:
            record(grant=each, detail={"files": "two"})


def _both(grant: Grant, kept: UUID, gone: UUID) -> tuple[Grant, Grant]:
    """The grant at hand, and one about the other file by the same actor. Raises Refused."""
    if grant.subject.patient not in {kept, gone}:
        raise NotCovered
    about = patient_subject(patient=gone if grant.subject.patient == kept else kept)
    if about.organisation != grant.organisation:
        raise NotFound
    asked = authorise(
        actor=grant.actor, action=Action.PATIENT_MERGE, subject=about, circumstances=grant.circumstances
    )
    return grant, asked


def _must_fit(kept: UUID, gone: UUID, why: str) -> None:
    if Merge.objects.filter(gone__in=(kept, gone), ended_at=None).exists():
        raise AlreadyOne
    if why == MESSAGE and _said_different(kept, gone):
        raise SaidDifferent
    if tier_of(patient=kept) != tier_of(patient=gone):
        raise TiersDiffer


def _lock(one: UUID, other: UUID) -> None:
    """Both files in one order, so that two who say the opposite at once do so one after the other."""
    rows = Patient.objects.select_for_update().filter(id__in=(one, other)).order_by("id")
    if len(rows) < len({one, other}):
        raise NotFound


def _said_different(one: UUID, other: UUID) -> bool:
    first, second = sorted((one, other))
    said = Proposal.objects.filter(first=first, second=second, answer="different")
    return said.exclude(answered_by=None).exists()


def _answer(grant: Grant, one: UUID, other: UUID, answer: str) -> None:
    first, second = sorted((one, other))
    said = {"answer": answer, "answered_at": now(), "answered_by_id": by_staff(grant)}
    fresh = {"organisation_id": grant.organisation, "weight": 0, "reasons": "", **said}
    Proposal.objects.update_or_create(first_id=first, second_id=second, defaults=said, create_defaults=fresh)


def _tell(both: tuple[Grant, Grant], detail: dict[str, str]) -> None:
    """Both ledgers have it, neither with the other's id; and the chart shows both anew."""
    for each in both:
        record(grant=each, detail=detail)
        publish(Event.PATIENT_CHANGED, patient=each.about)

"""Which files somebody said are one person's, and which of them is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, would_allow
from teleward.access.models import Merge, MergeKey
from teleward.access.queries.patients import NOBODY, patient_subject
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant

LONGEST_CHAIN = 20  # files of one person; a chain has no circle, since an earlier file is never kept


class EarlierFile(Problem):
    """The file was put together with another one, in which everything new stands."""

    code = "access:earlier-file"
    status = 409
    message = _(
        "This is an earlier file of somebody. Open it: it says which file is kept now."
        " Please make the appointment there."
    )


@dataclass(frozen=True, kw_only=True)
class LinkedFile:
    """Another file of the same person, and since when that is said."""

    patient: UUID
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Files:
    """The other files of one person: the one that is kept where this one is not, and earlier ones."""

    kept: LinkedFile | None
    earlier: tuple[LinkedFile, ...]


@without_grant("Ids only: it is what the gate is asked about.")
def kept_file(*, patient: UUID) -> UUID:
    """The file that is kept for this one, by however many steps: itself where nobody said otherwise."""
    for _step in range(LONGEST_CHAIN):
        rows = MergeKey.objects.filter(gone_id=patient, ended_at=None)
        kept = rows.values_list("kept_id", flat=True).first()
        if kept is None:
            break
        patient = kept
    return patient


@without_grant("An id only; that it is an earlier file is told to whoever may have the appointment.")
def must_be_kept(*, patient: UUID) -> None:
    """Raises EarlierFile where another file is kept for this one."""
    if kept_file(patient=patient) != patient:
        raise EarlierFile


def linked_files(*, grant: Grant) -> Files:
    """The other files of the grant's patient."""
    grant.must_cover(Action.PATIENT_READ, Action.PATIENT_MERGE)
    standing = Merge.objects.filter(ended_at=None).order_by("at")
    kept = standing.filter(gone=grant.subject.patient).first()
    return Files(
        kept=LinkedFile(patient=kept.kept_id, since=kept.at) if kept else None,
        earlier=tuple(
            LinkedFile(patient=row.gone_id, since=row.at)
            for row in standing.filter(kept=grant.subject.patient)
        ),
    )


def files_to_open(*, grant: Grant) -> Files:
    """As `linked_files`, without those whom no list shows to whoever asks."""
    files = linked_files(grant=grant)
    kept = files.kept if files.kept and _shown(grant, files.kept) else None
    return Files(kept=kept, earlier=tuple(each for each in files.earlier if _shown(grant, each)))


def earlier_to_erase(*, grant: Grant) -> tuple[LinkedFile, ...]:
    """Earlier files of the grant's patient that are not erased, also once this one is."""
    grant.must_cover(Action.ERASURE_ANSWER)
    rows = Merge.objects.filter(Q(ended_at=None) | Q(ended_by=None), kept=grant.subject.patient)
    rows = rows.exclude(gone__family_name=NOBODY).order_by("at")
    return tuple(LinkedFile(patient=row.gone_id, since=row.at) for row in rows)


@dataclass(frozen=True, kw_only=True)
class StandingMerge:
    """That two files are said to be one person's: since when, by whom, why (a word of operations.merging)."""

    kept: UUID
    gone: UUID
    since: datetime
    by_name: str
    why: str


def standing_merge(*, grant: Grant, other: UUID) -> StandingMerge | None:
    """What is said of the grant's patient and another file of the practice."""
    grant.must_cover(Action.PATIENT_MERGE)
    two = (grant.about, other)
    rows = Merge.objects.filter(kept__in=two, gone__in=two, ended_at=None).select_related("by")
    row = rows.first()
    if row is None:
        return None
    name = row.by.name if row.by else ""
    return StandingMerge(kept=row.kept_id, gone=row.gone_id, since=row.at, by_name=name, why=row.why)


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """That it was said of two files that they are one person's, and taken back: when last, and by whom."""

    at: datetime
    by_name: str


def merge_taken_back(*, grant: Grant, other: UUID) -> TakenBack | None:
    """Whether somebody took back that the grant's patient and another file of the practice are one."""
    grant.must_cover(Action.PATIENT_MERGE)
    two = (grant.about, other)
    rows = Merge.objects.filter(kept__in=two, gone__in=two).exclude(ended_by=None).select_related("ended_by")
    row = rows.order_by("-ended_at").first()
    if row is None or row.ended_at is None or row.ended_by is None:
        return None
    return TakenBack(at=row.ended_at, by_name=row.ended_by.name)


@without_grant("Of ids that a list has shown already: which of them are earlier files.")
def earlier_of(*, patients: list[UUID]) -> frozenset[UUID]:
    """Those of these files for which another one is kept."""
    rows = MergeKey.objects.filter(gone_id__in=patients, ended_at=None)
    return frozenset(rows.values_list("gone_id", flat=True))


def _shown(grant: Grant, file: LinkedFile) -> bool:
    about = patient_subject(patient=file.patient)
    return would_allow(grant=grant, action=Action.PATIENT_LIST, subject=about)

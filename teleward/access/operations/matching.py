"""Comparing a file with those that are like it. It proposes; nothing is ever put together here."""

from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant
from teleward.access.matching.weights import Match, compare
from teleward.access.models import Likeness, Patient, Proposal
from teleward.access.queries.likeness import Keys, alike_rows, keys_of, traits_of, with_reach
from teleward.access.queries.patients import NOBODY, contact
from teleward.kernel.clock import now

AT_ONCE = 200  # files that are older than the comparing, in one night


@transaction.atomic
def propose(*, grant: Grant) -> int:
    """Compares the grant's patient with those who are like them; returns how many may be the same person.

    Idempotent. A proposal that somebody answered stands as it is, an open one goes when it is no longer true.
    """
    grant.must_cover(Action.PATIENT_MERGE)
    row = Patient.objects.select_for_update().filter(id=grant.about).first()
    if row is None or row.family_name == NOBODY:  # an erased entry is like nobody
        return 0
    reach = contact(grant=grant, patient_id=row.id)
    named = traits_of(grant=grant, rows=[row])[row.id]
    known = with_reach(practice=grant.organisation, known=named, email=reach.email, telephone=reach.telephone)
    _keep_keys(row, keys_of(practice=grant.organisation, known=known))
    others = traits_of(grant=grant, rows=alike_rows(grant=grant, known=known).exclude(id=row.id))
    compared = {other: compare(known, theirs) for other, theirs in others.items()}
    found = {other: match for other, match in compared.items() if match.is_possible}
    _keep_proposals(row, found)
    return len(found)


def without_keys(*, grant: Grant) -> list[UUID]:
    """Patients of the grant's practice who were never compared, at most AT_ONCE."""
    grant.must_cover(Action.PATIENT_MERGE, Action.PATIENT_LIST)
    rows = Patient.objects.filter(organisation_id=grant.organisation, likenesses=None)
    rows = rows.exclude(family_name=NOBODY)
    return list(rows.order_by("registered_at").values_list("id", flat=True)[:AT_ONCE])


def _keep_keys(row: Patient, keys: Keys) -> None:
    own = Likeness.objects.filter(patient=row)
    own.exclude(keyed_hash__in=list(keys)).delete()
    Likeness.objects.bulk_create(
        [
            Likeness(organisation_id=row.organisation_id, patient=row, kind=kind, keyed_hash=digest)
            for digest, kind in keys.items()
        ],
        ignore_conflicts=True,
    )


def _keep_proposals(row: Patient, found: dict[UUID, Match]) -> None:
    open_ones = Proposal.objects.filter(answered_at=None)
    open_ones.filter(first=row).exclude(second__in=list(found)).delete()
    open_ones.filter(second=row).exclude(first__in=list(found)).delete()
    for other, match in found.items():
        first, second = sorted((row.id, other))
        said = {
            "organisation_id": row.organisation_id,
            "weight": round(match.weight * 10),
            "reasons": " ".join(match.reasons),
        }
        made, fresh = Proposal.objects.get_or_create(first_id=first, second_id=second, defaults=said)
        if not fresh and made.answered_at is None:
            Proposal.objects.filter(id=made.id).update(at=now(), **said)

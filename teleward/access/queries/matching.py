"""Files that may be one person's, for those who may see both."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from teleward.access.grants import Action, Grant, record
from teleward.access.matching.traits import Traits
from teleward.access.matching.traits import traits as named
from teleward.access.matching.weights import LIKELY, Match, compare
from teleward.access.models import Patient, PatientIdentifier, Proposal
from teleward.access.queries.identifiers import digest_of
from teleward.access.queries.likeness import alike_rows, traits_of, with_reach
from teleward.access.queries.lists import authorised, page
from teleward.access.queries.patients import ROW, PatientCard, card

LONGEST = 25  # pairs on one page: as many patients as a list shows


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """Two files that may be one person's. `reasons` are words of matching.weights.Reason."""

    first: PatientCard
    second: PatientCard
    reasons: tuple[str, ...]
    is_likely: bool


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two files side by side: no more than a list shows, and how many numbers it has."""

    card: PatientCard
    registered_at: datetime
    numbers: int


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two files side by side, and what they have in common: words of matching.weights.Reason."""

    sides: tuple[Side, Side]
    reasons: tuple[str, ...]


def proposals(*, grant: Grant, of: UUID | None = None, most: int = LONGEST) -> tuple[Proposed, ...]:
    """Open proposals of the grant's practice, or about one patient, the likeliest first.

    Only those of which the policies let both files be listed; both ledgers have that they stood here.
    """
    grant.must_cover(Action.PATIENT_LIST)
    allowed = _listed(grant)
    rows = Proposal.objects.filter(organisation_id=grant.organisation, answered_at=None)
    rows = rows.filter(first__in=allowed.values("id"), second__in=allowed.values("id"))
    rows = rows.filter(Q(first=of) | Q(second=of)) if of else rows
    found = list(rows.order_by("-weight", "id")[: min(most, LONGEST)])
    ids = {each for row in found for each in (row.first_id, row.second_id)}
    shown = page(Patient.objects.filter(id__in=ids), grant=grant, action=Action.PATIENT_LIST, row=ROW)
    cards = {row.id: card(row) for row in shown}
    return tuple(_proposed(row, cards) for row in found if {row.first_id, row.second_id} <= cards.keys())


def alike(
    *,
    grant: Grant,
    given_name: str,
    family_name: str,
    born_on: date,
    email: str = "",
    telephone: str = "",
    numbers: tuple[tuple[str, str], ...] = (),
) -> tuple[PatientCard, ...]:
    """Patients so like somebody who is to be entered that there should be no second file without a look.

    Only those whom the policies let be listed. A number, an address or a telephone alone finds nobody: names
    or the date of birth have to fit too. The ledger has that it was looked for, and those who were found.
    """
    grant.must_cover(Action.PATIENT_LIST)
    practice = grant.organisation
    known = with_reach(
        practice=practice, known=named(given_name, family_name, born_on), email=email, telephone=telephone
    )
    known = _numbered(practice, known, numbers)
    rows = _listed(grant, alike_rows(grant=grant, known=known))
    likely = _likely(known, traits_of(grant=grant, rows=rows))
    shown = page(Patient.objects.filter(id__in=likely), grant=grant, action=Action.PATIENT_LIST, row=ROW)
    typed = len(given_name + family_name)
    record(grant=grant, detail={"typed": typed, "found": len(shown)})
    return tuple(sorted(map(card, shown), key=lambda each: likely.index(each.id)))


def compared(*, grant: Grant, other: Grant) -> Compared:
    """Two files side by side, each with a grant of its own."""
    grant.must_cover(Action.PATIENT_MERGE)
    other.must_cover(Action.PATIENT_MERGE)
    ids = (grant.about, other.about)
    rows = {row.id: row for row in Patient.objects.filter(organisation_id=grant.organisation, id__in=ids)}
    known = traits_of(grant=grant, rows=rows.values())
    one, two = (rows[each] for each in ids)
    reasons = compare(known[one.id], known[two.id]).reasons
    return Compared(sides=(_side(one), _side(two)), reasons=reasons)


def _side(row: Patient) -> Side:
    numbers = PatientIdentifier.objects.filter(patient=row, withdrawn_at=None)
    return Side(card=card(row), registered_at=row.registered_at, numbers=numbers.count())


def _listed(grant: Grant, rows: "QuerySet[Patient] | None" = None) -> "QuerySet[Patient]":
    every = Patient.objects.filter(organisation_id=grant.organisation) if rows is None else rows
    return authorised(every, grant=grant, action=Action.PATIENT_LIST, row=ROW)


def _numbered(practice: UUID, known: Traits, numbers: tuple[tuple[str, str], ...]) -> Traits:
    digests = {
        system: frozenset({digest_of(organisation=practice, system=system, value=value)})
        for system, value in numbers
    }
    return replace(known, numbers=digests)


def _likely(known: Traits, others: dict[UUID, Traits]) -> list[UUID]:
    matches: dict[UUID, Match] = {each: compare(known, theirs) for each, theirs in others.items()}
    found = [each for each, match in matches.items() if match.is_likely]
    return sorted(found, key=lambda each: -matches[each].weight)


def _proposed(row: Proposal, cards: dict[UUID, PatientCard]) -> Proposed:
    reasons = tuple(row.reasons.split())
    return Proposed(
        first=cards[row.first_id],
        second=cards[row.second_id],
        reasons=reasons,
        is_likely=row.weight >= LIKELY * 10,
    )

"""Which patients have a whole name and date of birth, or a number: for many at once, and nobody unlisted."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from teleward.access.grants import Action, Grant, record
from teleward.access.identifiers.kinds import CHECKED
from teleward.access.models import Patient, PatientIdentifier
from teleward.access.queries.identifiers import patients_with
from teleward.access.queries.lists import page
from teleward.access.queries.patients import ROW, PatientCard, card

Number = tuple[str, str]
Asked = TypeVar("Asked", Number, str)


@dataclass(frozen=True, kw_only=True)
class Called:
    """A person as somebody else's list has them: the whole name in one order or the other."""

    name: str
    born_on: date

    @property
    def words(self) -> frozenset[str]:
        """The words of the name, without case; their order says nothing in a list."""
        return frozenset(plain(self.name).split())


def called(*, grant: Grant, people: Collection[Called]) -> dict[Called, tuple[PatientCard, ...]]:
    """The patients of the grant's practice who are called so and were born then; none, one or several each.

    Only those whom the policies let be listed. The ledger has how many were asked about and found, and each
    patient found is told that they stood in a list.
    """
    grant.must_cover(Action.VISIT_BOOK, Action.PATIENT_LIST)
    days = {each.born_on for each in people}
    born_then = Patient.objects.filter(organisation_id=grant.organisation, born_on__in=days)
    wanted = {(each.words, each.born_on) for each in people}
    ids = [row.id for row in born_then if (_words(row), row.born_on) in wanted]
    listed = Patient.objects.filter(id__in=ids).order_by("family_name", "given_name", "id")
    rows = page(listed, grant=grant, action=Action.PATIENT_LIST, row=ROW, most=len(ids))
    found: dict[tuple[frozenset[str], date], list[PatientCard]] = {}
    for row in rows:
        found.setdefault((_words(row), row.born_on), []).append(card(row))
    record(
        grant=grant, detail={"exactly": "names and dates of birth", "asked": len(wanted), "found": len(rows)}
    )
    return {each: tuple(found.get((each.words, each.born_on), ())) for each in people}


def numbered(*, grant: Grant, numbers: Collection[Number]) -> dict[Number, tuple[PatientCard, ...]]:
    """The patients of the grant's practice who have these numbers, pairs of system and value.

    As `called`. Where a number is several patients' of whom one may not be listed, it is nobody's.
    """
    grant.must_cover(Action.VISIT_BOOK, Action.PATIENT_LIST)
    return _listed(grant, {each: _having(grant, each) for each in numbers})


def charted(*, grant: Grant, values: Collection[str]) -> dict[str, tuple[PatientCard, ...]]:
    """The patients who have these numbers of a practice or hospital, whichever of its systems gave them.

    As `numbered`. Such numbers are short, and two systems give the same one: whoever asks compares more.
    """
    grant.must_cover(Action.VISIT_BOOK, Action.PATIENT_LIST)
    systems = _systems(grant)
    having = {
        value: frozenset[UUID]().union(*(_having(grant, (system, value)) for system in systems))
        for value in values
    }
    return _listed(grant, having)


def _systems(grant: Grant) -> list[str]:
    """The systems without a check digit that have given a number here."""
    rows = PatientIdentifier.objects.filter(organisation_id=grant.organisation, withdrawn_at=None)
    named = rows.exclude(system__in=[kind.system for kind in CHECKED]).order_by("system")
    return list(named.values_list("system", flat=True).distinct())


def _listed(grant: Grant, having: dict[Asked, frozenset[UUID]]) -> dict[Asked, tuple[PatientCard, ...]]:
    ids = frozenset[UUID]().union(*having.values())
    listed = Patient.objects.filter(organisation_id=grant.organisation, id__in=ids).order_by("id")
    rows = page(listed, grant=grant, action=Action.PATIENT_LIST, row=ROW, most=len(ids))
    record(grant=grant, detail={"exactly": "numbers", "asked": len(having), "found": len(rows)})
    cards = {row.id: card(row) for row in rows}
    return {
        each: tuple(cards[one] for one in sorted(having[each])) if having[each] <= cards.keys() else ()
        for each in having
    }


def plain(name: str) -> str:
    """A name without case and with its accents in one form: `José` is not `Jose`, however it was typed."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("-", " ").split())


def _having(grant: Grant, number: Number) -> frozenset[UUID]:
    system, value = number
    return patients_with(organisation=grant.organisation, system=system, value=value)


def _words(row: Patient) -> frozenset[str]:
    return frozenset(plain(f"{row.given_name} {row.family_name}").split())

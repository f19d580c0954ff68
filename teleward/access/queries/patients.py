"""Reading who the patients are.

A name in a list is a list appearance, an entry opened is an opening: each has its own grant.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from teleward.access.grants import Action, Grant, Subject, record, record_appearances
from teleward.access.models import ContactChange, Patient
from teleward.access.queries.keys import practice_of
from teleward.access.queries.lists import Row, page
from teleward.access.signin.limits import KEPT
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant

ROW = Row(kind="Patient", id="id", organisation="organisation_id", patient="id")
NOBODY = "-"  # the name of whoever was erased
CONTACT = "access.patient.contact"
ADDRESS_BEFORE = "access.contactchange.before"
WHO_IT_IS = (
    Action.PATIENT_READ,
    Action.PATIENT_CHANGE,
    Action.PATIENT_MERGE,
    Action.ACCOUNT_OPEN,
    Action.ACCOUNT_SECOND,
    Action.VISIT_BOOK,
    Action.VISIT_READ,
    Action.VISIT_INVITE,
    Action.VISIT_CANCEL,
    Action.VISIT_HOST,
    Action.GLASS_SECOND,
    Action.TIER_CHANGE,
    Action.TIER_SECOND,
    Action.SAFEGUARD,
    Action.CASE_READ,
    Action.CASE_REVIEW,
    Action.RECORD_PRINT,
    Action.WINDOW_EXPORT,
)

LISTING = (
    Action.PATIENT_LIST,
    Action.VISIT_LIST,
    Action.VISIT_BOOK,
    Action.OBJECTION_LIST,
    Action.ERASURE_LIST,
    Action.CASE_LIST,
    Action.ALERT_LIST,
)


@dataclass(frozen=True, kw_only=True)
class PatientCard:
    """Who a patient is."""

    id: UUID
    given_name: str
    family_name: str
    born_on: date
    language: str
    has_account: bool

    @property
    def name(self) -> str:
        """Given name first."""
        return f"{self.given_name} {self.family_name}"

    def age_on(self, day: date) -> int:
        """Full years on a day."""
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (not had_birthday)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How a patient can be reached; an empty string where it is not known."""

    email: str
    telephone: str


@without_grant("Ids only: it is what the gate is asked about.")
def patient_subject(*, patient: UUID) -> Subject:
    """The subject the gate asks about. Raises NotFound; a refusal elsewhere looks the same to strangers."""
    return Subject(kind="Patient", id=patient, organisation=practice_of(patient=patient), patient=patient)


def patient(*, grant: Grant, patient_id: UUID) -> PatientCard:
    """The patient the grant is about. Raises NotFound."""
    grant.must_cover(*WHO_IT_IS, patient=patient_id)
    found = Patient.objects.filter(id=patient_id).first()
    if found is None:
        raise NotFound
    return card(found)


def patients(*, grant: Grant, search: str = "", most: int = 50) -> list[PatientCard]:
    """Patients of the grant's practice whose names begin like the words searched, by name, at most `most`.

    Only those whom the policies let be listed.
    """
    grant.must_cover(Action.PATIENT_LIST, Action.VISIT_BOOK)
    found = Patient.objects.filter(organisation_id=grant.organisation)
    for word in search.split()[:5]:
        found = found.filter(Q(given_name__istartswith=word) | Q(family_name__istartswith=word))
    found = found.order_by("family_name", "given_name", "id")
    listed = [card(row) for row in page(found, grant=grant, action=Action.PATIENT_LIST, row=ROW, most=most)]
    if search:  # how much was typed and how many were found; the words would name somebody
        record(grant=grant, detail={"typed": len(search), "found": len(listed)})
    return listed


def exactly(*, grant: Grant, given_name: str, family_name: str, born_on: date, code: str) -> Subject:
    """The one patient of the practice with this whole name and date of birth, as the gate asks about them.

    Where there is none, or more than one, an id that nobody has: what follows looks the same. `code` is the
    coded reason, which stands in the ledger with the search.
    """
    grant.must_cover(Action.PATIENT_LIST)
    found = Patient.objects.filter(
        organisation_id=grant.organisation,
        given_name__iexact=given_name.strip(),
        family_name__iexact=family_name.strip(),
        born_on=born_on,
    )
    ids = list(found.values_list("id", flat=True)[:2])
    record(grant=grant, detail={"exactly": "name and date of birth", "code": code, "found": len(ids)})
    if len(ids) == 1:
        return Subject(kind="Patient", id=ids[0], organisation=grant.organisation, patient=ids[0])
    nobody = new_id()
    return Subject(kind="Patient", id=nobody, patient=nobody)


def cards(*, grant: Grant, ids: list[UUID]) -> dict[UUID, PatientCard]:
    """Several patients of the grant's practice, for a list that the grant opened."""
    grant.must_cover(*LISTING)
    found = Patient.objects.filter(organisation_id=grant.organisation, id__in=ids)
    listed = {row.id: card(row) for row in found}
    record_appearances(grant=grant, patients=listed)
    return listed


def those_listed(*, grant: Grant, ids: Iterable[UUID], most: int) -> dict[UUID, PatientCard]:
    """Those of these patients whom the reader may see in a list anyway, in a list of something else."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE)
    found = Patient.objects.filter(organisation_id=grant.organisation, id__in=set(ids)).order_by("id")
    listed = page(found, grant=grant, action=Action.PATIENT_LIST, row=ROW, most=most)
    return {row.id: card(row) for row in listed}


def contact(*, grant: Grant, patient_id: UUID) -> Contact:
    """How the patient can be reached."""
    grant.must_cover(
        Action.PATIENT_READ,
        Action.PATIENT_CHANGE,
        Action.PATIENT_MERGE,
        Action.VISIT_INVITE,
        Action.ACCOUNT_OPEN,
        Action.ACCOUNT_SECOND,
        Action.CASE_READ,
        Action.WINDOW_EXPORT,
        patient=patient_id,
    )
    sealed = Patient.objects.filter(id=patient_id).values_list("contact", flat=True).first()
    if not sealed:
        return Contact(email="", telephone="")
    kept = json.loads(unseal(patient=patient_id, sealed=bytes(sealed), context=CONTACT))
    return Contact(email=kept["email"], telephone=kept["telephone"])


def addresses_before(*, grant: Grant, change: UUID | None = None) -> list[str]:
    """E-mail addresses that stood in the entry of the grant's patient until lately, or until one change."""
    grant.must_cover(Action.ACCOUNT_OPEN, Action.PATIENT_CHANGE)
    rows = ContactChange.objects.filter(patient=grant.about, at__gt=now() - KEPT.address).exclude(before=b"")
    rows = rows.filter(id=change) if change else rows
    texts = [
        unseal(patient=grant.about, sealed=bytes(row.before), context=ADDRESS_BEFORE).decode()
        for row in rows.order_by("at")
    ]
    return list(dict.fromkeys(texts))


def card(row: Patient) -> PatientCard:
    """The card of a stored patient."""
    return PatientCard(
        id=row.id,
        given_name=row.given_name,
        family_name=row.family_name,
        born_on=row.born_on,
        language=row.language,
        has_account=row.person_id is not None,
    )

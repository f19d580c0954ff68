"""Who a message is about: found by number, registered where nobody has it, kept right by what is newer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

from teleward.access.grants import SYSTEM, Action, Circumstances, Grant, Subject, authorise
from teleward.access.operations.corrections import correct_patient
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.patients import (
    BirthDateImpossible,
    NameMissing,
    change_contact,
    register_patient,
)
from teleward.access.queries.identifiers import patients_with
from teleward.access.queries.numbers import IdentifierWrong, normalised
from teleward.access.queries.patients import contact, patient, patient_subject
from teleward.access.queries.people import organisation
from teleward.kernel.openings import without_grant
from teleward.records.hl7.facts import Number, PatientFacts
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.models import LastSaid
from teleward.records.queries.hl7.senders import SenderCard

KVNR: Final = "http://fhir.de/sid/gkv/kvid-10"
NHS: Final = "https://fhir.nhs.uk/Id/nhs-number"
OIDS: Final = {"1.2.276.0.76.4.8": KVNR, "2.16.840.1.113883.2.1.4.1": NHS}
NAMES: Final = {"NHS": NHS, "KVNR": KVNR, "GKV": KVNR}
KNOWN: Final = frozenset({"de", "en"})


@dataclass(frozen=True, kw_only=True)
class Work:
    """One message at work: the grant it came in with, who sent it, and the circumstances."""

    grant: Grant
    sender: SenderCard
    circumstances: Circumstances

    def asks(self, action: Action, *, patient: UUID | None = None) -> Grant:
        """A grant of the server's own for one step, in the ledger like any other."""
        own = self.sender.organisation
        about = (
            patient_subject(patient=patient)
            if patient
            else Subject(kind="Organisation", id=own, organisation=own)
        )
        return authorise(actor=SYSTEM, action=action, subject=about, circumstances=self.circumstances)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The patient; whether what was said is older than what was known, and whether a number was wrong."""

    patient: UUID
    is_older: bool
    has_wrong_number: bool


@without_grant("Inside of taking a message; each step asks the gate.")
def keep_patient(work: Work, facts: PatientFacts, said_at: datetime) -> Kept:
    """Finds or registers the patient. Raises MessageRefused."""
    numbers, wrong = numbers_of(work.sender, facts.numbers)
    if not numbers:
        raise MessageRefused(Reason.IDENTIFIER_WRONG, "PID-3")
    found = found_by(work.sender, numbers)
    if found is None:
        patient = _registered(work, facts, numbers)
        _say(work, patient, said_at)
        return Kept(patient=patient, is_older=False, has_wrong_number=wrong)
    is_older = _is_older(work, found, said_at)
    if not is_older:
        _must_be_the_same(work, found, facts)
        _corrected(work, found, facts, numbers)
        _say(work, found, said_at)
    return Kept(patient=found, is_older=is_older, has_wrong_number=wrong)


@without_grant("Numbers alone; a wrong one is left out.")
def numbers_of(sender: SenderCard, said: tuple[Number, ...]) -> tuple[list[tuple[str, str]], bool]:
    """Pairs of system and number, and whether one of them was wrong."""
    pairs = [(_system(sender, number), number.value) for number in said]
    good = [pair for pair in pairs if _is_right(*pair)]
    return list(dict.fromkeys(good)), len(good) < len(pairs)


@without_grant("An id only: it is what the gate is asked about.")
def found_by(sender: SenderCard, numbers: list[tuple[str, str]]) -> UUID | None:
    """Whose numbers these are. Raises MessageRefused where they belong to more than one file."""
    found = files_of(sender, numbers)
    if len(found) > 1:
        raise MessageRefused(Reason.PATIENT_UNCERTAIN, "PID-3")
    return next(iter(found), None)


@without_grant("Ids only: they are what the gate is asked about.")
def files_of(sender: SenderCard, numbers: list[tuple[str, str]]) -> frozenset[UUID]:
    """Every file that has one of these numbers; of files that are one person's, the one that is kept."""
    practice = sender.organisation
    owners = (patients_with(organisation=practice, system=system, value=value) for system, value in numbers)
    return frozenset[UUID]().union(*owners)


def _must_be_the_same(work: Work, found: UUID, facts: PatientFacts) -> None:
    """A marriage or a slip of the pen changes one of them; name and birthday together are somebody else's."""
    if not facts.given_name or facts.born_on is None:
        return
    known = patient(grant=work.asks(Action.PATIENT_CHANGE, patient=found), patient_id=found)
    said = f"{facts.given_name} {facts.family_name}"
    if facts.born_on != known.born_on and said.casefold() != known.name.casefold():
        raise MessageRefused(Reason.PATIENT_UNCERTAIN, "PID-5")


def _system(sender: SenderCard, number: Number) -> str:
    """The address of the kind of number: of a country, of whom the sender speaks for, or its own alone."""
    universal, kind = number.universal, number.universal_kind
    if kind == "ISO" and universal:
        known, own = OIDS.get(universal), f"urn:oid:{universal}"
    elif kind in {"URI", "URL"} and universal:
        known, own = universal if universal in {KVNR, NHS} else None, universal
    else:
        known, own = NAMES.get(number.namespace.upper()), number.namespace
    if kind and own in sender.assigners:
        return own
    return known or f"urn:uuid:{sender.id}#{quote(own, safe='')}"


def _is_right(system: str, value: str) -> bool:
    try:
        return bool(normalised(system=system, value=value))
    except IdentifierWrong:
        return False


def _registered(work: Work, facts: PatientFacts, numbers: list[tuple[str, str]]) -> UUID:
    if facts.born_on is None:
        raise MessageRefused(Reason.FIELD_MISSING, "PID-7")
    usual = organisation(organisation_id=work.sender.organisation).language
    try:
        card = register_patient(
            grant=work.asks(Action.PATIENT_CREATE),
            given_name=facts.given_name[:120],
            family_name=facts.family_name[:120],
            born_on=facts.born_on,
            language=facts.language if facts.language in KNOWN else usual,
            email=facts.email,
            telephone=facts.telephone[:40],
            numbers=numbers,
        )
    except NameMissing as missing:
        raise MessageRefused(Reason.FIELD_MISSING, "PID-5") from missing
    except BirthDateImpossible as impossible:
        raise MessageRefused(Reason.VALUE_WRONG, "PID-7") from impossible
    return card.id


def _corrected(work: Work, patient: UUID, facts: PatientFacts, numbers: list[tuple[str, str]]) -> None:
    """Name, birthday and numbers follow; how to reach somebody is filled in and never replaced."""
    changing = work.asks(Action.PATIENT_CHANGE, patient=patient)
    if facts.given_name and facts.born_on:
        try:
            correct_patient(
                grant=changing,
                patient_id=patient,
                given_name=facts.given_name,
                family_name=facts.family_name,
                born_on=facts.born_on,
            )
        except BirthDateImpossible as impossible:
            raise MessageRefused(Reason.VALUE_WRONG, "PID-7") from impossible
    for system, value in numbers:
        give_identifier(grant=changing, patient=patient, system=system, value=value)
    _filled_in(changing, patient, facts)


def _filled_in(changing: Grant, patient: UUID, facts: PatientFacts) -> None:
    """A letter with a link goes to the address that stands here: it is not for a message to redirect it."""
    kept = contact(grant=changing, patient_id=patient)
    email, telephone = kept.email or facts.email, kept.telephone or facts.telephone
    if (email, telephone) != (kept.email, kept.telephone):
        change_contact(grant=changing, patient_id=patient, email=email, telephone=telephone[:40])


def _is_older(work: Work, patient: UUID, said_at: datetime) -> bool:
    return LastSaid.objects.filter(sender=work.sender.id, patient=patient, said_at__gt=said_at).exists()


def _say(work: Work, patient: UUID, said_at: datetime) -> None:
    LastSaid.objects.update_or_create(
        sender_id=work.sender.id,
        patient=patient,
        defaults={"said_at": said_at, "organisation": work.sender.organisation},
    )

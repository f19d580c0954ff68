"""By what files of one person are found together, and what of it two of them have in common."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from django.db.models import Count, QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.matching.traits import Kind, Traits, blocks, email_text, telephone_text
from teleward.access.matching.traits import traits as _named
from teleward.access.models import Likeness, Patient, PatientIdentifier
from teleward.kernel.envelope import hashing_key
from teleward.kernel.openings import without_grant

MOST = 300  # files compared with one: more have too little in common to be told apart by it
Keys = dict[bytes, Kind]


@without_grant("A keyed hash of what was typed, inside of another query or operation.")
def with_reach(*, practice: UUID, known: Traits, email: str, telephone: str) -> Traits:
    """What is known, with keyed hashes of an e-mail address and a telephone number."""
    mail, digits = email_text(email), telephone_text(telephone)
    return replace(
        known,
        email=_digest(practice, Kind.EMAIL, mail) if mail else None,
        telephone=_digest(practice, Kind.TELEPHONE, digits) if digits else None,
    )


@without_grant("Keyed hashes of what is known already.")
def keys_of(*, practice: UUID, known: Traits) -> Keys:
    """What a file is found by: keyed hashes of 16 bytes, by kind."""
    found: Keys = {_digest(practice, kind, text): kind for kind, text in blocks(known)}
    found |= {known.email: Kind.EMAIL} if known.email else {}
    return found | ({known.telephone: Kind.TELEPHONE} if known.telephone else {})


def traits_of(*, grant: Grant, rows: Iterable[Patient]) -> dict[UUID, Traits]:
    """What is known of these patients of the grant's practice, as two files are compared by it."""
    grant.must_cover(Action.PATIENT_MERGE, Action.PATIENT_LIST)
    known = {row.id: _named(row.given_name, row.family_name, row.born_on) for row in rows}
    reach = Likeness.objects.filter(patient__in=known, kind__in=(Kind.EMAIL, Kind.TELEPHONE))
    for patient, kind, digest in reach.values_list("patient_id", "kind", "keyed_hash"):
        found, own = bytes(digest), known[patient]
        is_email = kind == Kind.EMAIL
        known[patient] = replace(own, email=found) if is_email else replace(own, telephone=found)
    for patient, numbers in _numbers(known):
        known[patient] = replace(known[patient], numbers=numbers)
    return known


def alike_rows(*, grant: Grant, known: Traits) -> QuerySet[Patient]:
    """The patients of the grant's practice who have something in common with what is known, by an index."""
    grant.must_cover(Action.PATIENT_MERGE, Action.PATIENT_LIST)
    keys = keys_of(practice=grant.organisation, known=known)
    by_likeness = Likeness.objects.filter(keyed_hash__in=list(keys)).values_list("patient_id", flat=True)
    most_in_common = by_likeness.annotate(shared=Count("id")).order_by("-shared")
    digests = [digest for of_system in known.numbers.values() for digest in of_system]
    by_number = PatientIdentifier.objects.filter(keyed_hash__in=digests, withdrawn_at=None)
    ids = {*most_in_common[:MOST], *by_number.values_list("patient_id", flat=True)[:MOST]}
    return Patient.objects.filter(organisation_id=grant.organisation, id__in=ids)


def _numbers(patients: Iterable[UUID]) -> Iterator[tuple[UUID, dict[str, frozenset[bytes]]]]:
    found: dict[UUID, dict[str, frozenset[bytes]]] = {}
    rows = PatientIdentifier.objects.filter(patient__in=list(patients), withdrawn_at=None)
    for patient, system, digest in rows.values_list("patient_id", "system", "keyed_hash"):
        own = found.setdefault(patient, {})
        own[system] = own.get(system, frozenset()) | {bytes(digest)}
    yield from found.items()


def _digest(practice: UUID, kind: Kind, text: str) -> bytes:
    said = f"{practice} {kind} {text}"
    return hmac.digest(hashing_key(context="access.likeness"), said.encode(), "sha256")[:16]

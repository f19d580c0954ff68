"""Asking for erasure, and doing what the law allows."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.erasing import erase_contact, erase_identity, erase_sharing
from teleward.consult.operations.erasing import erase_people
from teleward.devices.operations.erasing import erase_readings
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.records.operations.erasing import erase_traces
from teleward.trust.models import ErasureAnswer, ErasureRequest
from teleward.trust.queries.keeping import ANSWERED, ASKED, Kept, kept_of_patient, may_all_go
from teleward.trust.queries.telling import patient_of

LONGEST = 4000
ERASERS: dict[str, Callable[..., None]] = {"contact": erase_contact, "sharing": erase_sharing}
EVERYTHING = "everything"  # at once, with the patient's key
BY_HAND = frozenset({"ledger"})  # the web process has no right to it: `teleward ledger` on the server


class AlreadyAsked(Problem):
    """A request is open."""

    code = "trust:already-asked"
    status = 409
    message = _("You have already asked for this. The answer will appear on your page.")


class ErasureAnswered(Problem):
    """This request has its answer."""

    code = "trust:erasure-answered"
    status = 409
    message = _("This request has been answered already. Reload the page to see the answer.")


class NotErasable(Problem):
    """The law wants it kept."""

    code = "trust:not-erasable"
    status = 409
    message = _("The law wants this to be kept for now. Choose only what can go.")


class AnswerMissing(Problem):
    """The patient is told nothing, or far too much."""

    code = "trust:answer-missing"
    message = _("Please write a few words to the patient, at most 4,000 characters.")


@transaction.atomic
def ask_for_erasure(*, grant: Grant, words: str) -> UUID:
    """The patient asks that their data be erased. Raises AlreadyAsked."""
    grant.must_cover(Action.ERASURE_ASK)
    patient = patient_of(grant)
    if ErasureRequest.objects.filter(patient=patient, answer=None).exists():
        raise AlreadyAsked
    sealed = seal(patient=patient, plaintext=words.strip()[:LONGEST].encode(), context=ASKED)
    row = ErasureRequest.objects.create(organisation_id=grant.organisation, patient_id=patient, words=sealed)
    publish(Event.ERASURE_ASKED, erasure=row.id)
    record(grant=grant, detail={"erasure": str(row.id)})
    return row.id


@transaction.atomic
def answer_erasure(*, grant: Grant, erase: tuple[str, ...], words: str) -> None:
    """Erases the chosen kinds of data and tells the patient what went and what stays until when.

    Raises NotFound, ErasureAnswered, NotErasable or AnswerMissing.
    """
    grant.must_cover(Action.ERASURE_ANSWER)
    row = ErasureRequest.objects.select_for_update(of=("self",)).filter(id=grant.about).first()
    if row is None:
        raise NotFound
    if ErasureAnswer.objects.filter(request=row).exists():
        raise ErasureAnswered
    if not 0 < len(words.strip()) <= LONGEST:
        raise AnswerMissing
    kept = kept_of_patient(grant=grant)
    chosen = _chosen(kept, set(erase))
    _answer(grant, row, kept, chosen, words.strip())
    _erase(grant, {EVERYTHING} if EVERYTHING in erase else chosen)


def _erase(grant: Grant, chosen: set[str]) -> None:
    for key, eraser in ERASERS.items():
        if key in chosen or EVERYTHING in chosen:
            eraser(grant=grant)
    if EVERYTHING in chosen:
        erase_people(grant=grant)
        erase_readings(grant=grant)
        erase_traces(grant=grant)
        erase_identity(grant=grant)


def _chosen(kept: tuple[Kept, ...], erase: set[str]) -> set[str]:
    """The kinds of data that go. Raises NotErasable."""
    if EVERYTHING in erase and may_all_go(kept=kept):
        return {each.rule.key for each in kept} - BY_HAND
    if not erase <= {each.rule.key for each in kept if each.may_go and each.rule.key in ERASERS}:
        raise NotErasable
    return erase


def _answer(grant: Grant, row: ErasureRequest, kept: tuple[Kept, ...], erase: set[str], words: str) -> None:
    stays = [each for each in kept if each.rule.key not in erase]
    ErasureAnswer.objects.create(
        request=row,
        erased=[each.rule.key for each in kept if each.rule.key in erase],
        kept={each.rule.key: each.until.isoformat() if each.until else "" for each in stays},
        words=seal(patient=row.patient_id, plaintext=words.encode(), context=ANSWERED),
        by_id=_somebody(grant),
    )
    record(grant=grant, detail={"erased": sorted(erase)})


def _somebody(grant: Grant) -> UUID:
    if grant.actor.id is None:
        raise NotFound
    return grant.actor.id

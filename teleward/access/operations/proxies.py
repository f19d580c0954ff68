"""Giving somebody access to one's own page, and taking it back at once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import PatientKey, Proxy, ProxyOffer
from teleward.access.queries.proxies import LABEL
from teleward.access.subjects import Subject
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.ids import new_token, token_hash

OFFER = timedelta(days=7)
LONGEST = 80


class OfferOver(Problem):
    """The link was used, withdrawn, or is too old."""

    code = "access:offer-over"
    status = 410
    message = _("This link cannot be used any more. Please ask the person who gave it to you for a new one.")


class OwnOffer(Problem):
    """Nobody is their own proxy."""

    code = "access:own-offer"
    status = 409
    message = _("This link is for the person you want to give access. Please pass it on to them.")


class WhomMissing(Problem):
    """The patient did not say whom it is for."""

    code = "access:whom-missing"
    message = _("Please write whom it is for, so that you recognise it later.")


@transaction.atomic
def offer_access(*, grant: Grant, label: str, may_see_ledger: bool, may_see_readings: bool = False) -> str:
    """The secret of a link, shown once: whoever takes it may open the page of the grant's patient.

    Raises WhomMissing.
    """
    grant.must_cover(Action.PROXY_CHANGE)
    if not 0 < len(label.strip()) <= LONGEST:
        raise WhomMissing
    token = new_token()
    row = ProxyOffer.objects.create(
        patient_id=grant.about,
        token_hash=token_hash(token),
        label=seal(patient=grant.about, plaintext=label.strip().encode(), context=LABEL),
        may_see_ledger=may_see_ledger,
        may_see_readings=may_see_readings,
        expires_at=now() + OFFER,
    )
    record(grant=grant, detail={"offer": str(row.id), "scope": _scope(row)})
    return token


@transaction.atomic
def take_access(*, grant: Grant, token: str) -> UUID:
    """Whoever is signed in becomes the proxy; returns the patient whose page is open to them now.

    The grant is over the reader's own page; the patient's chain is told too. Raises OfferOver or OwnOffer.
    """
    grant.must_cover(Action.PROXY_CHANGE)
    row = ProxyOffer.objects.select_for_update().filter(token_hash=token_hash(token)).first()
    if row is None or row.taken_at or row.withdrawn_at or row.expires_at <= now():
        raise OfferOver
    if grant.actor.id is None or row.patient_id == grant.subject.patient:
        raise OwnOffer
    row.taken_by_id, row.taken_at = grant.actor.id, now()
    row.save(update_fields=["taken_by", "taken_at"])
    _end(Proxy.objects.filter(patient=row.patient_id, person=grant.actor.id))
    Proxy.objects.create(
        person_id=grant.actor.id,
        patient_id=row.patient_id,
        may_see_ledger=row.may_see_ledger,
        may_see_readings=row.may_see_readings,
        given_at=now(),
    )
    told = {"proxy": str(grant.actor.id), "scope": _scope(row)}
    record(grant=replace(grant, subject=_giver(row)), detail=told)
    return row.patient_id


@transaction.atomic
def withdraw_access(*, grant: Grant, proxy: UUID) -> None:
    """The patient takes an access back: from now on it opens nothing. Raises NotFound."""
    grant.must_cover(Action.PROXY_CHANGE)
    if not _end(Proxy.objects.filter(id=proxy, patient=grant.about)):
        raise NotFound
    record(grant=grant, detail={"withdrawn": str(proxy)})


@transaction.atomic
def withdraw_offer(*, grant: Grant, offer: UUID) -> None:
    """The patient takes a link back that nobody has used. Raises NotFound."""
    grant.must_cover(Action.PROXY_CHANGE)
    rows = ProxyOffer.objects.filter(id=offer, patient=grant.about, taken_at=None, withdrawn_at=None)
    if not rows.update(withdrawn_at=now()):
        raise NotFound
    record(grant=grant, detail={"withdrawn": str(offer)})


def _end(rows: QuerySet[Proxy]) -> int:
    return rows.filter(withdrawn_at=None).update(withdrawn_at=now())


def _giver(row: ProxyOffer) -> Subject:
    organisation = PatientKey.objects.values_list("organisation", flat=True).get(id=row.patient_id)
    return Subject(kind="Patient", id=row.patient_id, organisation=organisation, patient=row.patient_id)


def _scope(row: ProxyOffer) -> str:
    also = [("accesses", row.may_see_ledger), ("readings", row.may_see_readings)]
    return " and ".join(["page", *(name for name, is_given in also if is_given)])

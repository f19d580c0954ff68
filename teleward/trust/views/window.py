"""The patient's own window: appointments, receipts, and who saw their data; for a proxy, somebody else's."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.access.queries.people import organisation
from teleward.access.queries.proxies import pages_open_to_me, sees_ledger, sees_readings
from teleward.consult.queries.visits import visits_of_patient
from teleward.kernel.clock import now
from teleward.trust.kinds import kind_of_data, what_for
from teleward.trust.queries.accesses import Accesses, Sieve, accesses
from teleward.trust.queries.objections import objections_of_patient
from teleward.trust.queries.proofs import MOST, Proofs, chain_name, proof_file_text, proofs
from teleward.trust.views.whose import number, own, whose

FILE_TYPE = "application/json; charset=utf-8"


@require_safe
@gate(Action.WINDOW_OPEN, subject=whose)
def window(request: HttpRequest, *, grant: Grant, patient: UUID | None = None) -> HttpResponse:
    """Appointments to come and those past, and the ways on."""
    visits, at = visits_of_patient(grant=grant), now()
    coming = sorted((v for v in visits if v.ends_at >= at and v.is_open), key=lambda v: v.starts_at)
    facts: dict[str, Any] = {
        "practice": organisation(organisation_id=grant.organisation),
        "coming": coming,
        "past": [v for v in visits if v not in coming],
        "who_saw": _address("who-saw", patient),
    }
    if patient is None:
        facts |= {"objections": objections_of_patient(grant=grant), "pages": pages_open_to_me(grant=grant)}
        return render(request, "trust/window.html", facts)
    facts |= _of_somebody(grant, patient)
    return render(request, "trust/window_of.html", facts)


@require_safe
@gate(Action.LEDGER_READ, subject=whose)
def who_saw(request: HttpRequest, *, grant: Grant, patient: UUID | None = None) -> HttpResponse:
    """Who saw the data: one sentence per access, grouped by visit, with the proof at the top."""
    asked = {name: request.GET.get(name, "")[:64] for name in ("actor", "purpose", "data")}
    page = accesses(grant=grant, before=number(request, "before"), sieve=Sieve(**asked))
    facts = {
        "page_of": page,
        "asked": asked,
        "choices": _choices(page),
        "is_sieved": any(asked.values()),
        "is_all": not any(asked.values()),
        "sieve": urlencode({name: word for name, word in asked.items() if word}),
        "is_broken": not page.is_whole,
        "is_newest": not request.GET.get("before"),
        "chain": chain_name(grant=grant),
        "proofs": _address("proofs", patient),
        "here": _address("who-saw", patient),
        "practice": organisation(organisation_id=grant.organisation),
        "is_own": patient is None,
    }
    return render(request, "trust/who_saw.html", facts)


@require_safe
@gate(Action.LEDGER_READ, subject=whose)
def entries(request: HttpRequest, *, grant: Grant, patient: UUID | None = None) -> JsonResponse:  # noqa: ARG001 - the gate's subject
    """Entries with their proofs for the page's script: `first` and `last` numbers, `seen` a size."""
    first, last, seen = (number(request, name) or 0 for name in ("first", "last", "seen"))
    return as_json(proofs(grant=grant, first=first, last=last, seen=seen))


@require_safe
@gate(Action.LEDGER_READ, subject=own)
def proof_file(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The proof as a file for `teleward verify`, for the entries shown: `first` and `last` numbers."""
    first, last = number(request, "first") or 0, number(request, "last") or 0
    text = proof_file_text(grant=grant, first=first, last=max(last, first - MOST + 1))
    named = f'attachment; filename="teleward-{first}-{last}.teleward-proof.json"'
    return HttpResponse(text, content_type=FILE_TYPE, headers={"Content-Disposition": named})


def as_json(found: Proofs) -> JsonResponse:
    """Proofs as the script reads them."""
    return JsonResponse(
        {
            "checkpoint": found.checkpoint,
            "key": found.key,
            "witnesses": found.witnesses,
            "consistency": found.consistency,
            "entries": found.entries,
            "damaged": found.is_damaged,
        }
    )


def _choices(page: Accesses) -> dict[str, list[tuple[str, str]]]:
    return {
        "actor": list(page.actors),
        "purpose": sorted(((each, what_for(each)) for each in page.purposes), key=lambda pair: pair[1]),
        "data": sorted(((each, kind_of_data(each)) for each in page.data), key=lambda pair: pair[1]),
    }


def _of_somebody(grant: Grant, patient: UUID) -> dict[str, object]:
    name = next((card.patient_name for card in pages_open_to_me(grant=grant) if card.patient == patient), "")
    return {"name": name, "patient": patient, **_sees(grant)}


def _sees(grant: Grant) -> dict[str, object]:
    return {"sees_ledger": sees_ledger(grant=grant), "sees_readings": sees_readings(grant=grant)}


def _address(name: str, patient: UUID | None) -> str:
    return reverse(f"trust:{name}-of", args=[patient]) if patient else reverse(f"trust:{name}")

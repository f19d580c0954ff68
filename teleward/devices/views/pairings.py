"""Devices at home: which gateways send a patient's readings. One page for staff, one for the patient."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.grants import Action, Grant, gate
from teleward.access.grants.loaded import loaded_for_them
from teleward.access.queries.bars import bar
from teleward.access.queries.people import organisation
from teleward.devices.kinds import KINDS
from teleward.devices.operations.pairing import PairingCode, end_pairing, make_code
from teleward.devices.queries.instruments import Instrument, instruments
from teleward.devices.queries.pairings import pairings
from teleward.devices.views.asking import own_patient, that_patient

NOTHING: Mapping[UUID, tuple[Instrument, ...]] = MappingProxyType({})


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Action.PAIRING_CHANGE, subject=that_patient)
@loaded_for_them
def of_patient(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """For staff: the patient's gateways; a POST makes a code for another one."""
    place = {
        "who": bar(grant=grant),
        "template": "devices/pairings.html",
        "address": reverse("devices:pairings", kwargs={"patient": patient}),
        "back": f"/patients/{patient}/",
    }
    return _page(request, grant, place)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Action.PAIRING_CHANGE, subject=own_patient)
def own(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """For the patient: their own gateways; a POST makes a code for another one."""
    place = {
        "template": "devices/own_pairings.html",
        "address": reverse("devices:own-pairings"),
        "back": "/window/",
    }
    return _page(request, grant, place, instruments(grant=grant))


@require_POST
@gate(Action.PAIRING_CHANGE, subject=that_patient)
@loaded_for_them
def end(_request: HttpRequest, *, grant: Grant, patient: UUID, pairing: UUID) -> HttpResponse:
    """Staff end a pairing."""
    end_pairing(grant=grant, pairing=pairing, why="stopped")
    return HttpResponseRedirect(reverse("devices:pairings", kwargs={"patient": patient}))


@require_POST
@gate(Action.PAIRING_CHANGE, subject=own_patient)
def end_own(_request: HttpRequest, *, grant: Grant, pairing: UUID) -> HttpResponse:
    """The patient ends a pairing."""
    end_pairing(grant=grant, pairing=pairing, why="stopped")
    return HttpResponseRedirect(reverse("devices:own-pairings"))


def _page(
    request: HttpRequest,
    grant: Grant,
    place: Mapping[str, object],
    measured: Mapping[UUID, tuple[Instrument, ...]] = NOTHING,
) -> HttpResponse:
    code = make_code(grant=grant) if request.method == "POST" else None
    practice = organisation(organisation_id=grant.organisation)
    told = {pairing: ", ".join(map(_in_words, found)) for pairing, found in measured.items()}
    cards = [replace(card, measured_with=told.get(card.id, "")) for card in pairings(grant=grant)]
    context = {
        **place,
        "code": code,
        "letters": f"{code.code[:5]} {code.code[5:]}" if code else "",
        "drawing": _drawing(code) if code else "",
        "sending": [card for card in cards if card.ended_at is None],
        "ended": [card for card in cards if card.ended_at is not None],
        "zone": practice.time_zone,
        "place": practice.short_name,
    }
    return render(request, str(place["template"]), context)


def _in_words(each: Instrument) -> str:
    kind = str(KINDS[each.kind].word)
    return f"{each.name} ({kind})" if each.name else kind


def _drawing(code: PairingCode) -> SafeString:
    """The code as a QR code, on a white ground of its own."""
    return SafeString(  # a drawing we made ourselves
        segno.make(code.address, micro=False, error="m").svg_inline(
            scale=5, border=4, dark="#000", light="#fff", svgclass="tw-qr", lineclass=None
        )
    )

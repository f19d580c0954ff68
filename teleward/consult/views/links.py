"""The page that shows a link, once."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teleward.consult.cards import VisitCard
from teleward.consult.queries.guests import GuestCard
from teleward.consult.sms import gateway


def link_page(request: HttpRequest, *, visit: VisitCard, guest: GuestCard, url: str) -> HttpResponse:
    """The link with its QR code, to copy or to send, and the way into the room."""
    code = segno.make(url, error="m")
    drawing = code.svg_inline(scale=5, border=3, omitsize=True, svgclass="tw-code", lineclass=None)
    context = {"visit": visit, "guest": guest, "url": url, "code": drawing, "sms": gateway().delivers}
    return render(request, "consult/link.html", context)

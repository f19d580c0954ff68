"""The administrator's pages of connected programs."""

from dataclasses import asdict, fields
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.actions import Action
from teleward.access.grants import Grant, freshly, gate
from teleward.access.operations.clients import KINDS, Wish, WishFaulty, connect, disconnect
from teleward.access.queries.apps import app, apps
from teleward.access.smart import places
from teleward.access.views.answers import my_practice

KINDS_IN_WORDS = {
    "public": _("An app of people, in a browser or on a telephone"),
    "confidential": _("An app of people with a server of its own, which proves itself by a key"),
    "backend": _("A system that works by itself, without a person"),
}
changing = gate(Action.APP_CHANGE, subject=my_practice)


@require_safe
@gate(Action.APP_LIST, subject=my_practice)
def overview(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All programs, and what each may at most."""
    shown = {"apps": apps(grant=grant), "may_change": _may_change(grant), "kinds": KINDS_IN_WORDS}
    return render(request, "access/apps.html", shown)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def new(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """One more."""
    wish = _wish(request)
    if request.method != "POST":
        return _form(request, wish)
    try:
        made = connect(grant=grant, wish=wish)
    except WishFaulty as faulty:
        return _form(request, wish, faulty)
    return HttpResponseRedirect(reverse("access:app", args=[made]))


@require_safe
@gate(Action.APP_LIST, subject=my_practice)
def one(request: HttpRequest, client: UUID, *, grant: Grant) -> HttpResponse:
    """What its makers have to know, and what it may."""
    shown = {
        "app": app(grant=grant, client=client),
        "fhir": places.fhir(),
        "may_change": _may_change(grant),
        "kinds": KINDS_IN_WORDS,
    }
    return render(request, "access/app.html", shown)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def end(request: HttpRequest, client: UUID, *, grant: Grant) -> HttpResponse:
    """Disconnects it, with a reason."""
    shown = {"app": app(grant=grant, client=client), "reason": request.POST.get("reason", "")[:200]}
    if request.method != "POST":
        return render(request, "access/end_app.html", shown)
    try:
        disconnect(grant=grant, client=client, reason=str(shown["reason"]))
    except WishFaulty as faulty:
        return render(
            request, "access/end_app.html", {**shown, "problem": faulty.message}, status=faulty.status
        )
    return HttpResponseRedirect(reverse("access:apps"))


def _may_change(grant: Grant) -> bool:
    """Whether the way there is shown; the gate also asks how fresh the sign-in is."""
    return "administrator" in grant.actor.roles


def _wish(request: HttpRequest) -> Wish:
    return Wish(**{each.name: request.POST.get(each.name, "")[:20_000] for each in fields(Wish)})


def _form(request: HttpRequest, wish: Wish, faulty: WishFaulty | None = None) -> HttpResponse:
    shown = {
        "typed": asdict(wish),
        "kinds": [(kind, KINDS_IN_WORDS[kind], kind == wish.kind) for kind in KINDS],
        "wrong": {"keys": "", **({faulty.field: faulty.message} if faulty else {})},  # no method of a dict
    }
    return render(request, "access/new_app.html", shown, status=faulty.status if faulty else 200)

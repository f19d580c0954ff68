"""Family: naming relatives, and the privacy officer's list of who stays out of whose record."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, gate
from teleward.access.operations.kin import (
    RELATIONS,
    Relative,
    RelativeUnclear,
    forget_kinship,
    name_relative,
)
from teleward.access.queries.lifecycle import kinships
from teleward.access.queries.people import staff_names
from teleward.access.views.answers import my_practice, myself, refused
from teleward.access.views.people import a_person
from teleward.kernel.errors import Problem

WORDS = {
    "partner": _("Partner"),
    "child": _("Child"),
    "parent": _("Parent"),
    "sibling": _("Brother or sister"),
    "other": pgettext_lazy("a relative", "Other"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.KIN_NAME, subject=myself)
def mine(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A member of staff names a relative."""
    return _form(request, grant, "")


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.KIN_CHANGE, subject=a_person)
def of_colleague(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """The privacy officer names a relative of a colleague."""
    names = staff_names(organisation_id=grant.organisation)
    return _form(request, grant, names[person].name if person in names else "")


@require_GET
@gate(Action.KIN_CHANGE, subject=my_practice)
def everybody(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Who stays out of whose record."""
    shown = {
        "kin": [(card, WORDS[card.relation]) for card in kinships(grant=grant)],
        "colleagues": staff_names(organisation_id=grant.organisation).values(),
    }
    return render(request, "access/kinships.html", shown)


@require_POST
@gate(Action.KIN_CHANGE, subject=my_practice)
def forget(request: HttpRequest, kinship: UUID, *, grant: Grant) -> HttpResponse:
    """A wrong entry goes."""
    del request
    forget_kinship(grant=grant, kinship=kinship)
    return HttpResponseRedirect(reverse("access:kinships"))


def _form(request: HttpRequest, grant: Grant, name: str) -> HttpResponse:
    form = request.POST
    shown = {
        "name": name,
        "relations": [(word, WORDS[word], word == form.get("relation")) for word in RELATIONS],
        "given": form.get("given_name", "")[:120],
        "family": form.get("family_name", "")[:120],
        "born": form.get("born_on", "")[:10],
    }
    if request.method != "POST":
        return render(request, "access/kin.html", shown)
    try:
        name_relative(grant=grant, person=grant.about, relative=_relative(request))
    except Problem as problem:
        return refused(request, "access/kin.html", problem, **shown)
    return render(request, "access/kin_named.html", {"name": name})


def _relative(request: HttpRequest) -> Relative:
    form = request.POST
    try:
        born_on = date.fromisoformat(form.get("born_on", ""))
    except ValueError as unreadable:
        raise RelativeUnclear from unreadable
    return Relative(
        given_name=form.get("given_name", "")[:120],
        family_name=form.get("family_name", "")[:120],
        born_on=born_on,
        relation=form.get("relation", ""),
    )

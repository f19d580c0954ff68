"""Looking after people: who is here, who is invited, whose access ends."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, freshly, gate
from teleward.access.operations import invitations
from teleward.access.operations.deactivation import deactivate
from teleward.access.operations.people import ROLES
from teleward.access.operations.ways_back import open_way_back
from teleward.access.queries.staff import colleague, colleagues, open_invitations, person_subject
from teleward.access.role_names import role_name
from teleward.access.views.answers import my_practice, refused
from teleward.kernel.errors import Problem


def _person(request: HttpRequest, person: UUID) -> Subject:
    del request
    return person_subject(person=person)


@require_GET
@gate(Action.STAFF_LIST, subject=my_practice)
def staff(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Everybody who works here, and everybody who is invited."""
    shown = {"colleagues": colleagues(grant=grant), "invitations": open_invitations(grant=grant)}
    return render(request, "access/staff.html", shown)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.STAFF_INVITE, subject=my_practice)
def invite(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The form that invites a colleague."""
    form = request.POST
    shown = {
        "roles": [(role, role_name(role), role in form.getlist("roles")) for role in ROLES],
        "name": form.get("name", "")[:120],
        "email": form.get("email", "")[:254],
        "by_mail": form.get("by", "email") == "email",
    }
    if request.method != "POST":
        return render(request, "access/invite.html", shown)
    try:
        issued = invitations.invite(
            grant=grant,
            name=str(shown["name"]),
            email=str(shown["email"]),
            roles=tuple(form.getlist("roles")),
            by_mail=bool(shown["by_mail"]),
        )
    except Problem as problem:
        return refused(request, "access/invite.html", problem, wrong=problem.code, **shown)
    return render(
        request, "access/invited.html", {"issued": issued, "name": shown["name"], "back": "access:staff"}
    )


@freshly
@require_POST
@gate(Action.STAFF_INVITE, subject=my_practice)
def invite_again(request: HttpRequest, invitation: UUID, *, grant: Grant) -> HttpResponse:
    """A new link in place of the old one."""
    by_mail = request.POST.get("by") == "email"
    issued = invitations.send_again(grant=grant, invitation=invitation, by_mail=by_mail)
    return render(request, "access/invited.html", {"issued": issued, "back": "access:staff"})


@freshly
@require_POST
@gate(Action.STAFF_INVITE, subject=my_practice)
def withdraw(request: HttpRequest, invitation: UUID, *, grant: Grant) -> HttpResponse:
    """Takes an invitation back."""
    del request
    invitations.withdraw(grant=grant, invitation=invitation)
    return HttpResponseRedirect(reverse("access:staff"))


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.STAFF_DEACTIVATE, subject=_person)
def deactivation(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """Ends a colleague's access, after a question."""
    shown = {"colleague": colleague(grant=grant), "reason": request.POST.get("reason", "")[:200]}
    if request.method != "POST":
        return render(request, "access/deactivate.html", shown)
    try:
        deactivate(grant=grant, person=person, reason=str(shown["reason"]))
    except Problem as problem:
        return refused(request, "access/deactivate.html", problem, **shown)
    return HttpResponseRedirect(reverse("access:staff"))


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.STAFF_READMIT, subject=_person)
def way_back(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """A new invitation for a colleague who lost every way to sign in, after a question."""
    shown = {
        "colleague": colleague(grant=grant),
        "by_mail": request.POST.get("by", "email") == "email",
    }
    if request.method != "POST":
        return render(request, "access/way_back.html", shown)
    try:
        issued = open_way_back(grant=grant, person=person, by_mail=bool(shown["by_mail"]))
    except Problem as problem:
        return refused(request, "access/way_back.html", problem, **shown)
    return render(request, "access/invited.html", {"issued": issued, "back": "access:staff"})

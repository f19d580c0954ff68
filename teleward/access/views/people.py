"""One colleague: the roles they have from when to when, who stands in for them, and when they leave."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, gate
from teleward.access.grants.fresh import freshly
from teleward.access.operations import cover, leaving, roles
from teleward.access.operations.people import ROLES
from teleward.access.queries.lifecycle import covering_colleagues, member
from teleward.access.queries.staff import person_subject
from teleward.access.role_names import role_name
from teleward.access.views.answers import refused
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem


def a_person(request: HttpRequest, person: UUID, **_url: object) -> Subject:
    """The colleague in the address."""
    del request
    return person_subject(person=person)


change = gate(Action.STAFF_CHANGE, subject=a_person)


@require_GET
@gate(Action.STAFF_LIST, subject=a_person)
def one(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """A colleague with everything that is planned for them."""
    del person
    shown = {"member": member(grant=grant), "may_change": "administrator" in grant.actor.roles}
    return render(request, "access/member.html", shown)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@change
def new_role(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """Gives a role, from one day on or for some days."""
    form = request.POST
    shown = {
        "member": member(grant=grant),
        "roles": [(role, role_name(role), role == form.get("role")) for role in ROLES],
        "first": form.get("first", today().isoformat()),
        "last": form.get("last", ""),
    }

    def give() -> None:
        first, last = _day(form.get("first")), form.get("last")
        roles.give_role(
            grant=grant,
            person=person,
            role=form.get("role", ""),
            starts_at=now() if first <= today() else start_of(first),
            ends_at=end_of(_day(last)) if last else None,
        )

    return _asked(request, "access/new_role.html", shown, give)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@change
def end_role(request: HttpRequest, person: UUID, role: UUID, *, grant: Grant) -> HttpResponse:
    """Ends a role, at once or after a last day."""
    shown = {"member": member(grant=grant), "last": request.POST.get("last", "")}
    shown["role"] = next((card for card in member(grant=grant).roles if card.id == role), None)

    def end() -> None:
        last = request.POST.get("last")
        roles.end_role(grant=grant, person=person, role=role, at=end_of(_day(last)) if last else now())

    return _asked(request, "access/end_role.html", shown, end)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@change
def leave(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """Plans the last day of a colleague."""
    shown = {
        "member": member(grant=grant),
        "last": request.POST.get("last", ""),
        "reason": request.POST.get("reason", "")[:200],
    }

    def plan() -> None:
        last = _day(request.POST.get("last"))
        leaving.plan_leaving(grant=grant, person=person, at=end_of(last), reason=str(shown["reason"]))

    return _asked(request, "access/leaving.html", shown, plan)


@freshly
@require_POST
@change
def stay(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """They stay after all."""
    leaving.cancel_leaving(grant=grant, person=person)
    return _back(request)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@change
def new_cover(request: HttpRequest, person: UUID, *, grant: Grant) -> HttpResponse:
    """Somebody stands in for this colleague, from one day to another."""
    form = request.POST
    shown = {
        "member": member(grant=grant),
        "colleagues": [
            (str(one.id), one.name, str(one.id) == form.get("by")) for one in covering_colleagues(grant=grant)
        ],
        "first": form.get("first", today().isoformat()),
        "last": form.get("last", ""),
    }

    def give() -> None:
        first, last = _day(form.get("first")), _day(form.get("last"))
        starts_at = now() if first <= today() else start_of(first)
        cover.give_cover(
            grant=grant, person=_id(form.get("by")), covers=person, starts_at=starts_at, ends_at=end_of(last)
        )

    return _asked(request, "access/new_cover.html", shown, give)


@freshly
@require_POST
@change
def end_cover(request: HttpRequest, person: UUID, cover: UUID, *, grant: Grant) -> HttpResponse:
    """Nobody stands in any more."""
    _end_cover(grant=grant, person=person, cover=cover)
    return _back(request)


_end_cover = cover.end_cover


def today() -> date:
    """The date on the practice's wall."""
    return timezone.localdate(now())


def start_of(day: date) -> datetime:
    """The first instant of the day in the practice."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The first instant after the day in the practice."""
    return start_of(day + timedelta(days=1))


def _asked(
    request: HttpRequest, template: str, shown: dict[str, object], work: Callable[[], None]
) -> HttpResponse:
    if request.method != "POST":
        return render(request, template, shown)
    try:
        work()
    except Problem as problem:
        return refused(request, template, problem, **shown)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    return HttpResponseRedirect(reverse("access:member", args=[match.kwargs["person"]] if match else []))


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError as unreadable:
        raise roles.DatesTurned from unreadable


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as unreadable:
        raise cover.CoverImpossible from unreadable

"""Once a quarter: who still needs which role."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, gate
from teleward.access.operations.recertification import confirm_role
from teleward.access.operations.roles import end_role
from teleward.access.queries.recertification import people_to_confirm
from teleward.access.signin.limits import ACCOUNT, RECERTIFICATION
from teleward.access.views.answers import my_practice
from teleward.access.views.people import a_person
from teleward.kernel.clock import now


@require_GET
@gate(Action.STAFF_RECERTIFY, subject=my_practice)
def review(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Each person with their roles, when they were last here, and what is overdue."""
    people = people_to_confirm(grant=grant)
    shown = {
        "people": people,
        "overdue": sum(person.is_overdue for person in people),
        "days": RECERTIFICATION.every.days,
        "grace": RECERTIFICATION.grace.days,
        "unused": ACCOUNT.unused.days,
        "ends": RECERTIFICATION.ends_after_grace,
    }
    return render(request, "access/recertification.html", shown)


@require_POST
@gate(Action.STAFF_RECERTIFY, subject=a_person)
def confirm(request: HttpRequest, person: UUID, role: UUID, *, grant: Grant) -> HttpResponse:
    """Still needed."""
    del request
    confirm_role(grant=grant, person=person, role=role)
    return HttpResponseRedirect(f"{reverse('access:recertification')}#person-{person}")


@require_POST
@gate(Action.STAFF_RECERTIFY, subject=a_person)
def end(request: HttpRequest, person: UUID, role: UUID, *, grant: Grant) -> HttpResponse:
    """No longer needed: the role ends now."""
    del request
    end_role(grant=grant, person=person, role=role, at=now())
    return HttpResponseRedirect(f"{reverse('access:recertification')}#person-{person}")

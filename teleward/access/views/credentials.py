"""Changing how one signs in. Each page asks for a proof not older than five minutes."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, freshly, gate
from teleward.access.operations import one_time_codes, passkeys
from teleward.access.operations.one_time_codes import CodeWrong, PasswordTooWeak, begin_password_and_app
from teleward.access.operations.passkeys import LastWayIn
from teleward.access.operations.recovery import new_recovery_codes
from teleward.access.queries.credentials import ways_in
from teleward.access.views.answers import (
    answer_in,
    credential_in,
    myself,
    onward,
    refused,
    text_in,
)

change = gate(Action.CREDENTIAL_CHANGE, subject=myself)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("access:account"))


@freshly
@require_GET
@change
def new_passkey(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The page on which a passkey is added."""
    del grant
    return render(request, "access/new_passkey.html")


@freshly
@require_POST
@change
def passkey_question(request: HttpRequest, *, grant: Grant) -> JsonResponse:
    """What the browser needs to make one more passkey."""
    del request
    return JsonResponse(passkeys.ask_for_new_passkey(grant=grant))


@freshly
@require_POST
@change
def add_passkey(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The new passkey."""
    body = answer_in(request)
    passkeys.add_passkey(grant=grant, response=credential_in(body), label=text_in(body, "label"))
    return onward(reverse("access:account"))


@freshly
@require_POST
@change
def remove_passkey(request: HttpRequest, passkey: UUID, *, grant: Grant) -> HttpResponse:
    """Takes one passkey away."""
    try:
        passkeys.remove_passkey(grant=grant, passkey=passkey)
    except LastWayIn as problem:
        return refused(request, "access/kept.html", problem)
    return _back()


@freshly
@sensitive_post_parameters("password", "sealed", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@change
def password_and_app(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A password together with an authenticator app, in place of those before."""
    sealed = request.POST.get("sealed", "")
    shown = {"enrolment": begin_password_and_app(grant=grant, sealed=sealed)}
    if request.method != "POST":
        return render(request, "access/password_and_app.html", shown)
    password, code = request.POST.get("password", ""), request.POST.get("code", "")[:16]
    try:
        one_time_codes.set_password_and_app(grant=grant, password=password, sealed=sealed, code=code)
    except (PasswordTooWeak, CodeWrong) as problem:
        return refused(request, "access/password_and_app.html", problem, wrong=problem.code, **shown)
    return _back()


@freshly
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@change
def change_password(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A new password; the app stays."""
    if request.method != "POST":
        return render(request, "access/change_password.html")
    try:
        one_time_codes.change_password(grant=grant, password=request.POST.get("password", ""))
    except PasswordTooWeak as problem:
        return refused(request, "access/change_password.html", problem, wrong=problem.code)
    return _back()


@freshly
@require_POST
@change
def remove_password(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """From now on only passkeys."""
    try:
        one_time_codes.remove_password_and_app(grant=grant)
    except LastWayIn as problem:
        return refused(request, "access/kept.html", problem)
    return _back()


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@change
def recovery_codes(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Ten new codes, shown once."""
    if request.method != "POST":
        return render(request, "access/recovery_codes.html")
    return render(request, "access/recovery_codes_shown.html", {"codes": new_recovery_codes(grant=grant)})


@require_POST
@gate(Action.CREDENTIAL_READ, subject=myself)
def recovery_codes_saved(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The person says that the codes are in a safe place."""
    if not request.POST.get("saved") or not ways_in(grant=grant).codes_left:
        return HttpResponseRedirect(reverse("access:recovery-codes"))
    return HttpResponseRedirect("/")

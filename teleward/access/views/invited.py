"""The pages of somebody who was invited: who invites them, and how they would like to sign in from now on."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.grants import Circumstances, open_because
from teleward.access.operations.acceptance import (
    accept_by_passkey,
    accept_by_password,
    ask_for_first_passkey,
    enrolment_for_invited,
)
from teleward.access.operations.invitations import invitation_behind
from teleward.access.operations.one_time_codes import CodeWrong, PasswordTooWeak
from teleward.access.views.answers import (
    answer_in,
    credential_in,
    onward,
    refused,
    text_in,
    user_agent,
    with_session,
)

OWN_LINK = "The link is the invited person's own; it shows what was said to them and nobody else's data."


@open_because(OWN_LINK)
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, and the two ways to sign in."""
    found = invitation_behind(token=token, circumstances=Circumstances.of(request))
    return render(
        request, "access/invitation.html", {"invitation": found, "house": found.clinic, "token": token}
    )


@open_because(OWN_LINK)
@require_POST
def first_passkey_question(request: HttpRequest, token: str) -> JsonResponse:
    """What the browser needs to make the first passkey."""
    del request
    return JsonResponse(ask_for_first_passkey(token=token))


@open_because(OWN_LINK)
@require_POST
def first_passkey(request: HttpRequest, token: str) -> HttpResponse:
    """The new passkey: it makes the person and signs them in."""
    body = answer_in(request)
    begun = accept_by_passkey(
        token=token,
        response=credential_in(body),
        label=text_in(body, "label"),
        circumstances=Circumstances.of(request),
        user_agent=user_agent(request),
    )
    rotate_token(request)
    return with_session(onward(reverse("access:recovery-codes")), begun)


@open_because(OWN_LINK)
@sensitive_post_parameters("password", "sealed", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest, token: str) -> HttpResponse:
    """A password together with an authenticator app."""
    sealed = request.POST.get("sealed", "")
    found = invitation_behind(token=token, circumstances=Circumstances.of(request))
    shown = {
        "invitation": found,
        "house": found.clinic,
        "token": token,
        "enrolment": enrolment_for_invited(token=token, sealed=sealed),
    }
    if request.method != "POST":
        return render(request, "access/first_password.html", shown)
    try:
        begun = accept_by_password(
            token=token,
            password=request.POST.get("password", ""),
            sealed=sealed,
            code=request.POST.get("code", "")[:16],
            circumstances=Circumstances.of(request),
            user_agent=user_agent(request),
        )
    except (PasswordTooWeak, CodeWrong) as problem:
        return refused(request, "access/first_password.html", problem, wrong=problem.code, **shown)
    rotate_token(request)
    return with_session(HttpResponseRedirect(reverse("access:recovery-codes")), begun)

"""Where programs get their keys, give them back and ask about them: forms in, JSON out, no cookie."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Circumstances, open_because
from teleward.access.operations.client_proofs import Asking
from teleward.access.operations.identity_tokens import published_keys
from teleward.access.operations.token_ends import end_own_key, introspect
from teleward.access.operations.tokens import token_for_program
from teleward.access.smart import places
from teleward.access.smart.metadata import openid_configuration, smart_configuration
from teleward.access.smart.problems import InvalidRequest, InvalidRequestTooOften, ProgramRefused

BY_PROOF = "A program proves itself each time; each key that is made, refused or ended is in the ledger."
PUBLIC = "It says how programs connect; nobody's data."
FORM = "application/x-www-form-urlencoded"
Answered = Callable[[Asking], HttpResponse]


def _endpoint(answer: Answered) -> Callable[..., HttpResponseBase]:
    """A view of the protocol; browsers of other origins may call it, since no cookie counts here."""

    @csrf_exempt  # no cookie counts here: whoever forges a request has to prove the program
    @open_because(BY_PROOF)
    @require_http_methods(["POST", "OPTIONS"])
    @sensitive_post_parameters()
    @sensitive_variables()
    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return _for_browsers(HttpResponse(status=204))
        try:
            return _for_browsers(answer(_asking(request)))
        except ProgramRefused as refused:
            return _for_browsers(_refusal(refused))

    return view


def _asking(request: HttpRequest) -> Asking:
    if request.content_type != FORM or any(len(values) > 1 for _name, values in request.POST.lists()):
        raise InvalidRequest("not-one-form")
    here = f"{places.origin()}{request.path}"
    return Asking(
        form=request.POST.dict(),
        circumstances=replace(Circumstances.of(request), via="api"),
        audiences=frozenset({places.token(), here}),
    )


def _refusal(refused: ProgramRefused) -> HttpResponse:
    body = {"error": refused.error, "error_description": refused.reason}
    response = JsonResponse(body, status=refused.status)
    if refused.status == InvalidRequestTooOften.status:
        response["Retry-After"] = "60"
    return response


def _for_browsers(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, POST"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"  # RFC 6749 5.1
    return response


def _made(asking: Asking) -> HttpResponse:
    return JsonResponse(token_for_program(asking=asking))


def _ended(asking: Asking) -> HttpResponse:
    end_own_key(asking=asking)
    return JsonResponse({})


def _told(asking: Asking) -> HttpResponse:
    return JsonResponse(introspect(asking=asking))


token, revoke, introspection = _endpoint(_made), _endpoint(_ended), _endpoint(_told)


@open_because(PUBLIC)
@require_safe
def smart(request: HttpRequest) -> HttpResponse:
    """How apps connect (SMART App Launch 2.2, conformance): JSON, whatever is asked for."""
    del request
    return _for_browsers(JsonResponse(smart_configuration()))


@open_because(PUBLIC)
@require_safe
def openid(request: HttpRequest) -> HttpResponse:
    """How identity tokens are checked (OpenID Connect Discovery 4)."""
    del request
    return _for_browsers(JsonResponse(openid_configuration()))


@open_because("Public keys.")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """What identity tokens are checked with."""
    del request
    return _for_browsers(JsonResponse(published_keys()))

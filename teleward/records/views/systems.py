"""The administrator's pages of the practice's other systems: what is connected, what waits, what is stuck."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.grants import Action, Grant, Subject, freshly, gate, open_because, whoever
from teleward.kernel.errors import NotFound
from teleward.records.connections.known import KINDS
from teleward.records.connections.words import reason
from teleward.records.operations import connections as work
from teleward.records.operations.connections import ConnectionFaulty, Wanted
from teleward.records.queries.connections import ConnectionCard, connection, connections, public_keys
from teleward.records.queries.outgoing import stuck_there, waiting_there

LONGEST = 4_000


def my_practice(request: HttpRequest, **_address: object) -> Subject:
    """The practice of whoever asks."""
    actor = whoever(request)
    return Subject(kind="Organisation", id=actor.organisation, organisation=actor.organisation)


changing = gate(Action.APP_CHANGE, subject=my_practice)


@require_safe
@gate(Action.APP_LIST, subject=my_practice)
def overview(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All of them, with how many wait and how many are stuck."""
    kinds = [(name, kind.words) for name, kind in KINDS.items()]
    shown = {"systems": connections(grant=grant), "may_change": _may_change(grant), "kinds": kinds}
    return render(request, "records/systems/all.html", shown)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def new(request: HttpRequest, kind: str, *, grant: Grant) -> HttpResponse:
    """One more."""
    if kind not in KINDS:
        raise NotFound
    wanted = _wanted(request, kind)
    if request.method != "POST":
        return _form(request, wanted)
    try:
        made = work.connect(grant=grant, wanted=wanted)
    except ConnectionFaulty as faulty:
        return _form(request, wanted, faulty)
    return _to(made)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def change(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:
    """Another name, address or setting."""
    card = connection(grant=grant, connection=system)
    if request.method != "POST":
        kept = Wanted(
            kind=card.kind, name=card.name, address=card.address, sends=card.sends, settings=card.settings
        )
        return _form(request, kept, card=card)
    wanted = _wanted(request, card.kind)
    try:
        work.change(grant=grant, connection=system, wanted=wanted)
    except ConnectionFaulty as faulty:
        return _form(request, wanted, faulty, card=card)
    return _to(system)


@require_safe
@gate(Action.APP_LIST, subject=my_practice)
def one(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:
    """How it is set up, what waits and what is stuck."""
    return _one(request, grant, system)


@freshly
@require_POST
@changing
def test(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:
    """Tries whether it works, and says so in a sentence."""
    found = work.test_connection(grant=grant, connection=system)
    tested = {"works": not found.reason, "why": reason(found.reason), "said": found.said}
    return _one(request, grant, system, tested=tested)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def pause(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:
    """Nothing is sent for a while."""
    card = connection(grant=grant, connection=system)
    if request.method != "POST":
        return render(request, "records/systems/pause.html", {"system": card})
    why = request.POST.get("why", "")[:LONGEST]
    try:
        work.pause(grant=grant, connection=system, why=why)
    except ConnectionFaulty as faulty:
        shown = {"system": card, "why": why, "problem": faulty.message}
        return render(request, "records/systems/pause.html", shown, status=faulty.status)
    return _to(system)


@freshly
@require_POST
@changing
def resume(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the shape of views
    """It goes on."""
    work.resume(grant=grant, connection=system)
    return _to(system)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def end(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:
    """Ends the connection for good, with a reason."""
    card = connection(grant=grant, connection=system)
    if request.method != "POST":
        return render(request, "records/systems/end.html", {"system": card})
    why = request.POST.get("why", "")[:LONGEST]
    try:
        work.disconnect(grant=grant, connection=system, why=why)
    except ConnectionFaulty as faulty:
        shown = {"system": card, "why": why, "problem": faulty.message}
        return render(request, "records/systems/end.html", shown, status=faulty.status)
    return HttpResponseRedirect(reverse("records:systems"))


@open_because("Public keys, by which another system knows that it is us.")
@require_safe
def keys(request: HttpRequest, system: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of views
    """The JWK set of one connection (RFC 7517 5)."""
    response = JsonResponse(public_keys(connection=system))
    response["Cache-Control"] = "public, max-age=300"
    return response


def _one(request: HttpRequest, grant: Grant, system: UUID, **more: object) -> HttpResponse:
    card = connection(grant=grant, connection=system)
    stuck = stuck_there(grant=grant, connection=system)
    shown = {
        "system": card,
        "keys": f"{settings.ORIGIN}{reverse('records:system-keys', args=[system])}",
        "facts": _facts(card),
        "waiting": waiting_there(grant=grant, connection=system),
        "stuck": stuck,
        "names_patients": any(item.whose for item in stuck),
        "hides_names": any(not item.whose for item in stuck),
        "may_change": _may_change(grant),
    }
    return render(request, "records/systems/one.html", {**shown, **more})


def _facts(card: ConnectionCard) -> list[tuple[object, str]]:
    kind = KINDS.get(card.kind)
    fields = kind.fields if kind else ()
    return [(each.label, str(card.settings.get(each.name, ""))) for each in fields]


def _may_change(grant: Grant) -> bool:
    """Whether the way there is shown; the gate also asks how fresh the sign-in is."""
    return "administrator" in grant.actor.roles


def _wanted(request: HttpRequest, kind: str) -> Wanted:
    typed = request.POST
    named = {each.name: typed.get(f"set-{each.name}", each.usual)[:LONGEST] for each in KINDS[kind].fields}
    sends = tuple(typed.getlist("sends")) if request.method == "POST" else KINDS[kind].sends
    return Wanted(
        kind=kind,
        name=typed.get("name", "")[:LONGEST],
        address=typed.get("address", "")[:LONGEST],
        sends=sends,
        settings=named,
    )


def _form(
    request: HttpRequest,
    wanted: Wanted,
    faulty: ConnectionFaulty | None = None,
    card: ConnectionCard | None = None,
) -> HttpResponse:
    kind, wrong = KINDS[wanted.kind], {faulty.field: faulty.message} if faulty else {}
    shown = {
        "wanted": wanted,
        "kind": kind,
        "fields": [(each, wanted.settings.get(each.name, ""), wrong.get(each.name)) for each in kind.fields],
        "sends": [(each, each in wanted.sends) for each in kind.sends],
        "wrong": wrong,
        "system": card,
    }
    return render(request, "records/systems/form.html", shown, status=faulty.status if faulty else 200)


def _to(system: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("records:system", args=[system]))

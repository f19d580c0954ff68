"""A new appointment, and the call that starts at once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.grants import Action, Grant, gate, would_allow
from teleward.access.queries.merging import must_be_kept
from teleward.access.queries.patients import patient, patient_subject, patients
from teleward.access.queries.people import StaffName, clinicians, organisation
from teleward.consult.forms import BookingForm
from teleward.consult.local_time import NoSuchTime, TwoSuchTimes, day_of, instant
from teleward.consult.operations.booking import Host, Who, Wish
from teleward.consult.operations.guests import show_link
from teleward.consult.operations.visits import (
    CALL_NOW_MINUTES,
    InThePast,
    NoMode,
    NotALength,
    Overlaps,
    book,
)
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import certain, visit_subject
from teleward.consult.queries.visits import nearest_free
from teleward.consult.views.asking import as_day, further, own_practice, practice_for
from teleward.consult.views.links import link_page
from teleward.kernel.clock import now

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@gate(Action.VISIT_BOOK, subject=practice_for)
def new_visit(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Asks for whom, then when, how long and how."""
    if "q" in request.GET:
        return HttpResponseRedirect(request.path)
    if grant.subject.patient is None:
        return render(request, "consult/new_visit_patient.html")
    _must_be_findable(request, grant)
    hosts = clinicians(grant=grant)
    if request.method == "GET":
        return _form_page(request, grant, BookingForm(hosts=hosts, initial=_first_values(request, grant)))
    form = BookingForm(request.POST, hosts=hosts)
    if not form.is_valid():
        return _form_page(request, grant, form, status=UNPROCESSABLE)
    return _try(request, grant, form, hosts)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.PATIENT_LIST, subject=own_practice)
def for_whom(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Finds the patient of a new appointment. Who is searched for stands in no address."""
    search = request.POST.get("q", "").strip()
    if request.method != "POST" or not search:
        return HttpResponseRedirect("/visits/new/")
    found = patients(grant=grant, search=search)
    return render(request, "consult/new_visit_patient.html", {"search": search, "found": found})


@require_POST
@gate(Action.VISIT_BOOK, subject=practice_for)
def call_now(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """One press: the visit, the patient's link on the screen, and the room one press away."""
    _must_be_findable(request, grant)
    host = next((each for each in clinicians(grant=grant) if each.id == grant.actor.id), None)
    if host is None:
        return HttpResponseRedirect(f"/visits/new/?patient={patient}")
    wish = Wish(
        host=_host(grant, host),
        patient=_who(grant),
        starts_at=now(),
        minutes=CALL_NOW_MINUTES,
        planned=False,
    )
    visit = book(grant=grant, wish=wish)
    inviting = further(request, grant, Action.VISIT_INVITE, visit_subject(visit=visit.id))
    guest = guests(grant=inviting)[0]
    link = show_link(grant=inviting, visit=visit.id, guest=guest.id)
    return link_page(request, visit=visit, guest=guest, url=link.url)


def _must_be_findable(request: HttpRequest, grant: Grant) -> None:
    """Whom no list shows to this person, they do not book by an id either. Raises Refused or EarlierFile.

    That is a record kept closer, their own, or their family's; the ledger has the refusal.
    """
    about = patient_subject(patient=certain(grant.subject.patient))
    if not would_allow(grant=grant, action=Action.PATIENT_LIST, subject=about):
        further(request, grant, Action.PATIENT_LIST, about)
    must_be_kept(patient=certain(grant.subject.patient))


def _form_page(
    request: HttpRequest, grant: Grant, form: BookingForm, *, status: int = 200, free: tuple[object, ...] = ()
) -> HttpResponse:
    practice = organisation(organisation_id=certain(grant.subject.organisation))
    about = patient(grant=grant, patient_id=certain(grant.subject.patient))
    context = {"form": form, "patient": about, "free": free, "zone": practice.time_zone}
    return render(request, "consult/new_visit.html", context, status=status)


def _first_values(request: HttpRequest, grant: Grant) -> dict[str, object]:
    practice = organisation(organisation_id=certain(grant.subject.organisation))
    asked = as_day(request.GET.get("date"))
    return {"day": asked or day_of(at=now(), zone=practice.time_zone), "host": str(grant.actor.id)}


def _try(request: HttpRequest, grant: Grant, form: BookingForm, hosts: list[StaffName]) -> HttpResponse:
    """Books, or shows the form again with the one sentence that helps."""
    wish: Wish | None = None
    try:
        wish = _wish(grant, form, hosts)
        made = book(grant=grant, wish=wish)
    except TwoSuchTimes as twice:
        form.ask_which()
        form.add_error("twice", str(twice.message))
    except (NoSuchTime, InThePast, Overlaps) as clash:
        form.add_error("clock", str(clash.message))
    except (NotALength, NoMode) as problem:
        form.add_error(None, str(problem.message))
    else:
        return HttpResponseRedirect(f"/visits/{made.id}/")
    return _form_page(request, grant, form, status=UNPROCESSABLE, free=_free(form, wish))


def _free(form: BookingForm, wish: Wish | None) -> tuple[object, ...]:
    if wish is None or "clock" not in form.errors:
        return ()
    wished = max(wish.starts_at, _next_round_time())
    found = nearest_free(host=wish.host.id, starts_at=wished, minutes=wish.minutes)
    return tuple(at for at in found if at >= now())


def _next_round_time() -> datetime:
    """The next moment that an appointment book would show: minutes that end in 0 or 5."""
    at = now().replace(second=0, microsecond=0)
    return at + timedelta(minutes=-at.minute % 5)


def _wish(grant: Grant, form: BookingForm, hosts: list[StaffName]) -> Wish:
    said = form.cleaned_data
    host = _host(grant, next(each for each in hosts if str(each.id) == said["host"]))
    return Wish(
        host=host,
        patient=_who(grant),
        starts_at=instant(day=said["day"], clock=said["clock"], zone=host.zone, second=form.second),
        minutes=said["minutes"],
        modes=tuple(said["modes"]),
        purpose=said["purpose"],
    )


def _host(grant: Grant, host: StaffName) -> Host:
    practice = organisation(organisation_id=certain(grant.subject.organisation))
    return Host(id=host.id, name=host.name, organisation=practice.id, zone=practice.time_zone)


def _who(grant: Grant) -> Who:
    found = patient(grant=grant, patient_id=certain(grant.subject.patient))
    return Who(id=found.id, name=found.name, language=found.language)

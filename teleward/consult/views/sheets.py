"""The sheets of the chart beside the call. Each asks the gate, and works without JavaScript too."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.access.grants.loaded import loaded_for_them
from teleward.consult.forms import CompanyForm, EndingForm, IdentityForm, NoteForm
from teleward.consult.operations.choices import say_company
from teleward.consult.operations.endings import begin_by_phone, end
from teleward.consult.operations.identity import identify
from teleward.consult.operations.notes import NoteChanged, NoteTooLong, save_note
from teleward.consult.queries.notes import NoteCard, notes_of_visit, versions
from teleward.consult.queries.receipts import receipt
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.templates import note_template, note_templates
from teleward.consult.queries.visits import purpose as purpose_of
from teleward.consult.queries.visits import visit as the_visit
from teleward.consult.views.asking import as_id, sent, that_visit
from teleward.consult.views.fragments import fragment

UNPROCESSABLE = 422
GET_POST = ["GET", "POST"]
TITLES = {
    "purpose": _("What it is about"),
    "identity": _("Who is there"),
    "consent": _("Consent"),
    "note": _("Note"),
    "ending": _("End of the consultation"),
}


@require_safe
@gate(Action.NOTE_READ, subject=that_visit)
def purpose(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """What the visit is about."""
    context = {"purpose": purpose_of(grant=grant)}
    return fragment(request, "consult/sheets/purpose.html", context, grant=grant, title=TITLES["purpose"])


@require_http_methods(GET_POST)
@gate(Action.VISIT_IDENTIFY, reading=Action.VISIT_HOST, subject=that_visit)
@loaded_for_them
def identity(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """How the clinician made sure who it is, and who else is in the clinician's room."""
    form, company = IdentityForm(sent(request)), CompanyForm(sent(request))
    saved = request.method == "POST" and form.is_valid() and company.is_valid()
    if saved:
        identify(grant=grant, visit=visit, how=form.cleaned_data["how"])
        say_company(grant=grant, visit=visit, who=company.cleaned_data["who"])
    context = {
        "form": form,
        "company": company,
        "receipt": receipt(grant=grant),
        "saved": saved,
        "visit": visit,
    }
    return _sheet(request, grant, "identity", context, form, saved=saved)


@require_safe
@gate(Action.VISIT_CONSENT, subject=that_visit)
def consent(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """Whether the patient has agreed, to what, and since when."""
    context = {"receipt": receipt(grant=grant)}
    return fragment(request, "consult/sheets/consent.html", context, grant=grant, title=TITLES["consent"])


@require_http_methods(GET_POST)
@gate(Action.NOTE_WRITE, reading=Action.NOTE_READ, subject=that_visit)
@loaded_for_them
def note(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The note: each saving is a version."""
    if request.method == "GET":
        return _note_page(request, grant, visit, None)
    if "insert" in request.POST:
        return _note_page(request, grant, visit, _with_template(request, grant), status=200)
    form = NoteForm(request.POST)
    if form.is_valid() and _kept(grant, visit, form):
        return _note_page(request, grant, visit, None, saved=True)
    return _note_page(request, grant, visit, form)


@require_safe
@gate(Action.NOTE_READ, subject=that_visit)
def note_versions(request: HttpRequest, *, grant: Grant, visit: UUID, author: UUID) -> HttpResponse:
    """Every saved text of one note."""
    context = {"versions": versions(grant=grant, author=author), "visit": visit}
    return render(request, "consult/note_versions.html", context)


@require_http_methods(GET_POST)
@gate(Action.VISIT_END, reading=Action.VISIT_HOST, subject=that_visit)
@loaded_for_them
def ending(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """How it ended: has to be said, and closes the room for everybody."""
    form = EndingForm(sent(request))
    if request.method == "POST" and form.is_valid():
        end(
            grant=grant,
            visit=visit,
            disposition=form.cleaned_data["disposition"],
            follow_up_offered=form.cleaned_data["follow_up_offered"],
        )
        if request.headers.get("HX-Request"):
            return render(request, "consult/sheets/ended.html", {"visit": visit})
        return HttpResponseRedirect(f"/visits/{visit}/")
    context = {"form": form, "visit": the_visit(grant=grant)}
    return _sheet(request, grant, "ending", context, form)


@require_http_methods(["POST"])
@gate(Action.VISIT_HOST, subject=that_visit)
def telephone_call(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """The clinician is calling on the telephone: the visit has begun."""
    begin_by_phone(grant=grant, visit=visit)
    return HttpResponseRedirect(f"/visits/{visit}/")


def _sheet(
    request: HttpRequest,
    grant: Grant,
    name: str,
    context: dict[str, object],
    form: forms.Form,
    *,
    saved: bool = False,
) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound and not saved else 200
    return fragment(
        request, f"consult/sheets/{name}.html", context, grant=grant, title=TITLES[name], status=status
    )


def _kept(grant: Grant, visit: UUID, form: NoteForm) -> bool:
    said = form.cleaned_data
    try:
        save_note(grant=grant, visit=visit, text=said["text"], after=said["after"])
    except (NoteChanged, NoteTooLong) as problem:
        form.add_error("text", str(problem.message))
        return False
    return True


def _with_template(request: HttpRequest, grant: Grant) -> NoteForm:
    """What was typed, untouched, with the chosen text below it. Nothing is saved yet."""
    chosen, typed = as_id(request.POST.get("template")), request.POST.get("text", "")
    text = note_template(grant=grant, template=chosen).text if chosen else ""
    both = "\n\n".join(filter(None, (typed.rstrip(), text)))
    return NoteForm(initial={"text": both, "after": request.POST.get("after", "0")})


def _note_page(
    request: HttpRequest,
    grant: Grant,
    visit: UUID,
    form: NoteForm | None,
    *,
    saved: bool = False,
    status: int | None = None,
) -> HttpResponse:
    found = notes_of_visit(grant=grant)
    own = next((each for each in found if each.author == certain(grant.actor.id)), None)
    context = {
        "form": form or NoteForm(initial=_values(own)),
        "own": own,
        "others": [each for each in found if each is not own],
        "saved": saved,
        "templates": note_templates(grant=grant),
        "visit": visit,
    }
    status = status or (UNPROCESSABLE if form else 200)
    return fragment(
        request, "consult/sheets/note.html", context, grant=grant, title=TITLES["note"], status=status
    )


def _values(own: NoteCard | None) -> dict[str, object]:
    return {"text": own.text if own else "", "after": own.versions if own else 0}

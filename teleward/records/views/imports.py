"""The administrator's pages of imports: bring a file, see how far it is, read what became of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Grant, freshly, gate, would_allow
from teleward.records.imports.forms import ImportForm
from teleward.records.imports.problems import ImportRefused, SourceMissing
from teleward.records.operations.imports import bring_import
from teleward.records.queries.imports import imports, lines_left, one_import
from teleward.records.views.systems import my_practice

UNPROCESSABLE = 422


@require_safe
@gate(Action.APP_LIST, subject=my_practice)
def overview(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All of them."""
    may = would_allow(grant=grant, action=Action.APP_CHANGE)
    return render(request, "records/imports/all.html", {"imports": imports(grant=grant), "may_bring": may})


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.APP_CHANGE, subject=my_practice)
def new(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Asks for the file and where it comes from."""
    if request.method != "POST":
        return render(request, "records/imports/new.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            brought = bring_import(grant=grant, content=said["file"].read(), source=said["source"])
        except ImportRefused as refused:
            form.add_error("source" if isinstance(refused, SourceMissing) else "file", str(refused.message))
        else:
            return HttpResponseRedirect(f"/imports/{brought}/")
    return render(request, "records/imports/new.html", {"form": form}, status=UNPROCESSABLE)


@require_safe
@gate(Action.APP_LIST, subject=my_practice)
def one(request: HttpRequest, *, grant: Grant, brought: UUID) -> HttpResponse:
    """How far it is; once it is done, what was not kept, with the place and the reason."""
    card = one_import(grant=grant, brought=brought)
    left = lines_left(grant=grant, brought=brought) if card.done_at else ()
    part = request.headers.get("HX-Request") and not card.done_at
    template = "records/imports/progress.html" if part else "records/imports/one.html"
    response = render(request, template, {"card": card, "left": left})
    response.headers["Vary"] = "HX-Request"
    if request.headers.get("HX-Request") and card.done_at:
        response.headers["HX-Refresh"] = "true"
    return response

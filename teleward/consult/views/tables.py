"""A table of appointments: brought, looked at, explained, booked, and what became of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.consult.operations.tables import book_table, bring_table, explain_table, put_away
from teleward.consult.queries.tables import TablePreview, preview, table_report
from teleward.consult.tables.decoding import written
from teleward.consult.tables.forms import ExplainForm, TableForm
from teleward.consult.tables.limits import MOST_SHOWN
from teleward.consult.tables.lines import Trouble
from teleward.consult.tables.problems import TableOver, TableRefused
from teleward.consult.tables.words import TROUBLES
from teleward.consult.views.asking import own_practice

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.VISIT_BOOK, subject=own_practice)
def tables(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Asks for the file."""
    if request.method != "POST":
        return render(request, "consult/tables/new.html", {"form": TableForm()})
    form = TableForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            table = bring_table(grant=grant, content=form.cleaned_data["file"].read())
        except TableRefused as refused:
            form.add_error("file", str(refused.message))
        else:
            return HttpResponseRedirect(f"/visits/tables/{table}/")
    return render(request, "consult/tables/new.html", {"form": form}, status=UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.VISIT_BOOK, subject=own_practice)
def one(request: HttpRequest, *, grant: Grant, table: UUID) -> HttpResponse:
    """What would be booked, row by row; and what a person says about the columns. Nothing is booked here."""
    shown = preview(grant=grant, table=table)
    if request.method != "POST":
        return _page(request, shown, ExplainForm(shown=shown))
    form = ExplainForm(request.POST, shown=shown)
    if not form.is_valid():
        return _page(request, shown, form, status=UNPROCESSABLE)
    explain_table(grant=grant, table=table, **form.said)
    return HttpResponseRedirect(f"/visits/tables/{table}/")


@require_POST
@gate(Action.VISIT_BOOK, subject=own_practice)
def booking(_request: HttpRequest, *, grant: Grant, table: UUID) -> HttpResponse:
    """Books what can be booked."""
    book_table(grant=grant, table=table)
    return HttpResponseRedirect(f"/visits/tables/{table}/report/")


@require_POST
@gate(Action.VISIT_BOOK, subject=own_practice)
def removal(_request: HttpRequest, *, grant: Grant, table: UUID) -> HttpResponse:
    """Puts the table away."""
    put_away(grant=grant, table=table)
    return HttpResponseRedirect("/visits/tables/")


@require_safe
@gate(Action.VISIT_BOOK, subject=own_practice)
def report(request: HttpRequest, *, grant: Grant, table: UUID) -> HttpResponse:
    """What became of each row."""
    return render(request, "consult/tables/report.html", {"report": table_report(grant=grant, table=table)})


@require_safe
@gate(Action.VISIT_BOOK, subject=own_practice)
def left(_request: HttpRequest, *, grant: Grant, table: UUID) -> HttpResponse:
    """The rows that were not booked, as a table that can be mended and brought again."""
    found = table_report(grant=grant, table=table)
    if not found.left:
        raise TableOver
    rows = [(*each.cells, str(TROUBLES[Trouble(each.trouble)])) for each in found.left]
    response = HttpResponse(written([found.headings, *rows]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="not-booked.csv"'
    return response


def _page(request: HttpRequest, shown: TablePreview, form: ExplainForm, *, status: int = 200) -> HttpResponse:
    context = {
        "shown": shown,
        "form": form,
        "rows": shown.rows[:MOST_SHOWN],
        "more": len(shown.rows) - MOST_SHOWN,
    }
    return render(request, "consult/tables/one.html", context, status=status)

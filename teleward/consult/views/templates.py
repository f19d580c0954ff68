"""The practice's templates for notes."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.grants import Action, Grant, gate
from teleward.consult.operations.templates import add_note_starters, add_template, end_template
from teleward.consult.queries.templates import note_template, note_templates
from teleward.consult.views.asking import own_practice

GET_POST = ["GET", "HEAD", "POST"]
ADDRESS, UNPROCESSABLE = "/templates/", 422


class TemplateForm(forms.Form):
    """A text that notes may begin with."""

    name = forms.CharField(label=_("Name"), max_length=80)
    text = forms.CharField(
        label=_("Text"),
        help_text=_("About no patient: headings and questions that you fill in each time."),
        max_length=5_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=own_practice)
def templates(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All that are offered, and a new one."""
    form = TemplateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        add_template(grant=grant, language=_language(), **form.cleaned_data)
        return HttpResponseRedirect(ADDRESS)
    context = {"found": note_templates(grant=grant), "form": form}
    return render(request, "consult/templates.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(GET_POST)
@gate(Action.FORM_CHANGE, subject=own_practice)
def template(request: HttpRequest, *, grant: Grant, template: UUID) -> HttpResponse:
    """One to be changed, or taken out of use."""
    card = note_template(grant=grant, template=template)
    if request.method == "POST" and "end" in request.POST:
        end_template(grant=grant, template=template)
        return HttpResponseRedirect(ADDRESS)
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=vars(card))
    if form.is_valid():
        add_template(grant=grant, language=card.language, instead_of=template, **form.cleaned_data)
        return HttpResponseRedirect(ADDRESS)
    context = {"card": card, "form": form}
    return render(request, "consult/template.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
@gate(Action.FORM_CHANGE, subject=own_practice)
def starting(request: HttpRequest, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the gate's shape
    """The templates that come with Teleward, in the reader's language."""
    add_note_starters(grant=grant, language=_language())
    return HttpResponseRedirect(ADDRESS)


def _language() -> str:
    return "de" if (get_language() or "").startswith("de") else "en"

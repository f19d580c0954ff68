"""The sheet on which a clinician says that a visit is to be kept closer."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, gate
from teleward.access.grants.loaded import loaded_for_them
from teleward.consult.operations.category import keep_visit_closer
from teleward.consult.queries.visits import category as category_of
from teleward.consult.views.asking import sent, that_visit
from teleward.consult.views.fragments import fragment
from teleward.consult.words import CATEGORIES


class CategoryForm(forms.Form):
    """What kind of visit it is, where it needs more care than others."""

    category = forms.ChoiceField(
        label=_("Keep this visit and its note closer?"),
        help_text=_(
            "Then only those with an appointment, the care team or an emergency open the note."
            " Answers and notes do not go into the chart any more, and no drafts are made;"
            " what is in the chart stays there."
        ),
        required=False,
        choices=list(CATEGORIES.items()),
    )


@require_http_methods(["GET", "POST"])
@gate(Action.NOTE_WRITE, reading=Action.NOTE_READ, subject=that_visit)
@loaded_for_them
def category(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """How the visit is kept, and saying it."""
    form = CategoryForm(sent(request))
    saved = form.is_valid()
    if saved:
        keep_visit_closer(grant=grant, visit=visit, category=form.cleaned_data["category"])
    kept = category_of(grant=grant)
    context = {"form": CategoryForm(initial={"category": kept}), "saved": saved, "visit": visit}
    return fragment(request, "consult/sheets/category.html", context, grant=grant, title=_("Kept closer"))

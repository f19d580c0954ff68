"""The review desk of the privacy officer: cases, figures, one case and its answer."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Circumstances, Grant, Subject, authorise, gate, whoever
from teleward.access.queries.figures import figures
from teleward.devices.queries.alerts import out_of_sight
from teleward.kernel.errors import Problem
from teleward.watch.operations import reviews
from teleward.watch.queries.cases import case_file, case_subject, cases
from teleward.watch.queries.figures import desk_figures
from teleward.watch.words import OUTCOMES

UNPROCESSABLE = 422


class ReviewForm(forms.Form):
    """What was found, and the words the patient reads."""

    outcome = forms.ChoiceField(
        label=_("What did you find?"), widget=forms.RadioSelect, choices=list(OUTCOMES.items())
    )
    policy = forms.CharField(
        label=_("Which rule is missing or wrong?"),
        help_text=_("Only where a rule is to be changed. For example “cover by rota for night calls”."),
        max_length=60,
        required=False,
    )
    words = forms.CharField(
        label=_("Your words to the patient"),
        help_text=_("Plain words, at least 15 characters. The patient reads this on their page."),
        min_length=reviews.SHORTEST,
        max_length=reviews.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> None:
        """A gap names its rule."""
        super().clean()
        if self.cleaned_data.get("outcome") == reviews.GAP and not self.cleaned_data.get("policy"):
            self.add_error("policy", _("Name the rule that is missing or wrong."))


def practice(request: HttpRequest) -> Subject:
    """The practice of whoever asks."""
    organisation = whoever(request).organisation
    return Subject(kind="Organisation", id=organisation, organisation=organisation)


def one(_request: HttpRequest, case: UUID) -> Subject:
    """One case."""
    return case_subject(case=case)


@require_safe
@gate(Action.CASE_LIST, subject=practice)
def desk(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """What waits, what is overdue, what was found, and how often all this happens."""
    counting = authorise(
        actor=grant.actor,
        action=Action.FIGURES_READ,
        subject=grant.subject,
        circumstances=Circumstances.of(request),
    )
    listed = cases(grant=grant)
    shown = {
        "unseen": out_of_sight(grant=grant, shown=()),
        "waiting": [each for each in listed if each.is_open],
        "over": [each for each in listed if not each.is_open],
        "figures": desk_figures(grant=counting),
        "people": vars(figures(grant=counting)),  # its own brackets look a figure up by name
    }
    return render(request, "watch/desk.html", shown)


@require_safe
@gate(Action.CASE_READ, subject=one)
def case(request: HttpRequest, case: UUID, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - in the grant
    """One case with everything that belongs to it."""
    return _page(request, grant, ReviewForm())


@require_http_methods(["POST"])
@gate(Action.CASE_REVIEW, subject=one)
def review(request: HttpRequest, case: UUID, *, grant: Grant) -> HttpResponse:
    """The answer."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, grant, form)
    try:
        reviews.review(grant=grant, **form.cleaned_data)
    except (reviews.AlreadyReviewed, reviews.OwnAccess) as problem:
        return _page(request, grant, form, problem)
    return HttpResponseRedirect(f"/watch/cases/{case}/")


def _page(
    request: HttpRequest, grant: Grant, form: ReviewForm, problem: Problem | None = None
) -> HttpResponse:
    shown = {"file": case_file(grant=grant), "form": form, "problem": problem.message if problem else ""}
    status = problem.status if problem else UNPROCESSABLE if form.is_bound else 200
    return render(request, "watch/case.html", shown, status=status)

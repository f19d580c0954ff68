"""The privacy officer's desk: requests for erasure."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, Subject, freshly, gate
from teleward.access.queries.merging import earlier_to_erase
from teleward.trust.operations.erasures import ERASERS, EVERYTHING, answer_erasure
from teleward.trust.queries import keeping
from teleward.trust.views.whose import practice


class ErasureAnswerForm(forms.Form):
    """What goes, and the words the patient reads."""

    erase = forms.MultipleChoiceField(
        label=_("What do you erase now?"),
        help_text=_("Only what no law keeps stands here. It cannot be taken back."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("Your answer to the patient"),
        help_text=_("Use plain words. The patient reads this on their page."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: object, kept: tuple[keeping.Kept, ...], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # Django's own arguments
        choices = [
            (each.rule.key, each.rule.words) for each in kept if each.may_go and each.rule.key in ERASERS
        ]
        if keeping.may_all_go(kept=kept):
            choices.append((EVERYTHING, str(_("Everything: account, name, and the key to the record"))))
        self.fields["erase"].choices = choices  # type: ignore[attr-defined]  # of a choice field


def one(_request: HttpRequest, *, erasure: UUID) -> Subject:
    """One request."""
    return keeping.erasure_subject(erasure=erasure)


@require_safe
@gate(Action.ERASURE_LIST, subject=practice)
def erasures(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """All requests, open ones first."""
    return render(request, "trust/erasures.html", {"erasures": keeping.erasures(grant=grant)})


@freshly
@gate(Action.ERASURE_ANSWER, subject=one)
def erasure(request: HttpRequest, *, grant: Grant, erasure: UUID) -> HttpResponse:
    """One request with what can go and what the law keeps; the answer erases what was chosen."""
    kept = keeping.kept_of_patient(grant=grant)
    form = ErasureAnswerForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():
        answer_erasure(grant=grant, erase=tuple(form.cleaned_data["erase"]), words=form.cleaned_data["words"])
        return redirect("trust:desk-erasure", erasure=erasure)
    facts = {
        "erasure": keeping.erasure(grant=grant),
        "kept": kept,
        "form": form,
        "earlier": earlier_to_erase(grant=grant),
    }
    return render(request, "trust/desk_erasure.html", facts, status=422 if form.is_bound else 200)

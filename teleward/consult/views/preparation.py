"""The choice how to talk, the consent, and who else is there: shown and kept, before and after the claim."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from teleward.access.grants import Action, Actor, Circumstances, Grant, Subject, authorise
from teleward.access.queries.people import organisation
from teleward.consult import words
from teleward.consult.agreement import VERSION, template_of
from teleward.consult.cards import VisitCard
from teleward.consult.forms import ChoiceForm
from teleward.consult.operations.choices import agree, choose, say_company
from teleward.consult.preparing import prepare, reason_of
from teleward.consult.queries.receipts import has_agreed
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import visit as the_visit


def page_context(
    request: HttpRequest, grant: Grant, about: VisitCard, *, form: ChoiceForm | None, is_patient: bool
) -> dict[str, Any]:
    """What the page before the call shows."""
    said = dict(request.POST.lists()) if request.method == "POST" else dict(request.GET.lists())
    wanted = request.POST.get("mode") or about.chosen_mode
    practice = organisation(organisation_id=certain(grant.subject.organisation))
    return {
        "visit": about,
        "practice": practice,
        "house": practice.short_name,
        "page_of": prepare(modes=about.modes, said=said, chosen=wanted),
        "company": request.POST.get("company", ""),
        "reasons": words.DECLINE,
        "asks": is_patient and not has_agreed(grant=grant, version=VERSION),
        "is_patient": is_patient,
        "agreement": template_of(VERSION),
        "form": form,
    }


def keep(request: HttpRequest, actor: Actor, subject: Subject, form: ChoiceForm, *, asks: bool) -> None:
    """Keeps every choice in order, the consent, and who else is there. `subject` is the actor's own visit."""
    visit, circumstances = certain(actor.visit), Circumstances.of(request)

    def may(action: Action) -> Grant:
        return authorise(actor=actor, action=action, subject=subject, circumstances=circumstances)

    grant = may(Action.VISIT_PREPARE)
    _keep_choices(request, grant, visit, form.cleaned_data["mode"])
    if form.cleaned_data["company"].strip():
        say_company(grant=grant, visit=visit, who=form.cleaned_data["company"])
    if asks:
        agree(grant=may(Action.VISIT_CONSENT), visit=visit, language=get_language() or "en")


def _keep_choices(request: HttpRequest, grant: Grant, visit: UUID, mode: str) -> None:
    """One choice for each mode that was declined on the way, else one for the chosen mode."""
    said = dict(request.POST.lists())
    gone = [declined for declined in said.get("not", []) if declined in the_visit(grant=grant).modes]
    for declined in gone:
        choose(grant=grant, visit=visit, mode=mode, declined=declined, reason=reason_of(said, declined))
    if not gone:
        choose(grant=grant, visit=visit, mode=mode)

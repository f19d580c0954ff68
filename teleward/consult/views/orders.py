"""Drafts of orders beside the call: written, changed, withdrawn, shown to the patient."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, gate, would_allow
from teleward.access.grants.loaded import loaded_for_them
from teleward.consult import words
from teleward.consult.operations.orders import hide_order, plan, share_order
from teleward.consult.queries.orders import planned
from teleward.consult.views.asking import that_visit
from teleward.consult.views.fragments import fragment
from teleward.kernel.errors import NotFound
from teleward.records.operations.orders import Wanted, withdraw_order
from teleward.records.queries.orders import Order, orders

UNPROCESSABLE = 422
GET_POST = ["GET", "HEAD", "POST"]
TITLE = _("Orders as drafts")


class OrderForm(forms.Form):
    """A draft."""

    kind = forms.ChoiceField(label=_("What kind"), choices=list(words.ORDERS.items()))
    what = forms.CharField(
        label=_("What"), help_text=_("For example: blood count, or ibuprofen 400 mg."), max_length=300
    )
    dosage = forms.CharField(label=_("How to take it"), required=False, max_length=300)
    why = forms.CharField(label=_("What for"), required=False, max_length=300)
    urgent = forms.BooleanField(label=_("It is urgent"), required=False)


@require_http_methods(GET_POST)
@gate(Action.RECORD_WRITE, reading=Action.RECORD_READ, subject=that_visit)
@loaded_for_them
def visit_orders(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The drafts that stand, and a new one."""
    form = OrderForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        plan(grant=grant, wanted=Wanted(**form.cleaned_data))
        return _list(request, grant, visit, OrderForm(), saved=True)
    return _list(request, grant, visit, form, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(GET_POST)
@gate(Action.RECORD_WRITE, reading=Action.RECORD_READ, subject=that_visit)
@loaded_for_them
def visit_order(request: HttpRequest, *, grant: Grant, visit: UUID, order: UUID) -> HttpResponse:
    """One draft: to be changed, withdrawn, shown to the patient or not."""
    if request.method == "POST" and request.POST.get("do") in DEEDS:
        DEEDS[request.POST["do"]](grant, order)
        return _list(request, grant, visit, OrderForm(), saved=True)
    found = _one(grant, order)
    form = OrderForm(_typed(request, found), initial=vars(found))
    if form.is_valid():
        plan(grant=grant, wanted=Wanted(**form.cleaned_data), order=order)
        return _list(request, grant, visit, OrderForm(), saved=True)
    shared = order in {each.order for each in planned(grant=grant)}
    context = {"form": form, "order": found, "visit": visit, "shared": shared}
    status = UNPROCESSABLE if form.is_bound else 200
    return fragment(request, "consult/sheets/order.html", context, grant=grant, title=TITLE, status=status)


def _typed(request: HttpRequest, found: Order) -> dict[str, object] | None:
    """What was typed; the kind of a draft stays."""
    return {**request.POST.dict(), "kind": found.kind} if request.method == "POST" else None


def _withdraw(grant: Grant, order: UUID) -> None:
    withdraw_order(grant=grant, order=order)
    hide_order(grant=grant, order=order)


def _share(grant: Grant, order: UUID) -> None:
    share_order(grant=grant, order=_one(grant, order))


def _hide(grant: Grant, order: UUID) -> None:
    hide_order(grant=grant, order=order)


DEEDS = {"withdraw": _withdraw, "share": _share, "hide": _hide}


def _one(grant: Grant, order: UUID) -> Order:
    found = next((each for each in orders(grant=grant) if each.id == order), None)
    if found is None:
        raise NotFound
    return found


def _list(
    request: HttpRequest,
    grant: Grant,
    visit: UUID,
    form: OrderForm,
    *,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "orders": orders(grant=grant),
        "shared": {each.order for each in planned(grant=grant)},
        "form": form,
        "saved": saved,
        "visit": visit,
        "writes": would_allow(grant=grant, action=Action.RECORD_WRITE),
        "kept_closer": bool(grant.subject.category),
    }
    return fragment(request, "consult/sheets/orders.html", context, grant=grant, title=TITLE, status=status)

"""What is planned at a visit: drafts in the chart, showing the patient one, and taking that back."""

from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import OrderShared, OrderShareEnd
from teleward.consult.operations.moves import lock_visit
from teleward.consult.queries.subjects import certain
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id
from teleward.records.operations.orders import Wanted, change_order, draft_order
from teleward.records.queries.orders import Order


class OrderKeptCloser(Problem):
    """A draft stands in the chart, which more people read than a visit that is kept closer."""

    code = "consult:order-kept-closer"
    status = 409
    message = _(
        "This visit is kept closer, and drafts stand in the chart, which more people read."
        " Please write it into the note of this visit."
    )


@transaction.atomic
def plan(*, grant: Grant, wanted: Wanted, order: UUID | None = None) -> None:
    """Keeps a new draft of the grant's visit, or changes `order`, which the patient then reads no more.

    Raises OrderKeptCloser, NotFound, OrderFixed.
    """
    grant.must_cover(Action.RECORD_WRITE)
    if lock_visit(grant.about).category:
        raise OrderKeptCloser
    if order is None:
        draft_order(grant=grant, wanted=wanted)
    else:
        change_order(grant=grant, order=order, wanted=wanted)
        hide_order(grant=grant, order=order)


@transaction.atomic
def share_order(*, grant: Grant, order: Order) -> None:
    """The patient reads of this draft on the receipt of the grant's visit."""
    grant.must_cover(Action.RECORD_WRITE)
    hide_order(grant=grant, order=order.id)
    visit, made = lock_visit(grant.about), new_id()
    said = msgspec.json.encode({"kind": order.kind, "what": order.what, "dosage": order.dosage})
    sealed = seal(patient=visit.patient, plaintext=said, context=f"order-shared:{made}")
    OrderShared.objects.create(id=made, visit=visit, order=order.id, words=sealed, by=grant.actor.id)
    record(grant=grant, detail={"shared": "order"})


@transaction.atomic
def hide_order(*, grant: Grant, order: UUID) -> None:
    """The patient reads of it no more. Idempotent."""
    grant.must_cover(Action.RECORD_WRITE)
    shares = OrderShared.objects.filter(visit__patient=certain(grant.subject.patient), order=order, end=None)
    for share in shares:
        OrderShareEnd.objects.create(share=share, by=grant.actor.id)

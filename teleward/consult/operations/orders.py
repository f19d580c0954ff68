"""Showing the patient what was planned, and taking that back."""

from uuid import UUID

import msgspec
from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import OrderShared, OrderShareEnd
from teleward.consult.operations.moves import lock_visit
from teleward.consult.queries.subjects import certain
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id
from teleward.records.queries.orders import Order


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

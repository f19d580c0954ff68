"""What a patient's device or app sent is taken back as wrong: it stays, with its status and who said so."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, ActorKind, Grant
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.records.operations.versions import MADE, keep_text
from teleward.records.queries.resources import body_of
from teleward.records.store.revealing import Version

KIND, WRONG = "Observation", "entered-in-error"
SUPPLIED = "patient-supplied"
BY = {ActorKind.DEVICE: "The gateway that sent it", ActorKind.CLIENT: "An app of the patient"}


class NotTheirs(Problem):
    """It was not sent by a device or app of the patient."""

    code = "records:not-supplied"
    status = 403
    message = _("Only what a device or app of the patient sent can be taken back here. Ask the practice.")


@transaction.atomic
def mark_wrong(*, grant: Grant, logical_id: UUID) -> Version:
    """An Observation of the grant's patient says from here on that it is wrong. Idempotent.

    Nothing else of it changes. Raises NotFound, NotTheirs.
    """
    grant.must_cover(Action.READING_WRITE)
    found = body_of(grant=grant, kind=KIND, logical_id=logical_id)
    if found is None or not found.body:
        raise NotFound
    body: dict[str, Any] = msgspec.json.decode(found.body)
    if not _is_supplied(found, body, grant):
        raise NotTheirs
    if body["status"] == WRONG:
        return found
    note = {"time": now().isoformat(), "text": "Marked as wrong.", "authorString": BY[grant.actor.kind]}
    changed = body | {"status": WRONG, "note": [*body.get("note", []), note]}
    keep_text(grant=grant, kind=KIND, body=msgspec.json.encode(changed))
    publish(Event.OBSERVATION_DISOWNED, observation=logical_id, patient=grant.about)
    after = body_of(grant=grant, kind=KIND, logical_id=logical_id)
    if after is None:
        raise NotFound
    return after


def _is_supplied(found: Version, body: dict[str, Any], grant: Grant) -> bool:
    """What it sent itself; an app in the patient's name also what a device measured in a consultation.

    Of such Teleward itself made the Observation, with the visit and the device; what another system
    measured and wrote, or what was brought from elsewhere, stays the practice's.
    """
    tags = {each.get("code") for each in body.get("meta", {}).get("tag", [])}
    is_of_visit = all(body.get(name, {}).get("reference") for name in ("encounter", "device"))
    by_app = grant.actor.kind is ActorKind.CLIENT and found.deed == MADE and is_of_visit
    return SUPPLIED in tags or by_app

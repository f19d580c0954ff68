"""A page of a list: one query, then each row held against the policies once more."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime

import cedarpy
from django.utils.translation import gettext_lazy as _

from teleward.access import entities
from teleward.access.actions import Action
from teleward.access.actors import Actor
from teleward.access.policy import rules
from teleward.access.subjects import Subject
from teleward.kernel.errors import Problem

from .ties import ties

LONGEST = 50  # rows
_log = logging.getLogger(__name__)


class ListDiffers(Problem):
    """The database and the policies disagree about a row of a list. Nothing of the list is shown."""

    code = "access:list-differs"
    status = 500
    message = _("This list was stopped by a safety check. Please load the page again.")


def hold_against_policies(*, actor: Actor, action: Action, subjects: Sequence[Subject], at: datetime) -> None:
    """Asks the policies about each row by itself. Raises ListDiffers; the log holds no row and no name."""
    refused = allowed(actor=actor, action=action, subjects=subjects, at=at).count(False)
    if refused:
        _log.error(
            "A list for %s has %d of %d rows that the policies %s refuse.",
            action.value,
            refused,
            len(subjects),
            rules().digest[:12],
        )
        raise ListDiffers


def allowed(*, actor: Actor, action: Action, subjects: Sequence[Subject], at: datetime) -> list[bool]:
    """What the gate would answer about each of these, looked up and asked at once."""
    if not subjects:
        return []
    loaded, who = rules(), entities.principal(actor)
    found = ties(actor=actor, subjects=subjects, at=at)
    about = [
        entities.resource(subject, each.tier, each.kinds)
        for subject, each in zip(subjects, found, strict=True)
    ]
    context = {"self": False, "fresh": entities.is_fresh(actor, at)}
    asked = {"principal": who["uid"], "action": {"type": "Action", "id": action.value}, "context": context}
    distinct = {json.dumps(each["uid"]): each for each in [who, *about]}
    answers = cedarpy.is_authorized_batch(
        [asked | {"resource": each["uid"]} for each in about],
        loaded.about(who["uid"]["type"], action.value),
        list(distinct.values()),
        schema=loaded.schema,
    )
    return [answer.allowed and not answer.diagnostics.errors for answer in answers]

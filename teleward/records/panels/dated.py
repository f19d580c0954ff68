"""What a dated entry of the timeline is called: a document, a result, a contact elsewhere, answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from .observed import measured, observation
from .wording import first, named, pointed

Said = tuple[str, str, Any]


@dataclass(frozen=True, kw_only=True)
class Told:
    """Title, one line more, and who it is from with the id they have here."""

    title: str
    detail: str
    by: str
    by_id: str


def told(kind: str, found: Any) -> Told:  # noqa: ANN401 - a resource of the kind
    """What the timeline says of a resource."""
    title, detail, who = _TELLERS[kind](found)
    name, identifier = pointed(who)
    return Told(title=title, detail=detail, by=name, by_id=identifier)


def _document(found: Any) -> Said:  # noqa: ANN401 - a DocumentReference
    attached = [each.attachment.title or "" for each in found.content]
    title = found.description or next(filter(None, attached), "") or named(found.type)
    return title or gettext("Document"), named(found.type), first(found.author)


def _report(found: Any) -> Said:  # noqa: ANN401 - a DiagnosticReport
    return named(found.code), found.conclusion or "", first(found.performer)


def _observed(found: Any) -> Said:  # noqa: ANN401 - an Observation
    said = observation(found)
    return measured(found.code), said["detail"] if said else "", first(found.performer)


def _contact(found: Any) -> Said:  # noqa: ANN401 - an Encounter
    why = named(first(found.reason_code)) or named(first(found.type))
    return gettext("Contact elsewhere"), why, found.service_provider


def _answered(found: Any) -> Said:  # noqa: ANN401 - a QuestionnaireResponse
    return gettext("Questionnaire answered"), "", found.source


_TELLERS: dict[str, Callable[[Any], Said]] = {
    "DocumentReference": _document,
    "DiagnosticReport": _report,
    "Observation": _observed,
    "Encounter": _contact,
    "QuestionnaireResponse": _answered,
}

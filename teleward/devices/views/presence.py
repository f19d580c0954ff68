"""Minutes that staff spend with a patient's readings, told by the page when it is left.

The page says in which minutes somebody did something there. That is believed only between the moment the page
was opened, which is signed into it, and now; and each minute of a person counts once, for one patient.
"""

from datetime import UTC, datetime
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from teleward.access.grants import Action, Grant, gate
from teleward.devices.limits import SPENT
from teleward.devices.operations.days import count_minutes
from teleward.devices.views.asking import that_patient

SALT = "devices.stay"
NOTHING_TO_SAY = 204
MOST = int(SPENT.longest_stay.total_seconds() // 60)


def stay(*, grant: Grant) -> str:
    """Who opened the readings of whom, and when; signed, for the page."""
    said = [str(grant.actor.id), str(grant.subject.patient), int(grant.at.timestamp())]
    return signing.dumps(said, salt=SALT)


@require_POST
@gate(Action.READING_READ, subject=that_patient)
def spent(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """Minutes that the page tells of; what cannot be is left out without a word."""
    opened = _opened(request.POST.get("stay", ""), grant, patient)
    if opened is not None:
        said = request.POST.get("minutes", "").split(",")[:MOST]
        minutes = [datetime.fromtimestamp(60 * int(each), UTC) for each in said if _is_minute(each)]
        count_minutes(grant=grant, minutes=minutes, since=opened)
    return HttpResponse(status=NOTHING_TO_SAY)


def _opened(token: str, grant: Grant, patient: UUID) -> datetime | None:
    try:
        person, whose, at = signing.loads(token, salt=SALT, max_age=SPENT.longest_stay)
    except (signing.BadSignature, ValueError):
        return None
    return datetime.fromtimestamp(at, UTC) if (person, whose) == (str(grant.actor.id), str(patient)) else None


def _is_minute(text: str) -> bool:
    return text.isdecimal() and len(text) < 10

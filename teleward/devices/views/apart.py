"""Which readings of visits that are kept closer a trend page has: the gate is asked about each visit."""

from uuid import UUID

from django.http import HttpRequest

from teleward.access.grants import Action, Circumstances, Grant, authorise, would_allow
from teleward.access.queries.visits import subject_of_visit
from teleward.devices.queries.closer import visits_apart
from teleward.devices.views.trending import Time


def apart_for_staff(request: HttpRequest, grant: Grant, time: Time, *also: Action) -> dict[UUID, Grant]:
    """What lets each of these visits be read; its entry names the visit. `also`: what must be allowed too."""
    here = Circumstances.of(request)
    found: dict[UUID, Grant] = {}
    for visit in visits_apart(grant=grant, since=time.since, until=time.until):
        subject = subject_of_visit(visit=visit)
        wanted = (Action.READING_READ, *also)
        if all(would_allow(grant=grant, action=each, subject=subject) for each in wanted):
            found[visit] = authorise(
                actor=grant.actor, action=Action.READING_READ, subject=subject, circumstances=here
            )
    return found


def apart_for_oneself(grant: Grant, time: Time) -> dict[UUID, Grant]:
    """All of the patient's own: nothing is kept closer from themselves."""
    return dict.fromkeys(visits_apart(grant=grant, since=time.since, until=time.until), grant)

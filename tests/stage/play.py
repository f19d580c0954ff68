"""One visit with its host in the room and the patient at the door, by the doors of the live part."""

from stage.visits import HERE, Stage
from teleward.access.grants import NOBODY, Action, Actor, Grant, authorise
from teleward.access.operations.passes import claim_pass
from teleward.access.queries.passes import actor_of_pass
from teleward.consult.cards import Arrival
from teleward.consult.models import (
    Visit,
)
from teleward.consult.operations.live_room import (
    admit,
    arrive,
    take_seat,
)
from teleward.consult.queries.subjects import visit_subject

HOST, PATIENT, OTHER = "a" * 32, "b" * 32, "c" * 32


class Play:
    """One visit with the host in it and the patient at the door."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.visit = stage, stage.visit_now()
        self.guest = self.claim(stage.link(self.visit).url)
        take_seat(grant=self.by_host(Action.VISIT_HOST), visit=self.visit.id, peer=HOST)
        take_seat(grant=self.by_guest(), visit=self.visit.id, peer=PATIENT)

    def claim(self, url: str) -> Actor:
        token = url.split("/join/")[1].strip("/")
        subject = visit_subject(visit=self.visit.id)
        grant = authorise(actor=NOBODY, action=Action.VISIT_CLAIM, subject=subject, circumstances=HERE)
        return actor_of_pass(cookie=claim_pass(grant=grant, token=token).cookie)

    def by_host(self, action: Action) -> Grant:
        return self.stage.grant(action, self.visit)

    def by_guest(self, guest: Actor | None = None) -> Grant:
        subject = visit_subject(visit=self.visit.id)
        return authorise(
            actor=guest or self.guest, action=Action.VISIT_JOIN, subject=subject, circumstances=HERE
        )

    def arrive(self, **said: object) -> None:
        arrival = Arrival(**{"mode": "video", **said})  # type: ignore[arg-type]  # the tests say which
        arrive(grant=self.by_guest(), visit=self.visit.id, peer=PATIENT, arrival=arrival)

    def admit(self) -> None:
        self.arrive()
        admit(grant=self.by_host(Action.VISIT_ADMIT), visit=self.visit.id, peer=PATIENT)

    def state(self) -> str:
        return Visit.objects.get(id=self.visit.id).state

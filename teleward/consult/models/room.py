"""Who sits in the room, since when, by which path and in which mode. Media and keys are never here."""

from typing import ClassVar

from django.db import models

from teleward.consult.cards import MOST_RUNS
from teleward.consult.models.recorded import Recorded
from teleward.consult.models.visits import Visit
from teleward.consult.modes import ACHIEVED
from teleward.consult.states import SEAT_STATES, SeatState
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Seat(models.Model):
    """One tab that came to the visit. `number` is given at admission, the host's is 1, four at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="seats")
    peer = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField(null=True)
    person = models.UUIDField(null=True)
    pass_id = models.UUIDField(null=True)
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default=SeatState.PRESENT)
    mode = models.CharField(max_length=16, default="", blank=True)  # said on arrival
    arrived_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "peer"], name="consult_seat_peer"),
            models.UniqueConstraint(
                fields=["visit", "number"], condition=models.Q(state="admitted"), name="consult_seat_number"
            ),
            models.CheckConstraint(condition=models.Q(state__in=SEAT_STATES), name="consult_seat_state"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number__range=(1, 4)),
                name="consult_seat_four",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, pass_id__isnull=False)
                | models.Q(person__isnull=False, pass_id__isnull=True),
                name="consult_seat_person_or_pass",
            ),
        ]

    class Marks:
        id = visit = peer = person = pass_id = Mark.KEY
        number = arrived_at = state = Mark.CONDUCT
        role = name = Mark.IDENTITY
        mode = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class Company(Recorded):
    """Who else is in the room on one side, in that side's own words, sealed with the patient's key."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="companies")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="companies")
    side = models.CharField(max_length=8)  # patient | clinic
    who = models.BinaryField()

    class Marks(Recorded.Marks):
        visit = seat = Mark.KEY
        side = Mark.CONDUCT
        who = Mark.CLINICAL


class _AtSeat(Recorded):
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    class Marks(Recorded.Marks):
        seat = Mark.KEY


class Admission(_AtSeat):
    """The host let this seat in."""

    class Marks(_AtSeat.Marks):
        """As every deed at a seat."""


class TurningAway(_AtSeat):
    """The host did not let this seat in, or asked it to go."""

    class Marks(_AtSeat.Marks):
        """As every deed at a seat."""


class Leaving(_AtSeat):
    """The seat was given up: by its holder, or because its connection was gone too long."""

    why = models.CharField(max_length=16, default="left")  # left | lost | replaced | ended

    class Marks(_AtSeat.Marks):
        why = Mark.CONDUCT


class EquipmentCheck(_AtSeat):
    """What worked on this device just before the visit."""

    path = models.CharField(max_length=8)  # direct | relayed | none
    camera = models.BooleanField()
    microphone = models.BooleanField()
    speaker = models.BooleanField()

    class Marks(_AtSeat.Marks):
        path = camera = microphone = speaker = Mark.CONDUCT


class ModePeriod(models.Model):
    """One stretch of time a seat spent in one mode. `seen_at` is the last proof that it still lasted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="periods")
    mode = models.CharField(max_length=16)
    from_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seat"], condition=models.Q(until__isnull=True), name="consult_period_one_open"
            ),
            models.CheckConstraint(condition=models.Q(mode__in=ACHIEVED), name="consult_period_mode"),
        ]

    class Marks:
        id = seat = Mark.KEY
        mode = Mark.CLINICAL
        from_at = seen_at = until = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class PathMeasured(_AtSeat):
    """How the media of this seat reach another one: directly, or through the relay."""

    other = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=8)

    class Marks(_AtSeat.Marks):
        other = Mark.KEY
        path = Mark.CONDUCT


class Verification(_AtSeat):
    """One side said whether the words were the same. The words themselves are not here."""

    other = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    run = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=16)  # same | different
    form = models.CharField(max_length=16)  # words | digits | emoji | known-device
    evidence = models.CharField(max_length=64)  # hash over both certificates' fingerprints

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seat", "other", "run", "form"], name="consult_verification_once"
            ),
            models.CheckConstraint(
                condition=models.Q(run__range=(1, MOST_RUNS)), name="consult_verification_runs"
            ),
        ]

    class Marks(_AtSeat.Marks):
        other = Mark.KEY
        run = outcome = form = Mark.CONDUCT
        evidence = Mark.SECRET

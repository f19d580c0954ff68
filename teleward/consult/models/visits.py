"""The visit and what happens to it before anybody has come."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from teleward.consult.models.recorded import Recorded
from teleward.consult.modes import DECLINE_REASONS, OFFERED
from teleward.consult.sensitive import CATEGORIES
from teleward.consult.states import VISIT_STATES, VisitState
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Visit(models.Model):
    """One appointment, and the consultation that comes of it. `state` moves only by `states.VISIT`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    host = models.UUIDField()
    host_name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned = models.BooleanField(default=True)  # false: "call now", which may overlap the plan
    modes = ArrayField(models.CharField(max_length=16), default=list)
    purpose = models.BinaryField(null=True)  # sealed with the patient's key
    category = models.CharField(max_length=16, blank=True, default="")  # of a visit that is kept closer
    state = models.CharField(max_length=16, default=VisitState.BOOKED)
    sequence = models.PositiveIntegerField(default=0)  # of the calendar file (RFC 5545 §3.8.7.4)
    booked_at = models.DateTimeField(default=now)
    booked_by = models.UUIDField(null=True)  # empty: the server, for another system of the practice

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["host", "starts_at"], name="consult_visit_day"),
            models.Index(fields=["patient", "-starts_at"], name="consult_visit_patient"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=VISIT_STATES), name="consult_visit_state"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="consult_visit_lasts"
            ),
            models.CheckConstraint(
                condition=models.Q(category__in=["", *CATEGORIES]), name="consult_visit_category"
            ),
            models.CheckConstraint(
                condition=models.Q(modes__contained_by=list(OFFERED)), name="consult_visit_modes"
            ),
        ]

    class Marks:
        id = organisation = patient = host = booked_by = Mark.KEY
        host_name = Mark.IDENTITY
        time_zone = planned = sequence = Mark.SETTING
        starts_at = ends_at = booked_at = state = Mark.CONDUCT
        modes = purpose = category = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class Guest(Recorded):
    """One who is asked to come with a pass: the patient, or a third participant in a named role."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="guests")
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    pass_id = models.UUIDField(null=True)  # the pass that is good now
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit"], condition=models.Q(role="patient"), name="consult_guest_one_patient"
            ),
            models.UniqueConstraint(fields=["pass_id"], name="consult_guest_pass"),
        ]

    class Marks(Recorded.Marks):
        visit = pass_id = Mark.KEY
        role = name = Mark.IDENTITY
        removed_at = Mark.CONDUCT
        language = Mark.SETTING


class Invitation(Recorded):
    """A link was given out: by which channel, when, by whom. Never the link itself."""

    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="invitations")
    pass_id = models.UUIDField(
        null=True
    )  # none until the job has issued one: the token exists in memory only
    channel = models.CharField(max_length=8)  # email | sms | shown
    address = models.BinaryField(null=True)  # where to, sealed with the patient's key; empty for "shown"
    sent_at = models.DateTimeField(null=True)  # when the post was handed over; at once for "shown"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "sms", "shown"]), name="consult_invitation_channel"
            ),
        ]

    class Marks(Recorded.Marks):
        guest = pass_id = Mark.KEY
        address = Mark.CONTACT
        channel = Mark.SETTING
        sent_at = Mark.CONDUCT


class Cancellation(Recorded):
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="cancellation")
    reason = models.CharField(max_length=32)  # clinic | patient | moved | other

    class Marks(Recorded.Marks):
        visit = Mark.KEY
        reason = Mark.CONDUCT


class Choice(Recorded):
    """The patient's word on how they want to talk. Every choice is kept; the last one counts."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="choices")
    mode = models.CharField(max_length=16)
    declined = models.CharField(max_length=16, default="", blank=True)  # the mode they did not want
    reason = models.CharField(max_length=16, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(mode__in=OFFERED), name="consult_choice_mode"),
            models.CheckConstraint(
                condition=models.Q(declined="", reason="")
                | models.Q(declined__in=OFFERED, reason__in=DECLINE_REASONS),
                name="consult_choice_reason",
            ),
        ]

    class Marks(Recorded.Marks):
        visit = Mark.KEY
        mode = declined = reason = Mark.CLINICAL


class Absence(Recorded):
    """The patient did not come; written by the job that looks for missed visits."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="absence")

    class Marks(Recorded.Marks):
        visit = Mark.KEY

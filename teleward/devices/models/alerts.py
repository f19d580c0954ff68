"""Alerts: readings outside of limits, or none for days; what became of each, and who was told."""

from typing import ClassVar

from django.db import models

from teleward.devices.states import ALERT
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

KINDS = ("outside", "silence")


class Alert(models.Model):
    """One matter of one patient and one code. While it is open, further readings are collected here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # of the Task in the chart, too
    threshold = models.ForeignKey("devices.Threshold", on_delete=models.CASCADE, related_name="alerts")
    organisation = models.UUIDField()
    patient = models.UUIDField()
    quantity = models.CharField(max_length=20)
    kind = models.CharField(max_length=8)
    urgent = models.BooleanField()  # as the limits said when it was raised
    said = models.BinaryField()  # first, last, lowest and highest value, sealed
    raised_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # when the next are told if nobody takes care of it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="devices_alert_kind"),
            models.UniqueConstraint(
                fields=["patient", "quantity", "kind"],
                condition=models.Q(closed_at=None),
                name="devices_one_open_alert",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "closed_at"], name="devices_alerts_open")]

    class Marks:
        id = threshold = organisation = patient = Mark.KEY
        quantity = said = Mark.CLINICAL
        kind = Mark.SETTING
        urgent = Mark.SETTING
        raised_at = closed_at = next_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class AlertChange(models.Model):
    """One state of an alert: who, when, why. The newest is the one it is in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=16)
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)  # empty: the server, by the clock
    why = models.BinaryField(null=True)  # sealed

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=ALERT.states), name="devices_alert_state"),
        ]
        indexes: ClassVar = [models.Index(fields=["alert", "at"], name="devices_alert_changes")]

    class Marks:
        id = alert = by = Mark.KEY
        state = at = Mark.CONDUCT
        why = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class AlertNotice(models.Model):
    """Word that a member of staff is owed: when, and how it went out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    person = models.UUIDField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=8, blank=True)  # mail; page: there is none; over

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "person"], name="devices_one_word_each"),
        ]
        indexes: ClassVar = [models.Index(fields=["done_at", "due_at"], name="devices_notices_due")]

    class Marks:
        id = alert = person = Mark.KEY
        due_at = done_at = how = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class AlertKey(models.Model):
    """That there is an alert, about whom, and when the next are told."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    word_due_at = models.DateTimeField(null=True)  # the first word that did not go out yet

    class Meta:
        managed = False
        db_table = "devices_alert_key"

    class Marks:
        id = organisation = patient = Mark.KEY
        closed_at = next_at = word_due_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

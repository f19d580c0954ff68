"""The practice's other systems, what is to be sent to them, and how each try went."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Connection(models.Model):
    """Another system of the practice. What we prove ourselves with there is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20)  # a folder of connections/kinds
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    settings = models.JSONField(default=dict)  # of the kind; nothing secret
    sealed = models.BinaryField(default=bytes)  # with a key of the installation
    public_keys = models.JSONField(default=dict)  # a JWK set for the other side, where the kind has one
    made_at = models.DateTimeField(default=now)
    made_by = models.UUIDField(null=True)

    class Marks:
        id = organisation = made_by = Mark.KEY
        kind = name = address = settings = public_keys = Mark.SETTING
        sealed = Mark.SECRET
        made_at = Mark.CONDUCT

    def __str__(self) -> str:
        return self.name


class Pause(models.Model):
    """A while in which nothing is sent there; what is to be sent waits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pauses")
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection"], condition=models.Q(ended_at=None), name="records_paused_once"
            )
        ]

    class Marks:
        id = connection = by = ended_by = Mark.KEY
        at = why = ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.connection_id)


class Disconnection(models.Model):
    """The end of a connection: nothing is sent or asked for any more."""

    connection = models.OneToOneField(
        Connection, primary_key=True, on_delete=models.CASCADE, related_name="disconnection"
    )
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=200)

    class Marks:
        connection = by = Mark.KEY
        at = why = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.connection_id)


class Outgoing(models.Model):
    """One version of one resource that is to reach one other system; what it says stays in the chart.

    `due_at` is when the next try begins; empty where there is none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="outgoing")
    patient = models.UUIDField()
    type = models.CharField(max_length=64)
    logical_id = models.UUIDField()
    version = models.PositiveIntegerField()
    happened_at = models.DateTimeField()
    queued_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "type", "logical_id", "version"], name="records_goes_out_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="records_due"),
            models.Index(fields=["connection", "patient"], name="records_goes_to"),
        ]

    class Marks:
        id = organisation = connection = patient = logical_id = Mark.KEY
        type = Mark.SETTING
        version = happened_at = queued_at = due_at = Mark.CONDUCT

    def __str__(self) -> str:
        return f"{self.type}/{self.logical_id}/_history/{self.version}"


class Attempt(models.Model):
    """One try, from its beginning; without an end it was cut off, and what it did there is not known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="attempts")
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # delivered, superseded, unreachable, refused
    reason = models.CharField(max_length=40, blank=True)  # a word of connections/words.py
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP
    said = models.CharField(max_length=300, blank=True)  # codes and places of the other side, never its words
    remote = models.CharField(max_length=200, blank=True)  # where it lies there

    class Meta:
        indexes: ClassVar = [models.Index(fields=["outgoing", "began_at"], name="records_tries")]

    class Marks:
        id = outgoing = remote = Mark.KEY
        began_at = ended_at = outcome = reason = status = said = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.outgoing_id)


class Settlement(models.Model):
    """What a person did about something that did not go out: sent it again, or gave it up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="settlements")
    kind = models.CharField(max_length=10)  # resent, given-up
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Marks:
        id = outgoing = by = Mark.KEY
        kind = at = why = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.outgoing_id)


class Elsewhere(models.Model):
    """What another system held about a patient when it was last asked, sealed with the patient's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    patient = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "patient"], name="records_elsewhere_once")
        ]

    class Marks:
        id = organisation = connection = patient = Mark.KEY
        asked_at = Mark.CONDUCT
        body = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.connection_id)


class OutgoingKey(models.Model):
    """That something is to go out, of whom and where to: ids and times that are needed before the gate."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    connection = models.UUIDField()
    patient = models.UUIDField()
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "records_outgoing_key"

    class Marks:
        id = organisation = connection = patient = Mark.KEY
        queued_at = due_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

"""What other systems say in HL7 v2: who may, what came, what became of it, and the appointments they keep."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class Sender(models.Model):
    """A system that may send messages: what it calls itself, and how it is known (certificate or address)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField(db_index=True)
    name = models.CharField(max_length=80)
    application = models.CharField(max_length=180)  # MSH-3
    facility = models.CharField(max_length=180, blank=True)  # MSH-4; empty: any
    proof = models.CharField(max_length=12)  # certificate, address
    known_by = models.CharField(max_length=64)  # SHA-256 of its certificate in hexadecimal, or its address
    charset = models.CharField(max_length=20, default="ASCII")  # where MSH-18 says none
    assigners = ArrayField(models.CharField(max_length=200), default=list)  # whose numbers it may bring
    made_at = models.DateTimeField(default=now)
    made_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["proof", "known_by"], name="records_sender_known")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(proof__in=["certificate", "address"]), name="records_sender_proof"
            ),
        ]

    class Marks:
        id = organisation = made_by = Mark.KEY
        name = application = facility = proof = known_by = charset = assigners = Mark.SETTING
        made_at = Mark.CONDUCT

    def __str__(self) -> str:
        return self.name


class SenderEnd(models.Model):
    """From here on nothing of this sender is taken."""

    sender = models.OneToOneField(Sender, primary_key=True, on_delete=models.CASCADE, related_name="end")
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=200)

    class Marks:
        sender = by = Mark.KEY
        at = why = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.sender_id)


class KnownAs(models.Model):
    """What a sender calls a member of staff: the number or the name in AIP-3, AIG-3 or PV1-7."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="staff")
    called = models.CharField(max_length=180)
    person = models.UUIDField()
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "called"], name="records_called_once"),
        ]

    class Marks:
        id = sender = person = by = Mark.KEY
        called = Mark.IDENTITY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Received(models.Model):
    """One message, stored before it is answered. Its text is emptied once it was applied."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="received")
    number = models.CharField(max_length=250)  # MSH-10
    keyed_hash = models.BinaryField(max_length=32)  # keyed, of the whole message
    kind = models.CharField(max_length=40)  # ADT^A08
    sealed = models.BinaryField()  # with a key of the practice
    received_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "number"], name="records_received_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-received_at"], name="records_inbox"),
        ]

    class Marks:
        id = organisation = sender = Mark.KEY
        kind = Mark.SETTING
        number = received_at = Mark.CONDUCT
        keyed_hash = Mark.SECRET
        sealed = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class Handling(models.Model):
    """What became of a message: the newest counts. One without any is still to be applied."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    received = models.ForeignKey(Received, on_delete=models.CASCADE, related_name="handlings")
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)  # empty: the server itself
    outcome = models.CharField(max_length=10)  # applied, passed, older, waiting, refused, dropped
    reason = models.CharField(max_length=24, blank=True)  # hl7/reasons.py
    place = models.CharField(max_length=12, blank=True)  # PID-3
    about = models.CharField(
        max_length=180, blank=True
    )  # whom of the practice it meant, where nobody is known
    patient = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received", "-at"], name="records_handled")]

    class Marks:
        id = received = by = patient = Mark.KEY
        at = outcome = reason = place = Mark.CONDUCT
        about = Mark.IDENTITY

    def __str__(self) -> str:
        return f"{self.received_id}: {self.outcome}"


class LastSaid(models.Model):
    """When a sender last said something about a patient: what is older does not overwrite it."""

    organisation = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    patient = models.UUIDField()
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "patient"], name="records_said_last"),
        ]

    class Marks:
        id = organisation = sender = patient = Mark.KEY
        said_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.patient)


class AppointmentRequest(models.Model):
    """An appointment as another system has it; the newest word counts, and `visit` is what we made of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    keyed_hash = models.BinaryField(max_length=32)  # keyed, of its number there
    patient = models.UUIDField()
    host = models.UUIDField(null=True)
    deed = models.CharField(max_length=10)  # book, cancel, missed
    starts_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    words = models.BinaryField(default=bytes)  # the reason, sealed with the patient's key
    said_at = models.DateTimeField()
    received = models.ForeignKey(Received, null=True, on_delete=models.SET_NULL, related_name="+")
    visit = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "keyed_hash"], name="records_requested_once"),
            models.CheckConstraint(
                condition=models.Q(deed__in=["book", "cancel", "missed"]), name="records_request_deed"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["visit"], name="records_request_visit")]

    class Marks:
        id = organisation = sender = patient = host = received = visit = Mark.KEY
        keyed_hash = Mark.SECRET
        deed = starts_at = minutes = said_at = Mark.CONDUCT
        words = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class AppointmentRequestKey(models.Model):
    """That there is an appointment elsewhere, of whom: ids that are needed before the gate decides."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    patient = models.UUIDField()

    class Meta:
        managed = False
        db_table = "records_appointmentrequest_key"

    class Marks:
        id = organisation = patient = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)

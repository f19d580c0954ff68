"""People whose record is kept closer, and the exceptions to it."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Person


class Restriction(models.Model):
    """A patient's record is kept closer: restricted, or closed, which two people decide."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="restrictions")
    tier = models.CharField(max_length=12)  # restricted, closed
    reason = models.CharField(max_length=20)  # request, employee, at-risk, known
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)
    seconded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True)  # until then, closed counts as restricted
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(lifted_at=None), name="one_restriction_in_force"
            )
        ]

    class Marks:
        id = Mark.KEY
        patient = Mark.KEY
        tier = Mark.SETTING
        reason = Mark.CLINICAL
        set_by = Mark.KEY
        set_at = Mark.CONDUCT
        seconded_by = Mark.KEY
        seconded_at = Mark.CONDUCT
        lifted_by = Mark.KEY
        lifted_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Loosening(models.Model):
    """Somebody asks that a record two people closed is kept less close: that takes a second person again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    restriction = models.ForeignKey(Restriction, on_delete=models.CASCADE, related_name="loosenings")
    tier = models.CharField(max_length=12)  # what it is to be then: restricted, normal
    reason = models.CharField(max_length=20, blank=True)  # of the restriction that follows
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)  # empty while a second person is awaited

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["restriction"], condition=models.Q(answered_at=None), name="one_loosening_asked_for"
            )
        ]

    class Marks:
        id = Mark.KEY
        patient = Mark.KEY
        restriction = Mark.KEY
        tier = Mark.SETTING
        reason = Mark.CLINICAL
        asked_by = Mark.KEY
        asked_at = Mark.CONDUCT
        answered_by = Mark.KEY
        answered_at = Mark.CONDUCT
        agreed = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class TypedReason(models.Model):
    """One line that a member of staff gave where nothing else explained an access."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    session = models.UUIDField()
    words = models.BinaryField()  # sealed with the patient's key
    given_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        patient = Mark.KEY
        session = Mark.KEY
        words = Mark.CLINICAL
        given_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class BrokenGlass(models.Model):
    """An emergency access: one person, one patient, one session, read only, a few hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    session = models.UUIDField()
    code = models.CharField(max_length=20)  # emergency, unconscious, cover, safety, other
    words = models.BinaryField()  # at least 15 characters, sealed with the patient's key
    asked_at = models.DateTimeField(default=now)
    needs_second = models.BooleanField(default=False)  # the record was closed when it was asked for
    seconded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)  # empty while a second person is awaited
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        patient = Mark.KEY
        session = Mark.KEY
        code = Mark.CONDUCT
        words = Mark.CLINICAL
        asked_at = Mark.CONDUCT
        needs_second = Mark.CONDUCT
        seconded_by = Mark.KEY
        opened_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class SafeguardingHold(models.Model):
    """Two people decide that a patient is not told of an emergency access until a day, for safety."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    words = models.BinaryField()  # sealed with the patient's key
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Marks:
        id = Mark.KEY
        patient = Mark.KEY
        asked_by = Mark.KEY
        asked_at = Mark.CONDUCT
        words = Mark.CLINICAL
        confirmed_by = Mark.KEY
        confirmed_at = Mark.CONDUCT
        until = Mark.CONDUCT
        lifted_by = Mark.KEY
        lifted_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

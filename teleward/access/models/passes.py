"""A pass opens exactly one visit and is never a login."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Organisation, Person


class Pass(models.Model):
    """What an invitation link carries: the right to take one seat in one visit, for thirty days at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    visit = models.UUIDField(db_index=True)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="passes")
    role = models.CharField(max_length=20)  # patient, relative, interpreter, clinician
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    issued_at = models.DateTimeField(default=now)
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()

    class Marks:
        id = Mark.KEY
        token_hash = Mark.SECRET
        organisation = Mark.KEY
        visit = Mark.KEY
        patient = Mark.KEY
        role = Mark.CLINICAL
        name = Mark.IDENTITY
        language = Mark.SETTING
        issued_at = Mark.CONDUCT
        issued_by = Mark.KEY
        expires_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class PassClaim(models.Model):
    """The one device that holds the pass now; a new claim replaces the row's secret."""

    held = models.OneToOneField(Pass, primary_key=True, on_delete=models.CASCADE, related_name="claim")
    device_hash = models.BinaryField(max_length=32)
    claimed_at = models.DateTimeField(default=now)
    count = models.PositiveIntegerField(default=1)

    class Marks:
        held = Mark.KEY
        device_hash = Mark.SECRET
        claimed_at = Mark.CONDUCT
        count = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.held_id)


class PassRevocation(models.Model):
    """A pass taken back."""

    taken = models.OneToOneField(Pass, primary_key=True, on_delete=models.CASCADE, related_name="revocation")
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Marks:
        taken = Mark.KEY
        at = Mark.CONDUCT
        by = Mark.KEY

    def __str__(self) -> str:
        return str(self.taken_id)

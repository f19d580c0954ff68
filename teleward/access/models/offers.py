"""A patient's offer to somebody: access to the patient's own page."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Person


class ProxyOffer(models.Model):
    """A link by which one account becomes a proxy. It works once; whoever opens it is seen by the patient."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="offers")
    token_hash = models.BinaryField(max_length=32, unique=True)
    label = models.BinaryField()  # whom it is for, in the patient's words; sealed with the patient's key
    may_see_ledger = models.BooleanField(default=False)
    may_see_readings = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Marks:
        id = Mark.KEY
        patient = Mark.KEY
        token_hash = Mark.SECRET
        label = Mark.IDENTITY
        may_see_ledger = may_see_readings = Mark.SETTING
        made_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        taken_by = Mark.KEY
        taken_at = Mark.CONDUCT
        withdrawn_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

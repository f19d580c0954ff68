"""The wrapped data key of each patient. Deleting the row makes everything sealed with it unreadable."""

from django.db import models

from .clock import now
from .marks import Mark


class PatientKey(models.Model):
    """One AES-256 key per patient, wrapped (RFC 3394) by the installation's master key."""

    patient = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(max_length=40)
    made_at = models.DateTimeField(default=now)

    class Marks:
        patient = Mark.KEY
        wrapped = Mark.SECRET
        made_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.patient)

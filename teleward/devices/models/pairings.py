"""Which devices at home send readings of which patient: by a code, a claim of it, keys, and an end."""

from typing import ClassVar

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

WHYS = ("stopped", "lost", "erased")


class Pairing(models.Model):
    """A code was made for one patient; whoever claims it sends readings of this patient only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    code_hash = models.BinaryField(max_length=32, unique=True)  # keyed
    expires_at = models.DateTimeField()  # of the code
    at = models.DateTimeField(default=now)
    by = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient"], name="devices_pairing_patient")]

    class Marks:
        id = organisation = patient = by = Mark.KEY
        code_hash = Mark.SECRET
        expires_at = at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class PairingClaim(models.Model):
    """A gateway claimed the code. What it calls itself is sealed: people name things after people."""

    pairing = models.OneToOneField(Pairing, primary_key=True, on_delete=models.CASCADE, related_name="claim")
    at = models.DateTimeField(default=now)
    called = models.BinaryField()  # {"name", "software"} as JSON

    class Marks:
        pairing = Mark.KEY
        at = Mark.CONDUCT
        called = Mark.IDENTITY

    def __str__(self) -> str:
        return str(self.pairing_id)


class PairingEnd(models.Model):
    """From here on nothing of this pairing is taken."""

    pairing = models.OneToOneField(Pairing, primary_key=True, on_delete=models.CASCADE, related_name="end")
    at = models.DateTimeField(default=now)
    by = models.UUIDField(null=True)
    why = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(why__in=WHYS), name="devices_pairing_end_why"),
        ]

    class Marks:
        pairing = by = Mark.KEY
        at = why = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.pairing_id)


class DeviceKey(models.Model):
    """A public key (P-256) that signs for a pairing, from when to when; one at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="keys")
    thumbprint = models.CharField(max_length=43, unique=True)  # RFC 7638
    jwk = models.JSONField()
    begun_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pairing"], condition=models.Q(ended_at=None), name="devices_one_key"
            ),
        ]

    class Marks:
        id = pairing = Mark.KEY
        thumbprint = jwk = Mark.SETTING
        begun_at = ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return self.thumbprint


class PairingKey(models.Model):
    """Which pairing a code is of that nobody has claimed, known before the gate decides."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    code_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "devices_pairing_key"

    class Marks:
        id = organisation = patient = Mark.KEY
        code_hash = Mark.SECRET
        expires_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class CredentialKey(models.Model):
    """A public key that counts just now, of a pairing that has not ended; known before the gate decides."""

    id = models.UUIDField(primary_key=True)
    pairing = models.UUIDField()
    organisation = models.UUIDField()
    patient = models.UUIDField()
    thumbprint = models.CharField(max_length=43)
    jwk = models.JSONField()

    class Meta:
        managed = False
        db_table = "devices_credential_key"

    class Marks:
        id = pairing = organisation = patient = Mark.KEY
        thumbprint = jwk = Mark.SETTING

    def __str__(self) -> str:
        return self.thumbprint

"""Who somebody is at an identity provider of the practice."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Person


class ExternalIdentity(models.Model):
    """A person under the name their provider knows them by: issuer and subject, never an e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="external_identities")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)  # OpenID Connect Core 2: at most 255 ASCII characters
    linked_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_external_identity")
        ]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        issuer = Mark.SETTING
        subject = Mark.IDENTITY
        linked_at = Mark.CONDUCT
        used_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

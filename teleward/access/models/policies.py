"""Which policies were in force."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark


class PolicySet(models.Model):
    """From `since` on, the server decided by the policies with this SHA-256, until the next row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64)
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="a_sha256")
        ]

    class Marks:
        id = Mark.KEY
        digest = Mark.SETTING
        since = Mark.SETTING

    def __str__(self) -> str:
        return self.digest

"""Browsers that the practice looks after: marked once by an administrator, known again by a cookie."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Organisation, Person


class BrowserCode(models.Model):
    """A code that an administrator reads out and somebody types on the browser that is to be marked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField(max_length=32)
    label = models.CharField(max_length=60)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        code_hash = Mark.SECRET
        label = Mark.SETTING
        made_by = Mark.KEY
        made_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        used_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class ManagedBrowser(models.Model):
    """One browser of the practice. Its cookie holds the secret, the row only the hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="managed_browsers")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=60)
    user_agent = models.CharField(max_length=300, blank=True)
    marked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=now)
    seen_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        secret_hash = Mark.SECRET
        label = Mark.SETTING
        user_agent = Mark.CONDUCT
        marked_by = Mark.KEY
        marked_at = Mark.CONDUCT
        seen_on = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        revoked_at = Mark.CONDUCT
        revoked_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)

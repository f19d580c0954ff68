"""Whether patients read the names of those who work here, or their roles."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Organisation, Person


class NamingRule(models.Model):
    """What the practice decided (CJEU C-579/21): the newest rule holds, earlier ones stay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    shows = models.CharField(max_length=8)  # names, roles
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at"], name="newest_naming_rule")]

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        shows = Mark.SETTING
        by = Mark.KEY
        at = Mark.CONDUCT

    def __str__(self) -> str:
        return self.shows

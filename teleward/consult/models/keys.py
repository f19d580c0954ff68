"""Ids, states and times that are needed before the gate decides: views of fenced tables, read only."""

from django.db import models

from teleward.kernel.marks import Mark


class VisitKey(models.Model):
    """That there is a visit: of whom, with whom, when, and how it stands. Nothing that was said."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    patient = models.UUIDField()
    host = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned = models.BooleanField()
    state = models.CharField(max_length=16)
    category = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "consult_visit_key"

    class Marks:
        id = organisation = patient = host = Mark.KEY
        planned = Mark.SETTING
        starts_at = ends_at = state = Mark.CONDUCT
        category = Mark.CLINICAL

    def __str__(self) -> str:
        return str(self.id)


class PeriodKey(models.Model):
    """That somebody was in a call, and the last proof of it. Not in which mode."""

    id = models.UUIDField(primary_key=True)
    visit_id = models.UUIDField()
    person = models.UUIDField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "consult_period_key"

    class Marks:
        id = visit_id = person = Mark.KEY
        seen_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class GuestKey(models.Model):
    """To which visit somebody is asked to come. No name."""

    id = models.UUIDField(primary_key=True)
    visit = models.ForeignKey(VisitKey, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "consult_guest_key"

    class Marks:
        id = visit = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class InvitationKey(models.Model):
    """That an invitation waits, or was sent. No address."""

    id = models.UUIDField(primary_key=True)
    guest = models.ForeignKey(GuestKey, on_delete=models.DO_NOTHING, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "consult_invitation_key"

    class Marks:
        id = guest = Mark.KEY
        sent_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class AsideKey(models.Model):
    """That a host opened another patient's chart during a visit, on purpose. Ids."""

    id = models.UUIDField(primary_key=True)
    visit = models.ForeignKey(VisitKey, on_delete=models.DO_NOTHING, related_name="+")
    patient = models.UUIDField()
    by = models.UUIDField(null=True)

    class Meta:
        managed = False
        db_table = "consult_aside_key"

    class Marks:
        id = visit = patient = by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)

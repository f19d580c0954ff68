"""What the gate has to know before it decides: ids, states and times; views of fenced tables, read only."""

from django.db import models

from teleward.kernel.marks import Mark

from .people import Organisation, Person


class PatientKey(models.Model):
    """That there is a patient, in which practice, with whose account. Nothing about them."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.DO_NOTHING, related_name="+")
    person = models.OneToOneField(Person, null=True, on_delete=models.DO_NOTHING, related_name="patient_key")
    registered_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "access_patient_key"

    class Marks:
        id = organisation = person = Mark.KEY
        registered_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class RestrictionKey(models.Model):
    """That a record is kept closer, and how. Not why."""

    id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField()
    tier = models.CharField(max_length=12)
    set_by_id = models.UUIDField()
    set_at = models.DateTimeField()
    seconded_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_restriction_key"

    class Marks:
        id = patient_id = set_by_id = Mark.KEY
        tier = Mark.SETTING
        set_at = seconded_at = lifted_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class GlassKey(models.Model):
    """That somebody asked for an emergency access, by which code, and how it stands. Not what they wrote."""

    id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField()
    person_id = models.UUIDField()
    session = models.UUIDField()
    code = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_brokenglass_key"

    class Marks:
        id = patient_id = person_id = session = Mark.KEY
        code = asked_at = opened_at = ends_at = ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class ReasonKey(models.Model):
    """About whom somebody typed a reason, and when. Not what they wrote."""

    id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField()
    person_id = models.UUIDField()
    given_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "access_typedreason_key"

    class Marks:
        id = patient_id = person_id = Mark.KEY
        given_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class HoldKey(models.Model):
    """Until when two people hold back word to a patient. Not why."""

    id = models.UUIDField(primary_key=True)
    patient_id = models.UUIDField()
    confirmed_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_safeguardinghold_key"

    class Marks:
        id = patient_id = Mark.KEY
        confirmed_at = until = lifted_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class OfferKey(models.Model):
    """Whether the link in somebody's hand gives access. Not whom it was meant for."""

    id = models.UUIDField(primary_key=True)
    token_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "access_proxyoffer_key"

    class Marks:
        id = Mark.KEY
        token_hash = Mark.SECRET
        expires_at = taken_at = withdrawn_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

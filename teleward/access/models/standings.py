"""What access knows of who has to do with whom: its own copy of facts that upper rooms make."""

from django.db import models

from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Organisation, Person


class Standing(models.Model):
    """A dated fact that ties a member of staff to a patient: the evidence behind an access."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, default="appointment")  # a word of evidence.Kind
    source = models.UUIDField(null=True)  # what it comes from: a visit, a thread, a claim, a broken glass
    visit = models.UUIDField(null=True)  # where it is a visit
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="standings")
    staff = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standings")
    session = models.UUIDField(null=True)  # the one session it holds for, empty: any
    role = models.CharField(max_length=20, blank=True)  # of a visit: host, second
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # empty: until it is ended
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "staff"], name="one_standing_per_visit"),
            models.UniqueConstraint(fields=["source", "kind", "staff"], name="one_standing_per_source"),
        ]
        indexes = [models.Index(fields=["patient", "staff"], name="standings_by_patient")]

    class Marks:
        id = Mark.KEY
        kind = Mark.CONDUCT
        source = Mark.KEY
        visit = Mark.KEY
        organisation = Mark.KEY
        patient = Mark.KEY
        staff = Mark.KEY
        session = Mark.KEY
        role = Mark.CONDUCT
        starts_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        ended_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class CloserVisit(models.Model):
    """A visit that is kept closer, of which sort, and since when; `category` empty: it is so no longer."""

    visit = models.UUIDField(primary_key=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=16, blank=True)
    told_at = models.DateTimeField()

    class Marks:
        visit = Mark.KEY
        patient = Mark.KEY
        category = Mark.CLINICAL
        told_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.visit)


class Cover(models.Model):
    """By rota, one member of staff stands in for another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="covers")
    covers = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="covered_by")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        covers = Mark.KEY
        starts_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        given_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class Kinship(models.Model):
    """A patient belongs to the family of a member of staff, who therefore stays out of their record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kin")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    relation = models.CharField(max_length=20)  # partner, child, parent, sibling, other
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "patient"], name="one_kinship_of_two")]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        patient = Mark.KEY
        relation = Mark.IDENTITY
        told_at = Mark.CONDUCT
        told_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class Proxy(models.Model):
    """Somebody with an account to whom a patient gave access to their own page."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="proxy_for")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="proxies")
    may_see_ledger = models.BooleanField(default=False)  # and so who saw the patient's data
    may_see_readings = models.BooleanField(default=False)  # and what their devices measured
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "patient"],
                condition=models.Q(withdrawn_at=None),
                name="one_proxy_of_two",
            )
        ]

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        patient = Mark.KEY
        may_see_ledger = may_see_readings = Mark.SETTING
        given_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        withdrawn_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

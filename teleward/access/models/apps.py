"""Programs that a practice has connected, what people allowed them, and the keys they hold."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .patients import Patient
from .people import Organisation, Person
from .sessions import Session


class Client(models.Model):
    """A program an administrator has registered: an app of people, or a system that works by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # its client_id
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="clients")
    name = models.CharField(max_length=80)
    what_for = models.CharField(max_length=300)  # one sentence, shown to whoever is asked
    kind = models.CharField(max_length=20)  # backend, confidential (keys of its own), public
    redirect_uris = models.JSONField(default=list)
    launch_url = models.CharField(max_length=500, blank=True)
    keys_url = models.CharField(max_length=500, blank=True)
    keys = models.JSONField(null=True, blank=True)  # a public JWK set, where it was handed over
    scopes = models.TextField()  # the most it may ever get
    per_minute = models.PositiveIntegerField()  # requests
    registered_at = models.DateTimeField(default=now)
    registered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Marks:
        id = Mark.KEY
        organisation = Mark.KEY
        name = Mark.SETTING
        what_for = Mark.SETTING
        kind = Mark.SETTING
        redirect_uris = Mark.SETTING
        launch_url = Mark.SETTING
        keys_url = Mark.SETTING
        keys = Mark.SETTING
        scopes = Mark.SETTING
        per_minute = Mark.SETTING
        registered_at = Mark.CONDUCT
        registered_by = Mark.KEY

    def __str__(self) -> str:
        return self.name


class ClientEnd(models.Model):
    """The end of a program's connection, with who ended it and why."""

    client = models.OneToOneField(Client, primary_key=True, on_delete=models.CASCADE, related_name="end")
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    class Marks:
        client = Mark.KEY
        at = Mark.CONDUCT
        by = Mark.KEY
        reason = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.client_id)


class AppLaunch(models.Model):
    """A member of staff opens an app for a patient from our page: what the app's `launch` word stands for."""

    launch_hash = models.BinaryField(primary_key=True, max_length=32)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        launch_hash = Mark.SECRET
        client = Mark.KEY
        person = Mark.KEY
        patient = Mark.KEY
        made_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        used_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.client_id)


class AppGrant(models.Model):
    """What a person allowed an app, until when. With a session it ends when that does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="grants")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="app_grants")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.CASCADE, related_name="app_grants")
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="app_grants")
    scopes = models.TextField()
    aal = models.PositiveSmallIntegerField()  # of the sign-in in which it was allowed
    method = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, blank=True)  # taken-back, app, reuse, replaced
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "ended_at"], name="app_grants_by_person")]

    class Marks:
        id = Mark.KEY
        client = Mark.KEY
        person = Mark.KEY
        patient = Mark.KEY
        session = Mark.KEY
        scopes = Mark.SETTING
        aal = Mark.CONDUCT
        method = Mark.CONDUCT
        given_at = Mark.CONDUCT
        ends_at = Mark.CONDUCT
        ended_at = Mark.CONDUCT
        ended_because = Mark.CONDUCT
        ended_by = Mark.KEY

    def __str__(self) -> str:
        return str(self.id)


class AppCode(models.Model):
    """What the browser carries from our page to the app's: good once, for a minute."""

    code_hash = models.BinaryField(primary_key=True, max_length=32)
    given = models.OneToOneField(AppGrant, on_delete=models.CASCADE, related_name="code")
    redirect_uri = models.CharField(max_length=500)
    challenge = models.CharField(max_length=43)  # RFC 7636 4.2, S256
    nonce = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        code_hash = Mark.SECRET
        given = Mark.KEY
        redirect_uri = Mark.SETTING
        challenge = Mark.SECRET
        nonce = Mark.SECRET
        expires_at = Mark.CONDUCT
        used_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.given_id)


class AppToken(models.Model):
    """A key a program holds. `given` is what a person allowed it; a system that works by itself has none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=10)  # access, refresh
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    given = models.ForeignKey(AppGrant, null=True, on_delete=models.CASCADE, related_name="tokens")
    scopes = models.TextField()
    issued_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)  # a refresh token is exchanged once
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        id = Mark.KEY
        token_hash = Mark.SECRET
        kind = Mark.SETTING
        client = Mark.KEY
        given = Mark.KEY
        scopes = Mark.SETTING
        issued_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        used_at = Mark.CONDUCT
        revoked_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class SeenAssertion(models.Model):
    """A signed word of a client that was taken: it is not taken twice while it could be."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    jti_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "jti_hash"], name="assertions_are_taken_once")
        ]

    class Marks:
        id = Mark.KEY
        client = Mark.KEY
        jti_hash = Mark.SECRET
        expires_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class SigningKey(models.Model):
    """What identity tokens are signed with; the private half is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # its kid
    sealed = models.BinaryField()
    public = models.JSONField()
    made_at = models.DateTimeField(default=now)

    class Marks:
        id = Mark.KEY
        sealed = Mark.SECRET
        public = Mark.SETTING
        made_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

"""What people prove themselves with, and what stands between the steps of proving it."""

from django.db import models

from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.kernel.marks import Mark

from .people import Person


class Passkey(models.Model):
    """A WebAuthn credential with user verification."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)  # COSE key
    sign_count = models.BigIntegerField(default=0)
    aaguid = models.UUIDField(null=True, blank=True)
    backup_eligible = models.BooleanField(default=False)  # false: bound to one device, good for AAL 3
    backup_state = models.BooleanField(default=False)
    label = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        credential_id = Mark.SECRET
        public_key = Mark.SECRET
        sign_count = Mark.CONDUCT
        aaguid = Mark.CONDUCT
        backup_eligible = Mark.CONDUCT
        backup_state = Mark.CONDUCT
        label = Mark.IDENTITY
        added_at = Mark.CONDUCT
        used_at = Mark.CONDUCT
        failures = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class AuthenticatorApp(models.Model):
    """A time-based one-time code generator (RFC 6238)."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="authenticator_app"
    )
    secret = models.BinaryField(max_length=256)  # sealed with the installation's key
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)  # the newest 30-second step that was accepted: no replay
    failures = models.PositiveIntegerField(default=0)

    class Marks:
        person = Mark.KEY
        secret = Mark.SECRET
        confirmed_at = Mark.CONDUCT
        last_step = Mark.CONDUCT
        failures = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.person_id)


class RecoveryCode(models.Model):
    """One saved code of at least 64 bits, for the day the second factor is lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        code_hash = Mark.SECRET
        made_at = Mark.CONDUCT
        used_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class OneTimeLink(models.Model):
    """A sign-in link printed on the server's own terminal: ten minutes, one use, loopback only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="one_time_links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Marks:
        id = Mark.KEY
        person = Mark.KEY
        token_hash = Mark.SECRET
        made_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT
        used_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class Challenge(models.Model):
    """A question that waits for its one answer: a WebAuthn challenge or the second step of a sign-in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.BinaryField(max_length=32, unique=True)  # of the cookie that ties it to one browser
    state = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    class Marks:
        id = Mark.KEY
        kind = Mark.CONDUCT
        person = Mark.KEY
        secret_hash = Mark.SECRET
        state = Mark.SECRET
        made_at = Mark.CONDUCT
        expires_at = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)


class SignInFailure(models.Model):
    """Failures in a row for one account seen from one network; an attacker elsewhere slows only himself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_hash = models.BinaryField(max_length=32)  # of the address typed, known or not
    network = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=now)
    wait_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_hash", "network"], name="one_count_per_network")
        ]

    class Marks:
        id = Mark.KEY
        account_hash = Mark.SECRET
        network = Mark.CONDUCT
        count = Mark.CONDUCT
        last_at = Mark.CONDUCT
        wait_until = Mark.CONDUCT

    def __str__(self) -> str:
        return str(self.id)

"""How passwords are kept: Argon2id over the NFC form of the whole password."""

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from teleward.access.signin.limits import PASSWORD
from teleward.access.signin.text import normalised


class Hasher(Argon2PasswordHasher):
    """Argon2id with the cost of the policy file; `must_update` is true for anything cheaper."""

    time_cost = PASSWORD.argon2id.rounds
    memory_cost = PASSWORD.argon2id.memory_kibibytes
    parallelism = PASSWORD.argon2id.lanes

    def encode(self, password: str, salt: str) -> str:
        return super().encode(normalised(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(normalised(password), encoded)


def hashed(password: str) -> str:
    """What is stored for this password."""
    return make_password(password)


class Verdict:
    """Whether a password matched, and the better hash to store if the stored one is outdated."""

    def __init__(self) -> None:
        self.matches = False
        self.renewed: str | None = None

    def _renew(self, password: str) -> None:
        self.renewed = hashed(password)

    @classmethod
    def on(cls, password: str, stored: str | None) -> "Verdict":
        """Compare; without a stored hash the same work is done for nobody, so that time tells nothing."""
        verdict = cls()
        too_long = len(password) > PASSWORD.longest
        if too_long or not stored:
            Hasher().encode(password[: PASSWORD.longest], "the-same-work-for-nobody")
            return verdict
        verdict.matches = check_password(password, stored, verdict._renew)
        return verdict

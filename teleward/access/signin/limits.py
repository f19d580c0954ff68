"""The numbers of sign-in, read from the policy file. A missing number stops the start."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

POLICY = Path(__file__).parent.parent / "policies" / "passwords.toml"

_policy = tomllib.loads(POLICY.read_text(encoding="utf-8"))


@dataclass(frozen=True, kw_only=True)
class Argon2id:
    rounds: int
    memory_kibibytes: int
    lanes: int


@dataclass(frozen=True, kw_only=True)
class PasswordLimits:
    """Lengths in code points, guesses as powers of ten."""

    shortest_alone: int
    shortest_with_second_factor: int
    longest: int
    guesses_alone: float
    guesses_with_second_factor: float
    name_part: int
    argon2id: Argon2id

    def shortest(self, *, alone: bool) -> int:
        return self.shortest_alone if alone else self.shortest_with_second_factor

    def guesses(self, *, alone: bool) -> float:
        return self.guesses_alone if alone else self.guesses_with_second_factor


@dataclass(frozen=True, kw_only=True)
class BackOffLimits:
    """Waits in seconds."""

    free_failures: int
    first_wait: int
    longest_wait: int
    forgotten_after: int
    disabled_after: int


@dataclass(frozen=True, kw_only=True)
class CodeLimits:
    digits: int
    step: int
    drift: int
    recovery_codes: int
    recovery_bits: int


@dataclass(frozen=True, kw_only=True)
class SessionLimits:
    overall: timedelta
    idle: timedelta
    idle_privileged: timedelta
    fresh: timedelta
    privileged: frozenset[str]

    def idle_for(self, roles: frozenset[str]) -> timedelta:
        """How long a session of somebody with these roles may rest before it locks."""
        return self.idle_privileged if roles & self.privileged else self.idle


@dataclass(frozen=True, kw_only=True)
class LinkLimits:
    challenge: timedelta
    one_time: timedelta
    staff_invitation: timedelta
    account_invitation: timedelta


@dataclass(frozen=True, kw_only=True)
class KeptLimits:
    session: timedelta


def _seconds(section: dict[str, int]) -> dict[str, timedelta]:
    return {name: timedelta(seconds=value) for name, value in section.items()}


_session = dict(_policy["session"])
PASSWORD = PasswordLimits(**{**_policy["password"], "argon2id": Argon2id(**_policy["password"]["argon2id"])})
BACK_OFF = BackOffLimits(**_policy["back_off"])
CODE = CodeLimits(**_policy["code"])
SESSION = SessionLimits(privileged=frozenset(_session.pop("privileged")), **_seconds(_session))
LINK = LinkLimits(**_seconds(_policy["link"]))
KEPT = KeptLimits(**_seconds(_policy["kept"]))

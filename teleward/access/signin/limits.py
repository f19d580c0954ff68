"""The limits of identity, read from the policy file. A missing number stops the start."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any

POLICY = Path(__file__).parent.parent / "policies" / "identity.toml"


class Assurance(IntEnum):
    """What a sign-in has to withstand, the weakest first."""

    TWO_FACTORS = 1
    PHISHING_RESISTANT = 2
    DEVICE_BOUND = 3


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
class BlocklistLimits:
    false_positives: float


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
    address: timedelta


@dataclass(frozen=True, kw_only=True)
class RecertificationLimits:
    every: timedelta
    grace: timedelta
    ends_after_grace: bool


@dataclass(frozen=True, kw_only=True)
class CoverLimits:
    longest: timedelta


@dataclass(frozen=True, kw_only=True)
class AccountLimits:
    unused: timedelta
    settled: timedelta
    first_days: timedelta
    asked: timedelta


@dataclass(frozen=True, kw_only=True)
class BrowserLimits:
    code: timedelta
    code_digits: int
    lasts: timedelta


@dataclass(frozen=True, kw_only=True)
class SharedLimits:
    at_once: timedelta
    looked_back: timedelta


@dataclass(frozen=True, kw_only=True)
class AssuranceLimits:
    administration: Assurance
    break_glass: Assurance


@dataclass(frozen=True, kw_only=True)
class ProviderLimits:
    patience: timedelta
    keys_kept: timedelta
    keys_asked_again: timedelta
    clock_drift: timedelta
    token_age: timedelta


def _value(entry: dict[str, Any]) -> Any:  # noqa: ANN401 - as the file has it; the dataclasses say what they take
    if "value" not in entry:
        return {name: _value(inner) for name, inner in entry.items()}
    if entry["unit"] == "seconds":
        return timedelta(seconds=entry["value"])
    return frozenset(entry["value"]) if isinstance(entry["value"], list) else entry["value"]


def _assurance(word: str) -> Assurance:
    return Assurance[word.replace("-", "_").upper()]


def _in_seconds(section: dict[str, Any]) -> dict[str, int]:
    """The section with its times as whole seconds."""
    return {k: int(v.total_seconds()) if isinstance(v, timedelta) else v for k, v in section.items()}


_file = tomllib.loads(POLICY.read_text(encoding="utf-8"))
_limits = {name: _value(section) for name, section in _file.items() if isinstance(section, dict)}
PASSWORD = PasswordLimits(**(_limits["password"] | {"argon2id": Argon2id(**_limits["password"]["argon2id"])}))
BLOCKLIST = BlocklistLimits(**_limits["blocklist"])
BACK_OFF = BackOffLimits(**_in_seconds(_limits["back_off"]))
CODE = CodeLimits(**_in_seconds(_limits["code"]))
SESSION = SessionLimits(**_limits["session"])
LINK = LinkLimits(**_limits["link"])
KEPT = KeptLimits(**_limits["kept"])
RECERTIFICATION = RecertificationLimits(**_limits["recertification"])
COVER = CoverLimits(**_limits["cover"])
ACCOUNT = AccountLimits(**_limits["account"])
BROWSER = BrowserLimits(**_limits["browser"])
SHARED = SharedLimits(**_limits["shared"])
ASSURANCE = AssuranceLimits(**{name: _assurance(word) for name, word in _limits["assurance"].items()})
PROVIDER = ProviderLimits(**_limits["provider"])

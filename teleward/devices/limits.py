"""The numbers of alerts and what is usual, read from the policy files. A missing number stops the start."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).parent / "policies"
ALERTS = POLICIES / "alerts.toml"
USUAL_FILE = POLICIES / "usual.toml"
CRITICAL_FILE = POLICIES / "critical.toml"


@dataclass(frozen=True, kw_only=True)
class Range:
    """From where to where, ends included; None: no limit on this side. `source` where it comes from."""

    low: Decimal | None = None
    high: Decimal | None = None
    source: str = ""

    def holds(self, value: Decimal) -> bool:
        """Whether the value lies within."""
        too_low = self.low is not None and value < self.low
        too_high = self.high is not None and value > self.high
        return not (too_low or too_high)


@dataclass(frozen=True, kw_only=True)
class AlertLimits:
    escalated_after: timedelta
    escalated_urgent_after: timedelta
    most_escalations: int
    acknowledged_for: timedelta

    def escalated_when(self, *, urgent: bool) -> timedelta:
        """How long an alert waits for somebody before the next is told."""
        return self.escalated_urgent_after if urgent else self.escalated_after


@dataclass(frozen=True, kw_only=True)
class QuietLimits:
    """Full hours on the practice's clock; `most` is how long it may be quiet."""

    begins: int
    ends: int
    most: timedelta


@dataclass(frozen=True, kw_only=True)
class SilenceLimits:
    """Days without a reading."""

    fewest_days: int
    most_days: int


@dataclass(frozen=True, kw_only=True)
class SpentLimits:
    longest_stay: timedelta


_said = tomllib.loads(ALERTS.read_text())


def _of(section: str, name: str) -> Any:  # noqa: ANN401 - as the file has it
    return _said[section][name]["value"]


def _seconds(section: str, name: str) -> timedelta:
    return timedelta(seconds=_of(section, name))


def _usual(entry: Mapping[str, str]) -> Range:
    ends = {name: Decimal(entry[name]) for name in ("low", "high") if name in entry}
    return Range(**ends, source=entry["source"])


ALERT = AlertLimits(
    escalated_after=_seconds("alert", "escalated_after"),
    escalated_urgent_after=_seconds("alert", "escalated_urgent_after"),
    most_escalations=_of("alert", "most_escalations"),
    acknowledged_for=_seconds("alert", "acknowledged_for"),
)
QUIET = QuietLimits(
    begins=_of("quiet", "from"),
    ends=_of("quiet", "until"),
    most=timedelta(hours=_of("quiet", "most_hours")),
)
SILENCE = SilenceLimits(fewest_days=_of("silence", "fewest_days"), most_days=_of("silence", "most_days"))
SPENT = SpentLimits(longest_stay=_seconds("spent", "longest_stay"))


def _ranges(file: Path) -> Mapping[str, Range]:
    found = tomllib.loads(file.read_text())
    return {code: _usual(entry) for code, entry in found.items() if isinstance(entry, dict)}


USUAL = _ranges(USUAL_FILE)
CRITICAL = _ranges(CRITICAL_FILE)


def is_critical(code: str, value: Decimal) -> bool:
    """Whether nobody waits with this value, quiet hours or not."""
    ends = CRITICAL.get(code, Range())
    return (ends.low is not None and value <= ends.low) or (ends.high is not None and value >= ends.high)

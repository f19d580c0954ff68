"""What a new appointment is made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from teleward.consult.modes import OFFERED


@dataclass(frozen=True, kw_only=True)
class Host:
    """The clinician who holds the visit, and the clock of their practice."""

    id: UUID
    name: str
    organisation: UUID
    zone: str


@dataclass(frozen=True, kw_only=True)
class Who:
    """The patient as an invitation addresses them."""

    id: UUID
    name: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """An appointment somebody wants: `starts_at` an instant, `minutes` from 5 to 240."""

    host: Host
    patient: Who
    starts_at: datetime
    minutes: int
    modes: tuple[str, ...] = OFFERED
    purpose: str = ""
    planned: bool = True

    @property
    def ends_at(self) -> datetime:
        """The instant it is planned to end at."""
        return self.starts_at + timedelta(minutes=self.minutes)

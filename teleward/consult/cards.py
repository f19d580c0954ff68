"""What the doors of this room hand out: frozen facts, never rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_RUNS: Final = 3  # of the words between two people; the page counts by the same number


@dataclass(frozen=True, kw_only=True)
class CheckCard:
    """What worked on a device. `path` is direct, relayed or none."""

    path: str
    camera: bool
    microphone: bool
    speaker: bool


@dataclass(frozen=True, kw_only=True)
class SeatCard:
    """One place in the room or the lobby. `number` is None until admission; `mode` "" until arrival."""

    peer: str
    number: int | None
    role: str
    name: str
    state: str  # present | waiting | admitted | turned-away | left
    person: UUID | None
    pass_id: UUID | None
    arrived_at: datetime
    mode: str
    check: CheckCard | None
    company: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What a guest says when ready: the mode wanted, what works, who else is in their room."""

    mode: str
    check: CheckCard | None = None
    company: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Words:
    """What one side said after comparing. `evidence` is 64 hexadecimal digits."""

    other: str
    run: int
    outcome: str
    form: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class VisitCard:
    """One appointment as the clinic sees it. `purpose` is not here; it has its own door."""

    id: UUID
    organisation: UUID
    patient: UUID
    host: UUID
    host_name: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    planned: bool
    modes: tuple[str, ...]
    state: str
    chosen_mode: str  # "" until the patient chose

    @property
    def minutes(self) -> int:
        """The planned length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_open(self) -> bool:
        """Whether the room may still be entered."""
        return self.state in {"booked", "invited", "waiting", "in-call"}

"""What a kind of device is: what it measures, how its frames are read, when its readings are too old."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from teleward.devices.readings import Reading

Json = dict[str, Any]


class Unreadable(Exception):
    """A frame that is none of this kind. `reason` is a stable word of docs/reference/device-kinds.md."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """One thing that is measured: a LOINC code in one UCUM unit, and what is to be believed of it.

    Beyond `lowest` and `highest` a value is refused where it was typed or came from home, and asked about
    where a device shows it in a call. A change by more than `jump` from the value before asks whose it is.
    """

    code: str
    word: "Promise | str"
    unit: str
    lowest: Decimal
    highest: Decimal
    jump: Decimal | None = None
    digits: int = 0  # after the point, where a person types it
    typed: tuple[str, ...] = ()  # other UCUM units that people may type


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value as text, exactly as measured; or why there is none (`absent`). `original` before conversion."""

    code: str
    unit: str
    value: str = ""
    absent: str = ""
    original: tuple[str, str] | None = None  # value, UCUM unit


@dataclass(frozen=True, kw_only=True)
class Waveform:
    """Samples at a steady rate, lead after lead; one step is `factor` of `unit`, as SampledData has it."""

    hertz: int
    leads: tuple[tuple[int, ...], ...]
    factor: str = "0.001"
    unit: str = "mV"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one frame says. `measured_at` by the device's own clock, which mostly knows no zone.

    A frame may hold several measurements: the first is said here, the others stand in `more`, in their order.
    """

    values: tuple[Value, ...]
    measured_at: datetime | None = None
    sequence: int | None = None
    user: int | None = None
    flags: tuple[str, ...] = ()
    waveform: Waveform | None = None
    more: tuple["Measured", ...] = ()


Decode = Callable[[str, bytes], Measured]  # characteristic, frame; raises Unreadable


@dataclass(frozen=True, kw_only=True)
class About:
    """Whose reading it is, for the chart: ids of Patient, Device and, in a visit, Encounter."""

    patient: UUID
    device: UUID
    encounter: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of device. `service` and `characteristics` are 16-bit Bluetooth numbers (1810) or UUIDs."""

    name: str
    word: "Promise | str"
    service: str
    mdc: str  # of the specialisation, in IEEE 11073-10101
    characteristics: tuple[str, ...]  # that carry readings
    quantities: tuple[Quantity, ...]
    stale_after: timedelta  # in a call
    decode: Decode  # one frame by itself
    observe: Callable[[Reading, About], tuple[Json, ...]]  # Observations of FHIR, without ids
    begin: Callable[[], Decode] | None = None  # for one connection, where a frame rests on those before it
    before: tuple[str, ...] = ()  # characteristics to be read before listening, and decoded as they come
    newer: Mapping[str, str] = field(default_factory=dict)  # what says the same better, where a device has it
    continuous: bool = False
    can_be_typed: bool = True
    by_code: dict[str, Quantity] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {each.code: each for each in self.quantities})

    def decoder(self) -> Decode:
        """For the frames of one connection, in their order."""
        return self.begin() if self.begin else self.decode

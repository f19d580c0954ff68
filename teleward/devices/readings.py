"""A reading as it travels: the same JSON in the call, when it is kept, in a gateway and from home.

Reading it is strict; what is wrong is said by a stable word for each reading, so that the others stand.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

MOST_FLAGS = 24  # of one reading; a glucose sensor can say 22
Text = Annotated[str, msgspec.Meta(max_length=120)]
Number = Annotated[str, msgspec.Meta(pattern=r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?\Z")]
Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z")]
Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9./%\[\]{}_-]{1,40}\Z")]
Sample = Annotated[int, msgspec.Meta(ge=-32_768, le=32_767)]
Lead = Annotated[list[Sample], msgspec.Meta(min_length=1, max_length=30_000)]
Absent = Literal[
    "not-a-number", "not-at-this-resolution", "positive-infinity", "negative-infinity", "reserved"
]


class Strict(
    msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True, gc=False
):
    """Nothing but what is said here."""


class Original(Strict, frozen=True):
    """The value before it was converted, in the unit the device or the person used."""

    value: Number
    unit: Code


class Value(Strict, frozen=True):
    """One value of a reading: a decimal as text in a UCUM unit; or why there is none."""

    code: Code
    unit: Code
    value: Number | None = None
    absent: Absent | None = None
    original: Original | None = None


class DeviceFacts(Strict, frozen=True):
    """What the device says of itself."""

    maker: Text = ""
    model: Text = ""
    serial: Text = ""
    system_id: Text = ""
    firmware: Text = ""


class Waveform(Strict, frozen=True):
    """Samples at a steady rate, lead after lead; `unit` of one step, as SampledData of FHIR has it."""

    hertz: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    factor: Number
    unit: Code
    leads: Annotated[list[Lead], msgspec.Meta(min_length=1, max_length=3)]


class Reading(Strict, frozen=True):
    """One reading. `measured_at` by the device's own clock, `received_at` by that of what received it."""

    id: UUID
    kind: Word
    source: Literal["device", "typed"]
    received_at: Annotated[datetime, msgspec.Meta(tz=True)]
    values: Annotated[list[Value], msgspec.Meta(max_length=12)]
    sequence: Annotated[int, msgspec.Meta(ge=0, lt=2**62)] = 0
    measured_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    device: DeviceFacts = DeviceFacts()
    user: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    flags: Annotated[list[Word], msgspec.Meta(max_length=MOST_FLAGS)] = []
    waveform: Waveform | None = None


class Batch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a gateway sends; each reading still as it came. `battery` of the gateway, in per cent."""

    readings: list[msgspec.Raw]
    battery: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None


decode = msgspec.json.Decoder(Reading).decode
encode = msgspec.json.Encoder(decimal_format="number").encode  # FHIR bodies too, with every digit

"""The usual reading, recognised quickly: nothing but words of ours and values seen to be believable. Pure.

What is recognised here would be taken by `readings.decode` and `judging.fault` too. Of what is not, they say
what is wrong with it, if anything is; nothing is refused here.
"""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from teleward.devices.flags import FLAGS
from teleward.devices.judging import fault_of_value
from teleward.devices.kinds import KINDS
from teleward.devices.readings import MOST_FLAGS, DeviceFacts, Strict, Value

MOST_KNOWN = 20_000  # values; whose they are is not among it
_quantities = [quantity for kind in KINDS.values() for quantity in kind.quantities]
if TYPE_CHECKING:
    Kind: TypeAlias = str
    Code: TypeAlias = str
    Unit: TypeAlias = str
    Flag: TypeAlias = str
else:
    Kind = Literal[tuple(KINDS)]
    Code = Literal[tuple({each.code for each in _quantities})]
    Unit = Literal[tuple({each.unit for each in _quantities})]
    Flag = Literal[tuple(FLAGS)]
_value_of = msgspec.json.Encoder().encode
_strictly = msgspec.json.Decoder(Value).decode


class UsualValue(Strict, frozen=True):
    """A value that is there, as it was measured."""

    code: Code
    unit: Unit
    value: Annotated[str, msgspec.Meta(max_length=30)]
    absent: None = None
    original: None = None


class Usual(Strict, frozen=True):
    """A reading as `readings.Reading` has it, its words not looked at yet."""

    id: UUID
    kind: Kind
    source: Literal["device", "typed"]
    received_at: Annotated[datetime, msgspec.Meta(tz=True)]
    values: Annotated[list[UsualValue], msgspec.Meta(min_length=1, max_length=12)]
    sequence: Annotated[int, msgspec.Meta(ge=0, lt=2**62)] = 0
    measured_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    device: DeviceFacts = DeviceFacts()
    user: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    flags: Annotated[list[Flag], msgspec.Meta(max_length=MOST_FLAGS)] = []
    waveform: None = None


_decode = msgspec.json.Decoder(Usual).decode


def usual(raw: bytes) -> Usual | None:
    """The reading in this JSON, if it is a usual one that can be believed; of its time nothing is said."""
    try:
        reading = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    kind, values = reading.kind, reading.values
    for value in values:
        if not _believable(kind, value.code, value.unit, value.value):
            return None
    if len(values) > 1 and len({value.code for value in values}) < len(values):
        return None
    return reading


@lru_cache(maxsize=MOST_KNOWN)
def _believable(kind: str, code: str, unit: str, value: str) -> bool:
    """Whether a reading of this kind may hold this value; each is looked at once."""
    known = KINDS.get(kind)
    if known is None:
        return False
    try:
        read = _strictly(_value_of({"code": code, "unit": unit, "value": value}))
    except msgspec.ValidationError:
        return False
    return not fault_of_value(read, known.by_code.get(code))

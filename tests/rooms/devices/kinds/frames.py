"""What a decoder said, as JSON has it, and the known answers that Python and Node are both held against."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from teleward.devices.kinds import Measured, Unreadable, Value
from teleward.devices.kinds.kind import Decode

Json = dict[str, Any]
VECTORS = Path(__file__).parents[3] / "vectors" / "devices"


def cases() -> Iterator[tuple[str, Json]]:
    for path in sorted(VECTORS.glob("*.json")):
        known = json.loads(path.read_text())
        yield from ((known["kind"], case) for case in known["cases"])


def outcome(decode: Decode, characteristic: str, frame: bytes) -> Json:
    try:
        return {"says": told(decode(characteristic, frame))}
    except Unreadable as unreadable:
        return {"refused": unreadable.reason}


def told(measured: Measured) -> Json:
    wave = measured.waveform
    return {
        "values": [_value(each) for each in measured.values],
        "measured_at": _moment(measured.measured_at),
        "sequence": measured.sequence,
        "user": measured.user,
        "flags": list(measured.flags),
        "waveform": wave and vars(wave) | {"leads": [list(lead) for lead in wave.leads]},
        "more": [told(each) for each in measured.more],
    }


def _value(value: Value) -> Json:
    said: Json = {"code": value.code, "unit": value.unit}
    said |= {"absent": value.absent} if value.absent else {"value": value.value}
    if value.original:
        said["original"] = dict(zip(("value", "unit"), value.original, strict=True))
    return said


def _moment(moment: datetime | None) -> str | None:
    if moment is None or moment.tzinfo is None:
        return moment and moment.isoformat()
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""From a frame to a reading on disk. Nothing else happens with a frame, and nothing before."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from teleward.command.gateway.spool import Device, NoRoom, Origin, Spool
from teleward.devices.kinds import Kind, Measured, Unreadable
from teleward.devices.kinds.glucose.decoding import FOLLOWS, joined
from teleward.devices.kinds.kind import Decode, Value, Waveform
from teleward.devices.readings import DeviceFacts, Original, Reading, decode, encode
from teleward.devices.readings import Value as Written
from teleward.devices.readings import Waveform as Drawn
from teleward.kernel.clock import now

HELD = 1_000  # readings in memory while the disk is full
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What sent a frame."""

    device: Device
    kind: Kind
    facts: DeviceFacts
    stores: bool = False  # it has a memory that is asked by number
    decode: Decode | None = None  # of this connection, where it knows what was said before


@dataclass
class Taker:
    """Takes frames; a reading is on disk when `take` returns, or waits in memory while the disk is full.

    One of which the device says more at once is on disk with that; until then the device has it too.
    """

    spool: Spool
    say: Say
    kept: Callable[[], None] = lambda: None  # somebody who sends may look
    held: deque[tuple[Reading, Origin]] = field(default_factory=lambda: deque(maxlen=HELD))
    incomplete: dict[str, tuple[Source, Measured, bytes]] = field(default_factory=dict)  # by address

    def take(self, source: Source, characteristic: str, frame: bytes) -> None:
        """Decode one frame and keep what it says; what cannot be kept is counted with its reason."""
        with self._counted():
            first = (source.decode or source.kind.decode)(characteristic, frame)
            for place, measured in enumerate((first, *first.more)):
                self._join(source, measured, frame + bytes([place]) + _session(source, measured))

    def complete(self, address: str) -> None:
        """Nothing more will be said about what this device measured last."""
        with self._counted():
            if waiting := self.incomplete.pop(address, None):
                self._sort(*waiting)

    def again(self) -> None:
        """Try to write what found no room."""
        while self.held:
            reading, origin = self.held[0]
            try:
                self._put(reading, origin)
            except NoRoom:
                return
            self.held.popleft()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """What cannot be read is counted with its reason; it never stops what comes after it."""
        try:
            yield
        except Unreadable as unreadable:
            self._drop(f"unreadable: {unreadable.reason}")
        except Exception as unforeseen:  # noqa: BLE001 - one frame never stops those that come after it
            self._drop(f"unreadable: {type(unforeseen).__name__}")

    def _join(self, source: Source, measured: Measured, mark: bytes) -> None:
        """A glucose meter says beforehand that it will say more about a measurement, such as fasting."""
        address = source.device.address
        if (waiting := self.incomplete.get(address)) and not measured.values:
            self.incomplete[address] = (source, joined(waiting[1], measured), waiting[2])
            return
        self.complete(address)
        if FOLLOWS in measured.flags:
            self.incomplete[address] = (source, measured, mark)
        else:
            self._sort(source, measured, mark)

    def _sort(self, source: Source, measured: Measured, mark: bytes) -> None:
        if why := _not_the_patients(source.device, measured):
            self._drop(why)
        elif measured.values or measured.waveform:
            reading = decode(encode(reading_of(source, measured)))  # what cannot be read again is not kept
            self._keep(reading, _origin(source, measured, mark))

    def _keep(self, reading: Reading, origin: Origin) -> None:
        self.held.append((reading, origin))
        self.again()
        if self.held:
            self.say("The disk is full: readings are held in memory only. Make room on it.")

    def _put(self, reading: Reading, origin: Origin) -> None:
        if self.spool.put(reading, origin):
            self.kept()

    def _drop(self, why: str) -> None:
        try:
            self.spool.count(why)
        except NoRoom:
            self.say("The disk is full: what was left out is not counted.")


def reading_of(source: Source, measured: Measured) -> Reading:
    """The reading as it travels, with both clocks."""
    return Reading(
        id=uuid4(),
        kind=source.kind.name,
        source="device",
        received_at=now(),
        measured_at=_instant(measured.measured_at),
        values=[_written(value) for value in measured.values],
        device=source.facts,
        user=measured.user,
        flags=list(measured.flags),
        waveform=_drawn(measured.waveform),
    )


def _written(value: Value) -> Written:
    original = Original(value=value.original[0], unit=value.original[1]) if value.original else None
    return Written(
        code=value.code,
        unit=value.unit,
        value=value.value or None,
        absent=value.absent or None,  # type: ignore[arg-type]  # decoders use the same five words
        original=original,
    )


def _drawn(wave: Waveform | None) -> Drawn | None:
    leads = [list(lead) for lead in wave.leads] if wave else []
    return Drawn(hertz=wave.hertz, factor=wave.factor, unit=wave.unit, leads=leads) if wave else None


def _instant(measured_at: datetime | None) -> datetime | None:
    """A clock without a zone shows the time of the place where we stand."""
    return measured_at.astimezone(UTC) if measured_at else None


def _not_the_patients(device: Device, measured: Measured) -> str:
    """A cuff with several users: a reading is the patient's only where it says so."""
    if "unknown-user" in measured.flags and device.user is not None:
        return "of a user whom the device does not know"
    if measured.user is None or measured.user == device.user:
        return ""
    return "of another user" if device.user is not None else "of a user, and nobody said which is the patient"


def _session(source: Source, measured: Measured) -> bytes:
    """What tells a frame from the same one of another session; such a frame has no date of its own."""
    return str(measured.measured_at).encode() if source.kind.begin else b""


def _origin(source: Source, measured: Measured, mark: bytes) -> Origin:
    """A frame with the device's own time is one measurement, however often the device sends it."""
    timed = measured.measured_at is not None
    return Origin(
        device=source.device.address,
        digest=hashlib.sha256(mark).digest()[:16] if timed else None,
        record=measured.sequence if source.stores else None,
    )


def by_service(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """Kinds by the number of their service."""
    return {kind.service: kind for kind in kinds.values()}

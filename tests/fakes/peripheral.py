"""A device in the hand: a cuff, a meter, a strap. It speaks the frames of its service, byte by byte."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition

ABOUT = {"2A29": b"Example Instruments", "2A24": b"EX-1", "2A25": b"0001742\0", "2A23": bytes(range(8))}
CONTROL = "2A52"
MORNING = datetime(2026, 3, 1, 8)  # noqa: DTZ001 - a device knows no zone


@dataclass
class Peripheral:
    """Its services with the way each characteristic is used. `records` is what it has stored, by number."""

    address: str
    name: str
    services: dict[str, dict[str, str]]
    read: dict[str, bytes] = field(default_factory=lambda: {**ABOUT, "2A19": bytes([81])})
    records: dict[int, bytes] = field(default_factory=dict)
    is_near: bool = True
    is_connected: bool = False
    listening: set[str] = field(default_factory=set)
    asked: list[bytes] = field(default_factory=list)  # what was written to its control point
    tell: Callable[[str, bytes], None] = lambda _number, _frame: None
    go: Callable[[], None] = lambda: None
    come: Callable[[], None] = lambda: None
    heard: Condition = field(default_factory=Condition)

    def measure(self, characteristic: str, *frames: bytes) -> None:
        """Say so to whoever listens; wait for somebody to."""
        with self.heard:
            assert self.heard.wait_for(lambda: characteristic in self.listening, 30)
        for frame in frames:
            self.tell(characteristic, frame)

    def listened(self, characteristic: str) -> None:
        """Somebody listens now."""
        with self.heard:
            self.listening.add(characteristic)
            self.heard.notify_all()

    def written(self, characteristic: str, request: bytes) -> list[tuple[str, bytes]]:
        """A meter's answer at its record access control point (GLS 1.0, 3.4): all, or from a number on."""
        assert characteristic == CONTROL
        self.asked.append(request)
        since = struct.unpack("<H", request[3:5])[0] if request[1] == 0x03 else 0
        found = [frame for number, frame in sorted(self.records.items()) if number >= since]
        return [("2A18", frame) for frame in found] + [(CONTROL, bytes([6, 0, 1, 1 if found else 6]))]


def _with_facts(number: str, characteristics: dict[str, str]) -> dict[str, dict[str, str]]:
    return {number: characteristics, "180A": dict.fromkeys(ABOUT, "read"), "180F": {"2A19": "read"}}


def cuff(address: str = "00:00:5E:00:53:10") -> Peripheral:
    """A blood pressure monitor for the upper arm."""
    return Peripheral(address=address, name="EX Cuff", services=_with_facts("1810", {"2A35": "indicate"}))


def strap(address: str = "00:00:5E:00:53:20") -> Peripheral:
    """A heart rate strap."""
    return Peripheral(address=address, name="EX Strap", services=_with_facts("180D", {"2A37": "notify"}))


def meter(address: str = "00:00:5E:00:53:30", *, records: int = 0) -> Peripheral:
    """A glucose meter with a memory."""
    ways = {"2A18": "notify", "2A34": "notify", CONTROL: "control"}
    made = Peripheral(address=address, name="EX Meter", services=_with_facts("1808", ways))
    made.records = {number: glucose(number) for number in range(records)}
    return made


def glucose(number: int, *, day: int = 1) -> bytes:
    """A record of so many mg/dL: number, time, concentration, type, place (no status)."""
    at = datetime(2026, 3, day, number // 60 % 24, number % 60)  # noqa: DTZ001 - a meter knows no zone
    when = struct.pack("<HBBBBB", at.year, at.month, at.day, at.hour, at.minute, number // 1440 % 60)
    concentration = (0xB << 12) | (80 + number % 200)  # 10^-5 kg/L: one mg/dL
    return struct.pack("<BH", 0x02, number) + when + struct.pack("<HB", concentration, 0x11)


def pressure(
    systolic: int, diastolic: int, *, minute: int = 0, user: int | None = None, at: datetime = MORNING
) -> bytes:
    """MmHg with a time, and whose it is."""
    at += timedelta(minutes=minute)
    flags = 0x02 | (0x08 if user is not None else 0)
    frame = struct.pack("<BHHH", flags, systolic, diastolic, (systolic + 2 * diastolic) // 3)
    frame += struct.pack("<HBBBBB", at.year, at.month, at.day, at.hour, at.minute, at.second)
    return frame + (bytes([user]) if user is not None else b"")


def pulse(rate: int) -> bytes:
    """Beats in a minute."""
    return bytes([0x00, rate])

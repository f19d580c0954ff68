"""What a glucose sensor says before it is listened to, and what follows from it for its records.

Feature 0x2AA8, session start time 0x2AAA, session run time 0x2AAB. A record knows only its minute.
"""

from dataclasses import replace
from datetime import UTC, datetime

from teleward.devices.kinds.continuous_glucose.decoding import MEASUREMENT, records
from teleward.devices.kinds.continuous_glucose.summing import checked
from teleward.devices.kinds.frame import Frame, later, short
from teleward.devices.kinds.kind import Measured, Unreadable

FEATURE, START, RUN_TIME = "2AA8", "2AAA", "2AAB"
BEFORE = (FEATURE, START, RUN_TIME)
SUMMED = 1 << 12
NO_SUM = b"\xff\xff"
CONTROL_SOLUTION, ITS_PLACE = 10, 4
QUARTER = 15  # minutes
ZONES = range(-48, 57)  # quarters of an hour; -128 is none
SUMMER = {0: 0, 2: 30, 4: 60, 8: 120}  # minutes; 255 is not known
HOUR = 60


class Session:
    """Decodes what comes over one connection, in the order in which it comes. Raises `Unreadable`."""

    def __init__(self) -> None:
        self._is_summed: bool | None = None
        self._is_of_a_person = True
        self._start: datetime | None = None
        self._minutes: int | None = None
        self._newest = 0

    def decode(self, characteristic: str, octets: bytes) -> Measured:
        """The records of a frame; no value for what is said beforehand, of the start its moment."""
        ways = {MEASUREMENT: self._records, FEATURE: self._feature, START: self._begun, RUN_TIME: self._lasts}
        read = ways.get(short(characteristic))
        if read is None:
            raise Unreadable("unknown-characteristic")
        return read(octets)

    def _records(self, octets: bytes) -> Measured:
        found = records(octets, is_summed=self._is_summed)
        if not self._is_of_a_person:
            raise Unreadable("not-of-a-person")
        first, *others = map(self._dated, found)
        return replace(first, more=tuple(others))

    def _dated(self, record: Measured) -> Measured:
        """By the session's start. A minute before the last one is of another session."""
        minute = record.sequence or 0
        if minute < self._newest:
            self._start = None
        self._newest = minute
        over = self._minutes is not None and minute > self._minutes
        known = (("start-unknown", self._start is None), ("session-over", over))
        flags = (*record.flags, *(word for word, holds in known if holds))
        return replace(record, measured_at=later(self._start, minute), flags=flags)

    def _feature(self, octets: bytes) -> Measured:
        self._is_summed, self._is_of_a_person = None, True
        frame = Frame(octets)
        bits, about, noted = frame.whole(3), frame.whole(1), frame.take(2)
        if frame.left:
            raise Unreadable("wrong-size")
        if noted != NO_SUM or bits & SUMMED:
            checked(octets)
        self._is_summed = bool(bits & SUMMED)
        self._is_of_a_person = about & 15 != CONTROL_SOLUTION and about >> 4 != ITS_PLACE
        return Measured(values=())

    def _begun(self, octets: bytes) -> Measured:
        self._start, self._newest = None, 0
        frame = self._whole(octets, 9)
        moment, zone, summer = frame.date(), frame.whole(1, signed=True), SUMMER.get(frame.whole(1))
        if zone in ZONES and summer is not None:
            moment = later(moment, -QUARTER * zone - summer)
            moment = moment and moment.replace(tzinfo=UTC)
        self._start = moment
        return Measured(values=(), measured_at=moment)

    def _lasts(self, octets: bytes) -> Measured:
        self._minutes = None
        self._minutes = HOUR * self._whole(octets, 2).whole(2)
        return Measured(values=())

    def _whole(self, octets: bytes, size: int) -> Frame:
        """The fields alone; their checksum has to be there if the sensor says so, and to hold."""
        frame = Frame(octets)
        frame.take(size)
        if frame.left not in {0, 2} or self._is_summed not in {None, frame.left == 2}:
            raise Unreadable("wrong-size")
        if frame.left:
            checked(octets)
        return Frame(octets[:size])


def decode(characteristic: str, octets: bytes) -> Measured:
    """One frame of a sensor of which nothing else is known."""
    return Session().decode(characteristic, octets)

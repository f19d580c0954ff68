"""What a device sends is what is read: measurements made up by chance, sent as frames, read again."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rooms.devices.kinds.sending import (
    Number,
    checksum,
    date,
    dates,
    is_in_scale,
    long_float,
    long_numbers,
    numbers,
    octets,
    optional,
    sfloat,
    text,
)

from teleward.devices.kinds import KINDS, Measured, Unreadable
from teleward.devices.kinds.continuous_glucose.summing import checksum as summed
from teleward.devices.kinds.ecg.decoding import MEASUREMENT as SAMPLES
from teleward.devices.kinds.ecg.decoding import RATES

some = settings(max_examples=60)
MG_OF_KILOGRAM, MG_OF_MOLE = Decimal(100_000), Decimal("18015.6")  # in a decilitre, of one in a litre


def told(measured: Measured) -> list[str]:
    return [each.original[0] if each.original else each.value for each in measured.values]


@some
@given(st.integers(0, 255), st.tuples(numbers, numbers, numbers, numbers), dates, octets, st.integers(0, 63))
def test_blood_pressure(
    flags: int, parts: tuple[Number, ...], moment: datetime | None, who: int, status: int
) -> None:
    frame = bytes((flags,)) + b"".join(map(sfloat, parts[:3])) + optional(flags, 1, date(moment))
    frame += optional(flags, 2, sfloat(parts[3])) + optional(flags, 3, bytes((who,)))
    frame += optional(flags, 4, struct.pack("<H", status))
    measured = KINDS["blood-pressure"].decode("2A35", frame)
    assert told(measured) == [text(part) for part in parts[: 4 if flags & 4 else 3]]
    assert measured.measured_at == (moment if flags & 2 else None)
    assert measured.user == (who if flags & 8 else None)
    assert ("irregular-pulse" in measured.flags) == bool(flags & 16 and status & 4)


@some
@given(st.integers(0, 2), numbers)
def test_kilopascal_are_rounded_once_and_by_less_than_half(which: int, number: Number) -> None:
    parts = [(100, 0), (100, 0), (100, 0)]
    parts[which] = number
    value = KINDS["blood-pressure"].decode("2A35", b"\x01" + b"".join(map(sfloat, parts))).values[which].value
    pascal = Decimal(number[0]).scaleb(number[1]) * 1000
    assert abs(Decimal(value) * Decimal("133.322387415") - pascal) <= Decimal("66.6611937075")


@some
@given(st.integers(0, 31), numbers, numbers, numbers, dates, st.integers(0, 31))
def test_oximeter_once(
    flags: int, oxygen: Number, pulse: Number, strength: Number, moment: datetime | None, sensor: int
) -> None:
    frame = bytes((flags,)) + sfloat(oxygen) + sfloat(pulse) + optional(flags, 0, date(moment))
    frame += optional(flags, 1, b"\x20\x00") + optional(flags, 2, struct.pack("<HB", sensor << 1, 0))
    measured = KINDS["pulse-oximeter"].decode("2A5E", frame + optional(flags, 3, sfloat(strength)))
    assert told(measured) == [text(each) for each in (oxygen, pulse, strength)[: 3 if flags & 8 else 2]]
    assert measured.measured_at == (moment if flags & 1 and not flags & 16 else None)
    assert ("low-perfusion" in measured.flags) == bool(flags & 4 and sensor & 16)
    assert ("measuring" in measured.flags) == bool(flags & 2)


@some
@given(st.integers(0, 31), numbers, numbers, numbers)
def test_oximeter_all_the_time(flags: int, oxygen: Number, pulse: Number, strength: Number) -> None:
    frame = bytes((flags,)) + sfloat(oxygen) + sfloat(pulse) + optional(flags, 0, bytes(4))
    frame += optional(flags, 1, bytes(4)) + optional(flags, 2, bytes(2)) + optional(flags, 3, bytes(3))
    measured = KINDS["pulse-oximeter"].decode("2A5F", frame + optional(flags, 4, sfloat(strength)))
    assert told(measured) == [text(each) for each in (oxygen, pulse, strength)[: 3 if flags & 16 else 2]]


@some
@given(st.integers(0, 31), st.integers(0, 255), st.lists(st.integers(0, 65535), min_size=1, max_size=9))
def test_heart_rate(flags: int, rate: int, beats: list[int]) -> None:
    frame = bytes((flags, rate)) + optional(flags, 0, b"\1") + optional(flags, 3, b"\xff\xff")
    frame += optional(flags, 4, b"".join(struct.pack("<H", beat) for beat in beats))
    measured = KINDS["heart-rate"].decode("2A37", frame)
    every = told(measured) + [said for each in measured.more for said in told(each)]
    assert every == [str(rate + 256 * (flags & 1)), *(map(str, beats) if flags & 16 else ())]


@some
@given(st.integers(0, 7), long_numbers, dates, st.integers(1, 9))
def test_thermometer(flags: int, number: Number, moment: datetime | None, site: int) -> None:
    frame = bytes((flags,)) + long_float(number) + optional(flags, 1, date(moment))
    measured = KINDS["thermometer"].decode("2A1C", frame + optional(flags, 2, bytes((site,))))
    assert told(measured) == [text(number)]
    assert measured.measured_at == (moment if flags & 2 else None)
    assert len(measured.flags) == (1 if flags & 4 else 0)


@some
@given(st.integers(-8388605, 8388605), st.integers(-128, 127))
def test_a_temperature_is_read_up_to_twelve_digits_and_refused_beyond(mantissa: int, exponent: int) -> None:
    frame = b"\0" + long_float((mantissa, exponent))
    if is_in_scale((mantissa, exponent)):
        (value,) = KINDS["thermometer"].decode("2A1C", frame).values
        assert Decimal(value.value) == Decimal(mantissa).scaleb(exponent)
    else:
        with pytest.raises(Unreadable, match=r"^out-of-scale$"):
            KINDS["thermometer"].decode("2A1C", frame)


@some
@given(st.integers(0, 15), st.integers(0, 65534), dates, octets, st.integers(0, 65535))
def test_scale(flags: int, raw: int, moment: datetime | None, who: int, height: int) -> None:
    frame = struct.pack("<BH", flags, raw) + optional(flags, 1, date(moment))
    frame += optional(flags, 2, bytes((who,))) + optional(flags, 3, struct.pack("<HH", 245, height))
    measured = KINDS["weight"].decode("2A9D", frame)
    steps = Decimal(raw) * (Decimal("0.01") if flags & 1 else Decimal("0.005"))
    tall = Decimal(height) / (10 if flags & 1 else 1000)
    assert [Decimal(each) for each in told(measured)] == [
        steps,
        *((Decimal("24.5"), tall) if flags & 8 else ()),
    ]
    assert (measured.measured_at, measured.user) == (
        moment if flags & 2 else None,
        who if flags & 4 else None,
    )


@some
@given(st.integers(0, 31), st.integers(0, 65535), dates, st.integers(-32768, 32767), numbers)
def test_glucose(flags: int, sequence: int, moment: datetime | None, minutes: int, number: Number) -> None:
    assume(moment is None or 1600 < moment.year < 9900)
    assume(not flags & 2 or is_in_scale(number, MG_OF_MOLE if flags & 4 else MG_OF_KILOGRAM))
    frame = (
        struct.pack("<BH", flags, sequence) + date(moment) + optional(flags, 0, struct.pack("<h", minutes))
    )
    frame += optional(flags, 1, sfloat(number) + b"\x11") + optional(flags, 3, b"\x01\x00")
    measured = KINDS["glucose"].decode("2A18", frame)
    assert told(measured) == ([text(number)] if flags & 2 else [])
    assert measured.sequence == sequence
    shift = timedelta(minutes=minutes if flags & 1 else 0)
    assert measured.measured_at == (moment and moment + shift)
    assert ("battery-low" in measured.flags, "context-follows" in measured.flags) == (
        bool(flags & 8),
        bool(flags & 16),
    )


@some
@given(st.sampled_from([(2, MG_OF_KILOGRAM), (6, MG_OF_MOLE)]), st.integers(-2045, 2045), st.integers(3, 7))
def test_glucose_is_read_up_to_twelve_digits_and_refused_beyond(
    unit: tuple[int, Decimal], mantissa: int, exponent: int
) -> None:
    frame = bytes((unit[0], 0, 0)) + bytes(7) + sfloat((mantissa, exponent)) + b"\x11"
    if is_in_scale((mantissa, exponent), unit[1]):
        (value,) = KINDS["glucose"].decode("2A18", frame).values
        assert abs(Decimal(value.value) - Decimal(mantissa).scaleb(exponent) * unit[1]) <= Decimal("0.5")
    else:
        with pytest.raises(Unreadable, match=r"^out-of-scale$"):
            KINDS["glucose"].decode("2A18", frame)


@some
@given(
    st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 3), numbers, octets, st.booleans()),
        min_size=1,
        max_size=5,
    )
)
def test_glucose_sensor(records: list[tuple[int, int, Number, int, bool]]) -> None:
    frame = b""
    for octet, extra, number, minute, summed_up in records:
        body = sfloat(number) + struct.pack("<H", minute)
        body += bytes(octet.bit_count()) + bytes(2 * extra.bit_count())
        record = bytes((len(body) + 2 + 2 * summed_up, octet << 5 | extra)) + body
        frame += record + (checksum(record) if summed_up else b"")
    measured = KINDS["continuous-glucose"].decode("2AA7", frame)
    every = (measured, *measured.more)
    besides = [["0"] * extra.bit_count() for _o, extra, _n, _m, _c in records]
    assert [told(each)[1:] for each in every] == besides
    assert [told(each)[0] for each in every] == [text(number) for _o, _e, number, _m, _c in records]
    assert [each.sequence for each in every] == [minute for _o, _e, _n, minute, _c in records]


@some
@given(
    st.datetimes(datetime(1583, 1, 1), datetime(9990, 1, 1)),  # noqa: DTZ001 - with its zone beside it
    st.integers(-48, 56),
    st.sampled_from([(0, 0), (2, 30), (4, 60), (8, 120)]),
    st.integers(0, 65535),
    st.booleans(),
)
def test_a_record_is_of_its_minute_after_the_start(
    local: datetime, quarters: int, summer: tuple[int, int], minute: int, summed_up: bool
) -> None:
    local = local.replace(microsecond=0)
    start = date(local) + struct.pack("<bB", quarters, summer[0])
    decode = KINDS["continuous-glucose"].decoder()
    decode("2AAA", start + (checksum(start) if summed_up else b""))
    zone = timezone(timedelta(minutes=15 * quarters + summer[1]))
    record = b"\x06\x00\x0c\x10" + struct.pack("<H", minute)
    assert decode("2AA7", record).measured_at == local.replace(tzinfo=zone) + timedelta(minutes=minute)


@some
@given(st.integers(0, 127), st.integers(1, 2**32 - 1), st.integers(1, 2**32 - 1), octets)
def test_enhanced_blood_pressure(flags: int, measured_at: int, shown_at: int, who: int) -> None:
    frame = bytes((flags,)) + sfloat((120, 0)) * 3 + optional(flags, 1, struct.pack("<I", measured_at))
    frame += optional(flags, 2, sfloat((60, 0))) + optional(flags, 3, bytes((who,)))
    frame += optional(flags, 4, b"\x04\x00") + optional(flags, 5, struct.pack("<I", shown_at))
    measured = KINDS["blood-pressure"].decode("2B34", frame)
    since = datetime(2000 if flags & 64 else 1900, 1, 1)  # noqa: DTZ001 - of a display
    utc = (since + timedelta(seconds=measured_at)).replace(tzinfo=UTC) if flags & 2 else None
    shown = since + timedelta(seconds=shown_at) if flags & 32 else None
    assert measured.measured_at == (utc or shown)
    assert measured.user == (who if flags & 8 else None)
    assert ("irregular-pulse" in measured.flags) == bool(flags & 16)


@given(st.binary(max_size=40))
def test_the_checksum_is_the_one_that_is_written_down(record: bytes) -> None:
    assert summed(record).to_bytes(2, "little") == checksum(record)


def test_the_checksum_is_that_of_others() -> None:
    assert summed(b"123456789") == 0x6F91  # CRC-16/MCRF4XX in the catalogue of parametrised CRC algorithms
    assert summed(bytes.fromhex("58251F98")) == 0x07F1  # Microchip AN752, as in Nordic's CRC16Test
    assert summed(bytes.fromhex("3E010203040506070809")) == 0x2F01  # CGMS 1.0.1, 3.11


@some
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(sorted(RATES)),
    st.integers(1, 3),
    st.integers(1, 82),
    st.data(),
)
def test_ecg(sequence: int, hertz: int, many: int, samples: int, data: st.DataObject) -> None:
    lead = st.lists(st.integers(-32768, 32767), min_size=samples, max_size=samples)
    leads = data.draw(st.lists(lead, min_size=many, max_size=many))
    header = struct.pack("<IdBBH", sequence, 1795341600123.0, many, samples, hertz)
    measured = KINDS["ecg"].decode(
        SAMPLES, header + b"".join(struct.pack(f"<{samples}h", *one) for one in leads)
    )
    assert measured.waveform is not None
    assert (measured.sequence, measured.waveform.hertz) == (sequence, hertz)
    assert [list(one) for one in measured.waveform.leads] == leads

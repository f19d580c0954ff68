"""Devices of a household beside cuff and strap, and the frames they speak: each as its service has it."""

import struct
from collections.abc import Sequence
from datetime import timedelta
from math import exp

from fakes.peripherals import Peripheral, Radio
from playwright.sync_api import Page

from teleward.kernel.clock import now

CONTROL = "2A52"  # where a meter's memory is asked for
LAST = bytes([1, 6])
ECG, SAMPLES = "74656c65-7761-7264-8001-000000000000", "74656c65-7761-7264-8001-000000000001"
FEVER = bytes.fromhex("05EC0300FF06")  # 100.4 °F in the mouth
HEAVY = bytes.fromhex("0D974001F500B102")  # 165.35 lb of user 1, 24.5 kg/m2, 68.9 in
FINGER = bytes.fromhex("0061004000")  # 97 %, 64 a minute, once
RUNNING = bytes.fromhex("0060004200")  # 96 %, 66 a minute, all the time
BEAT_BY_BEAT = bytes.fromhex("105000038003")  # 80 a minute, 750 and 875 ms
SENSOR = bytes.fromhex("060070000500" + "060078000A00")  # 112 mg/dL in the fifth minute, 120 in the tenth
FILLING = bytes.fromhex("005A00FF07FF07")  # the cuff at 90


def thermometer(radio: Radio) -> Peripheral:
    return radio.peripheral("Norda Temp", "1809").add_service("1809", {"2A1C": None})


def scale(radio: Radio) -> Peripheral:
    return radio.peripheral("Norda Scale", "181D").add_service("181D", {"2A9D": None})


def oximeter(radio: Radio) -> Peripheral:
    return radio.peripheral("Norda Finger", "1822").add_service("1822", {"2A5E": None, "2A5F": None})


def sensor(radio: Radio) -> Peripheral:
    return radio.peripheral("Norda Sensor", "181F").add_service("181F", {"2AA7": None})


def heart_monitor(radio: Radio) -> Peripheral:
    return radio.peripheral("Norda Three", ECG).add_service(ECG, {SAMPLES: None})


class Meter:
    """A glucose meter with a memory; what it is asked for, it hands out."""

    def __init__(self, radio: Radio) -> None:
        self.peripheral = radio.peripheral("Norda Sugar", "1808")
        self.peripheral.add_service("1808", {"2A18": None, "2A34": None, CONTROL: None})

    def hands_out(self, page: Page, *records: tuple[str, bytes]) -> None:
        """These, and then that this was all; who asked for more than the newest gets nothing."""
        assert self.peripheral.written == [(CONTROL, LAST)]
        for number, frame in records:
            self.peripheral.notify(page, number, frame)
        self.peripheral.notify(page, CONTROL, bytes([6, 0, 1, 1]))


def sugar(
    number: int, *, milligrams: int = 0, tenths_of_mmol: int = 0, ago: timedelta, more: bool = False
) -> tuple[str, bytes]:
    """From a fingertip, so long ago by the meter's own clock; `more` is said about it in another frame."""
    at = now().astimezone() - ago
    when = struct.pack("<HBBBBB", at.year, at.month, at.day, at.hour, at.minute, at.second)
    flags = 0x02 | (0x04 if tenths_of_mmol else 0) | (0x10 if more else 0)
    concentration = (0xC << 12) | tenths_of_mmol if tenths_of_mmol else (0xB << 12) | milligrams
    return "2A18", struct.pack("<BH", flags, number) + when + struct.pack("<HB", concentration, 0x11)


def after_a_meal(number: int) -> tuple[str, bytes]:
    return "2A34", struct.pack("<BHB", 0x02, number, 2)


def heartbeats(seconds: int) -> tuple[list[bytes], list[list[int]]]:
    """Three leads of 250 Hz in frames of a tenth of a second; and the samples of each lead."""
    leads = [[_microvolts(place, lead) for place in range(250 * seconds)] for lead in range(3)]
    began = now().timestamp() * 1000
    return [_frame(leads, number, began) for number in range(10 * seconds)], leads


def _microvolts(place: int, lead: int) -> int:
    at = (place / 250) % 0.85
    return round(900 * (lead + 1) / 3 * exp(-((at - 0.4) ** 2) / 0.0004)) - lead * 7 + place % 5


def _frame(leads: Sequence[Sequence[int]], number: int, began: float) -> bytes:
    mine = [sample for lead in leads for sample in lead[25 * number : 25 * number + 25]]
    return struct.pack("<IdBBH75h", number, began + 100 * number, 3, 25, 250, *mine)
